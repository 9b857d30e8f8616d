use super::*;
use crate::fuzz::FuzzBudget;

/// Reads one file and says, line by line, each proof and its subject.
fn check(file: &str, text: &str, expected: &[&str]) {
    let (proofs, mistakes) = read(file, text);
    let mut said: Vec<String> = Vec::new();

    for proof in proofs {
        let subject = match &proof.subject {
            Subject::Test(name) => format!("test {name}"),
            Subject::Item(name) => name.clone(),
            Subject::Command(line) => format!("command {line}"),
            Subject::Anchor(place) => format!("anchor {place}"),
        };

        said.push(format!(
            "{} {} line {}",
            proof.criterion, subject, proof.line
        ));
    }

    said.extend(mistakes.iter().map(Mistake::to_string));
    assert_eq!(said, expected);
}

#[test]
fn a_rust_test_is_bound_past_its_attributes() {
    check(
        "a.rs",
        "// Preuve: C5.4 accès refusé\n#[tokio::test]\nasync fn refused() {}\n",
        &["C5.4 test refused line 3"],
    );
}

#[test]
fn a_comment_of_the_documentation_declares_like_another() {
    check(
        "a.rs",
        "/// Preuve: C6.2 une heure\n///\n/// The hour.\npub fn weekly_hour() {}\n",
        &["C6.2 weekly_hour line 4"],
    );
    check(
        "a.py",
        "# Preuve: C13.5 tout\ndef play():\n",
        &["C13.5 def play(): line 2"],
    );
    check(
        "a.rs",
        "//! Preuve: C6.4 la page\n\nuse std::fmt;\n",
        &["a.rs:1: la preuve de C6.4 n'est suivie de rien : ni test, ni fonction, ni section"],
    );
}

#[test]
fn several_criteria_share_one_function() {
    check(
        "a.rs",
        "// Preuve: C1.4 tout\n// Preuve: C1.7 cinq sources\n/// Collects.\npub(crate) fn collect() {}\n",
        &["C1.4 collect line 4", "C1.7 collect line 4"],
    );
}

#[test]
fn every_language_has_its_comment() {
    check(
        "a.sql",
        "-- Preuve: C2.1 lignes\nSELECT 1;\n",
        &["C2.1 SELECT 1; line 2"],
    );
    check(
        "a.sql",
        "-- Preuve: C2.2 choix\n-- But : compter.\nSELECT 1;\n",
        &["C2.2 SELECT 1; line 3"],
    );

    check(
        "a.yml",
        "  # Preuve: C18.4 tests\n  test:\n",
        &["C18.4 test: line 2"],
    );
    check(
        "a.toml",
        "# Preuve: C2.1 t\n[table]\n",
        &["C2.1 [table] line 2"],
    );

    check(
        "a.css",
        "/* Preuve: C17.2 t */\nmain {\n",
        &["C17.2 main { line 2"],
    );
    check(
        "a.html",
        "{# Preuve: C17.2 t #}\n<main>\n",
        &["C17.2 <main> line 2"],
    );

    check(
        "a.md",
        "<!-- Preuve: C4.8 registre -->\n## Registre\n",
        &["C4.8 Registre line 2"],
    );
    check(
        "a.spec.ts",
        "// Preuve: C17.3 t\ntest('x', f)\n",
        &["C17.3 test test('x', f) line 2"],
    );

    check(
        "a.sh",
        "# Preuve: C4.4 t\ninstall() {\n",
        &["C4.4 install() { line 2"],
    );
}

#[test]
fn a_comment_in_a_section_is_bound_to_it() {
    check(
        "a.md",
        "# Guide\n\n<!-- Preuve: C4.8 registre -->\n\nLe texte.\n",
        &["C4.8 Guide line 1"],
    );
    check(
        "a.md",
        "# Guide\n\n<!-- Preuve: C4.8 registre -->\n\n## Registre\n",
        &["C4.8 Registre line 5"],
    );
}

#[test]
fn a_script_is_read_without_the_end_of_its_name() {
    let script =
        "#!/bin/sh\nset -e\n# Preuve: C18.3 installe [commande : .ci/install]\n.ci/install\n";
    check(".ci/run", script, &["C18.3 command .ci/install line 4"]);
    check(".ci/run", &script.replace("#!/bin/sh", "text"), &[]);
}

#[test]
fn the_header_of_a_file_is_bound_to_the_whole_file() {
    check(
        "gdpr/register.toml",
        "# Preuve: C4.8 registre\n#\n# Le registre.\n\n[a]\n",
        &["C4.8 register.toml line 1"],
    );
    check(
        "a.sql",
        "-- Les comptes.\n-- Preuve: C2.2 choix\n\n-- À part.\nDROP TABLE a;\n",
        &["C2.2 a.sql line 1"],
    );
    check(
        "a.sql",
        "SELECT 1;\n\n-- Preuve: C2.2 choix\n\nSELECT 2;\n",
        &["C2.2 SELECT 2; line 5"],
    );
}

#[test]
fn a_proof_may_name_a_command_or_an_anchor() {
    check(
        "a.yml",
        "# Preuve: C18.4 la chaîne rejouée [commande : .ci/run --fast]\ntest:\n",
        &["C18.4 command .ci/run --fast line 2"],
    );
    check(
        "a.rs",
        "// Preuve: C4.8 le registre [voir : docs/rgpd.md#registre]\nfn f() {}\n",
        &["C4.8 anchor docs/rgpd.md#registre line 2"],
    );

    // French typography puts a no-break space before a colon.
    for name in ["voir\u{a0}:", "voir\u{202f}:", "voir:"] {
        check(
            "a.rs",
            &format!("// Preuve: C4.8 le registre [{name} docs/rgpd.md#registre]\nfn f() {{}}\n"),
            &["C4.8 anchor docs/rgpd.md#registre line 2"],
        );
    }

    check(
        "a.rs",
        "// Preuve: C4.8 tout [sauf le reste]\nfn f() {}\n",
        &["C4.8 f line 2"],
    );
}

#[test]
fn a_principal_proof_names_the_code_that_does_the_thing() {
    let read_one = |comment: &str| {
        let (mut proofs, _) = read("a.rs", &format!("// {comment}\nfn f() {{}}\n"));
        let proof = proofs.remove(0);
        let code = proof.code.map(|code| code.to_string());
        (proof.principal, proof.claim, proof.subject, code)
    };
    let function = || Subject::Item("f".to_owned());
    let place = Some("crates/http/src/token.rs#Verifier".to_owned());

    assert_eq!(
        read_one("Preuve principale: C5.4 accès refusé [code : crates/http/src/token.rs#Verifier]"),
        (true, "accès refusé".to_owned(), function(), place.clone())
    );
    assert_eq!(
        read_one("Preuve: C5.4 accès refusé [code : .ci/run]"),
        (
            false,
            "accès refusé".to_owned(),
            function(),
            Some(".ci/run".to_owned())
        )
    );

    let command = Subject::Command(".ci/run".to_owned());
    for both in [
        "[commande : .ci/run] [code : crates/http/src/token.rs#Verifier]",
        "[code : crates/http/src/token.rs#Verifier] [commande : .ci/run]",
    ] {
        assert_eq!(
            read_one(&format!("Preuve principale: C5.4 accès [refusé] {both}")),
            (
                true,
                "accès [refusé]".to_owned(),
                command.clone(),
                place.clone()
            )
        );
    }
}

#[test]
fn code_is_held_by_a_file_that_defines_its_item() {
    let rust = "/// fn told() {}\npub(crate) struct Verifier;\nimpl Verifier {\n    pub fn check() {}\n}\n// fn gone() {}\nuse a::Used;\n";
    for (place, text, expected) in [
        ("a.rs", "", true),
        ("a.rs#Verifier", rust, true),
        ("a.rs#check", rust, true),
        ("a.rs#told", rust, false),
        ("a.rs#gone", rust, false),
        ("a.rs#Used", rust, false),
        ("a.sql#subscribers", "CREATE TABLE subscribers (", true),
        ("a.sql#subscriber", "CREATE TABLE subscribers (", false),
    ] {
        assert_eq!(CodeRef::read(place).is_in(text), expected, "{place}");
    }
}

#[test]
fn a_comment_followed_by_nothing_is_a_mistake() {
    let reason = "la preuve de C5.4 n'est suivie de rien : ni test, ni fonction, ni section";
    let mistake = format!("a.rs:1: {reason}");
    check("a.rs", "// Preuve: C5.4 accès\n\nfn f() {}\n", &[&mistake]);
    check("a.rs", "// Preuve: C5.4 accès\n", &[&mistake]);
    check("a.rs", "// Preuve: C5.4 accès\nlet x = 1;\n", &[&mistake]);
}

#[test]
fn a_comment_that_says_nothing_is_a_mistake() {
    check(
        "a.rs",
        "// Preuve: C5.4\nfn f() {}\n",
        &["a.rs:1: la preuve de C5.4 ne dit pas ce qu'elle montre"],
    );
    check(
        "a.rs",
        "// Preuve principale: C5.4 [code : a.rs#f]\nfn f() {}\n",
        &["a.rs:1: la preuve de C5.4 ne dit pas ce qu'elle montre"],
    );
}

#[test]
fn text_that_only_quotes_a_proof_is_none() {
    check(
        "a.rs",
        "let text = \"// Preuve: C5.4 accès\";\nfn f() {}\n",
        &[],
    );
    check("a.md", "`// Preuve: C5.4 accès`\n", &[]);
    check("a.bin", "// Preuve: C5.4 accès\nfn f() {}\n", &[]);
}

#[test]
fn a_proof_inside_a_string_of_a_test_is_quoted_and_one_after_it_is_declared() {
    let quoted = "fn f() {\n    g(\"\\\n// Preuve: C5.4 accès\nfn h() {}\", '\"', r#\"\n// Preuve: C5.4 accès\n\"#);\n}\n";
    check("a.rs", quoted, &[]);
    let after = format!("{quoted}// Preuve: C5.4 l'accès\nfn f<'a>() {{}}\n");
    check("a.rs", &after, &["C5.4 f line 9"]);
}

#[test]
fn no_text_makes_the_reader_panic() {
    let texts = "(// Preuve: C1.1 é|// Preuve principale: C1.1 é \\[code : a#b\\]|r#\"|\"#|'|#\\[|\\PC|\n|<!--|-->|/\\*|\\*/){0,60}";
    FuzzBudget::new("proof").run(256, &texts, |text| {
        for file in ["a.rs", "a.sql", "a.md", "a.html", "a.css", "a.js", "a.yml"] {
            read(file, &text);
        }
    });
}

#[test]
fn a_file_of_proofs_without_end_is_read_to_a_bound_and_said() {
    let line = "# Preuve: C5.4 accès refusé\n";
    for end in ["", "\nservice:\n", "service:\n"] {
        let (proofs, mistakes) = read("a.yml", &(line.repeat(150_000) + end));

        assert!(proofs.len() <= 500, "{end}");
        let last = mistakes.last().unwrap();
        assert_eq!(
            (last.line, last.reason.as_str()),
            (501, "plus de 500 preuves dans un fichier"),
            "{end}"
        );
    }
}
