use super::*;

const HELPS: &str = "# Commandes

## `filrouge`

```text
Commandes :
  up    Dérouler toute la chaîne
  lake  Le lac

Options :
      --state <DOSSIER>  Dossier de l’état
```

## `filrouge up`

```text
Options :
      --sandbox  Dossier à part
```

## `filrouge lake`

```text
Commandes :
  sql  Exécuter une requête
```

## `filrouge lake sql`

```text
Options :
      --file <FICHIER>
```
";

fn cited() -> Cited {
    let mut tree = Tree::default();
    tree.add(
        "crates/http/Cargo.toml",
        "[package]\nname = \"filrouge-http\"\n",
    );
    tree.add(
        "crates/http/src/limits.rs",
        "#[test]\nfn a_body_too_large_is_refused() {}\n",
    );
    tree.add("docs/tests.md", "a_test_that_documents_alone_name");
    Cited {
        commands: Commands::of_page(HELPS),
        tree,
    }
}

/// The faults of a document in `crates/http`.
fn faults(text: &str) -> Vec<String> {
    let source = Source {
        path: "crates/http/README.md".into(),
        text: text.to_owned(),
    };
    cited().faults(&source)
}

/// Each piece of code, with the fault that its citation is, or nothing.
fn check(expected: &[(&str, &str)]) {
    for (code, fault) in expected {
        let told: Vec<_> = Some(*fault)
            .filter(|fault| !fault.is_empty())
            .map(|fault| format!("`crates/http/README.md`, line 1: {fault}"))
            .into_iter()
            .collect();
        assert_eq!(faults(&format!("`{code}`")), told, "{code}");
    }
}

#[test]
fn a_cited_test_is_in_the_tree() {
    check(&[
        ("a_body_too_large_is_refused", ""),
        (
            "a_body_too_large_is_accepted",
            "no file of the tree holds the name `a_body_too_large_is_accepted`",
        ),
        (
            "a_test_that_documents_alone_name",
            "no file of the tree holds the name `a_test_that_documents_alone_name`",
        ),
        // Names of two words may be anybody's, and these are no names.
        ("some_name", ""),
        ("SOME_LONG_NAME", ""),
        ("some_long_name()", ""),
    ]);
}

#[test]
fn a_cited_path_is_in_the_tree_from_the_top_or_from_the_document() {
    check(&[
        ("crates/http/src/limits.rs", ""),
        ("crates/http/src/limits.rs:12", ""),
        ("crates/http", ""),
        ("crates/http/src/", ""),
        ("src/limits.rs", ""),
        (
            "crates/http/src/token.rs",
            "there is no `crates/http/src/token.rs` in the tree",
        ),
        (
            "docs/absent.md#title",
            "there is no `docs/absent.md` in the tree",
        ),
        // Patterns, and paths that are not ours.
        ("crates/<crate>/src", ""),
        ("crates/*/src", ""),
        ("application/json", ""),
        ("/health/live", ""),
    ]);
}

#[test]
fn a_cited_command_is_in_the_help() {
    check(&[
        ("cargo run -- up --sandbox", ""),
        ("cargo run -- down", "`filrouge` has no command `down`"),
        ("filrouge --state var lake sql --file a.sql", ""),
        ("filrouge lake sql --file a.sql", ""),
        ("filrouge lake", ""),
        (
            "filrouge lake show",
            "`filrouge lake` has no command `show`",
        ),
        ("filrouge up --sand", "`filrouge up` has no option `--sand`"),
        ("filrouge up --help", ""),
        ("filrouge COMMANDE", ""),
        ("cargo frobnicate", "there is no command `cargo frobnicate`"),
        ("cargo fmt --all", ""),
        ("cargo …", ""),
        (
            "RUST_LOG=debug cargo run -- down",
            "`filrouge` has no command `down`",
        ),
    ]);
}

#[test]
fn a_cited_test_run_has_its_package_and_its_test() {
    check(&[
        ("cargo test", ""),
        ("cargo test -p filrouge-http", ""),
        ("cargo test -p CRATE", ""),
        (
            "cargo test -p filrouge-web",
            "there is no package `filrouge-web`",
        ),
        ("cargo test -p filrouge-http limits", ""),
        ("cargo test too_large -- --nocapture", ""),
        (
            "cargo test too_small",
            "no test has a name with `too_small`",
        ),
    ]);
}

#[test]
fn the_lines_of_a_shell_block_are_commands_and_those_of_others_are_not() {
    let block = |language: &str| {
        format!(
            "# T\n\n```{language}\n# cargo run -- below\ncargo test && cargo run -- \\\n  down  # ends\n```\n"
        )
    };
    assert_eq!(
        faults(&block("sh")),
        ["`crates/http/README.md`, line 5: `filrouge` has no command `down`"]
    );
    assert_eq!(faults(&block("text")), [""; 0]);
}
