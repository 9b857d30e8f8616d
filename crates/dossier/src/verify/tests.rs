use std::path::PathBuf;

use super::*;

fn referential() -> Referential {
    Referential::load().unwrap()
}

#[test]
fn a_scope_is_a_competency_an_epreuve_or_a_bloc() {
    let parse = |text: &str| Scope::parse(text, &referential()).map_err(|error| error.to_string());
    assert_eq!(parse("C5"), Ok(Scope::Competency("C5".to_owned())));
    assert_eq!(parse("E3"), Ok(Scope::Epreuve("E3".to_owned())));
    assert_eq!(parse("bloc-1"), Ok(Scope::Bloc(1)));
    assert!(parse("bloc-4").is_err() && parse("C22").is_err());
}

#[test]
fn a_test_is_called_by_its_exact_name_in_the_modules_of_its_file() {
    let names = [
        "auth::tests::refused",
        "limits::tests::refused",
        "auth::tests::refused_twice",
    ];
    let modules = |path: &str| vec![path.to_owned()];

    assert_eq!(
        binaries::exact(&names, "refused", &modules("auth")),
        ["auth::tests::refused"]
    );

    // A module declared under another path is still found by name.
    assert_eq!(
        binaries::exact(&names, "refused", &modules("moved")),
        ["auth::tests::refused", "limits::tests::refused"]
    );
    assert_eq!(
        binaries::exact(&names, "absent", &modules("auth")),
        Vec::<&str>::new()
    );
}

#[test]
fn a_test_holds_when_it_ran_and_passed() {
    let output = "test a::refused ... ok\ntest a::broken ... FAILED\ntest a::late ... ignored, slow\ntest a::p - should panic ... ok\n";
    let fault = |name: &str, end| binaries::fault(output, name, end);
    assert_eq!(fault("a::refused", None), None);
    assert_eq!(fault("a::p", None), None);
    assert_eq!(fault("a::broken", None).unwrap(), "le test échoue");
    assert_eq!(fault("a::late", None).unwrap(), "le test est ignoré");
    assert_eq!(
        fault("a::absent", Some("arrêté après 3 s")).unwrap(),
        "arrêté après 3 s"
    );

    assert_eq!(
        fault("refused", None).unwrap(),
        "le test n'a pas donné de résultat"
    );
}

#[test]
fn what_only_a_person_can_judge_is_never_ticked() {
    let held = Verdict {
        fault: None,
        seconds: 1.0,
    };
    let referential = referential();

    let criterion = |id: &str| {
        referential
            .criteria()
            .find(|criterion| criterion.id == id)
            .unwrap()
    };

    // A machine checks the whole of C5.4, helps with C5.5, and leaves C6.5 to a person; C1.6 asks
    // for Git only.
    let [whole, assisted, human, git] = ["C5.4", "C5.5", "C6.5", "C1.6"].map(criterion);
    let (test, section) = (
        Subject::Test("t".to_owned()),
        Subject::Item("Registre".to_owned()),
    );

    assert_eq!(state(whole, &test, Some(&held)), State::Held);
    assert_eq!(state(whole, &section, Some(&held)), State::HeldToJudge);
    assert_eq!(state(git, &section, Some(&held)), State::Held);
    assert_eq!(state(assisted, &test, Some(&held)), State::HeldToJudge);
    assert_eq!(state(human, &test, Some(&held)), State::ToJudge);
    assert_eq!(state(whole, &section, None), State::ToJudge);

    let failed = Verdict {
        fault: Some("le test échoue".to_owned()),
        seconds: 1.0,
    };
    assert_eq!(state(human, &test, Some(&failed)), State::Failed);
}

fn report() -> Report {
    let outcome = |state, fault: Option<&str>| ProofOutcome {
        criterion: "C5.4".to_owned(),
        claim: "<b>accès</b> refusé".to_owned(),
        file: "crates/a/src/lib.rs".to_owned(),
        line: 7,
        how: "test refused".to_owned(),
        state,
        fault: fault.map(str::to_owned),
        seconds: Some(1.25),
    };

    Report {
        schema: "filrouge-verify/1",
        scope: "C5".to_owned(),
        commit: "0123abc".to_owned(),
        started_at: DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
        outcomes: vec![
            outcome(State::Held, None),
            outcome(State::ToJudge, None),
            outcome(State::Failed, Some("le test échoue")),
        ],
        without_proof: vec![("C5.5".to_owned(), "L'API rend tout".to_owned())],
    }
}

#[test]
fn a_report_says_what_held_when_and_on_which_commit() {
    let text = report().text();

    assert!(
        text.starts_with("Vérification de C5, commit 0123abc, 2023-11-14 22:13:20 UTC\n"),
        "{text}"
    );
    assert!(
        text.contains("ne tient pas    C5.4   <b>accès</b> refusé (crates/a/src/lib.rs:7, 1.2 s) : le test échoue\n"),
        "{text}"
    );

    assert!(
        text.contains("sans preuve     C5.5   L'API rend tout\n"),
        "{text}"
    );
    assert!(!report().held());
}

#[test]
fn a_page_and_a_junit_report_escape_what_they_quote() {
    let (page, junit) = (report().html().unwrap(), report().junit().unwrap());

    for text in [&page, &junit] {
        assert!(
            !text.contains("<b>") && text.contains("&#60;b&#62;accès"),
            "{text}"
        );
    }

    assert!(
        page.contains("<td>ne tient pas : le test échoue</td><td>1.2 s</td>"),
        "{page}"
    );
    assert!(
        junit
            .contains("tests=\"3\" failures=\"1\" skipped=\"1\" timestamp=\"2023-11-14T22:13:20\""),
        "{junit}"
    );

    assert!(
        junit.contains("<failure message=\"le test échoue\"/>"),
        "{junit}"
    );
    assert!(
        junit.contains("<skipped message=\"à juger par une personne : crates/a/src/lib.rs:7\"/>"),
        "{junit}"
    );
}

/// A repository with one small package.
fn workspace() -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n",
    );
    write(
        "crates/small/Cargo.toml",
        "[package]\nname = \"small\"\nedition = \"2024\"\n",
    );
    write(
        "crates/small/src/lib.rs",
        "#[cfg(test)]\nmod tests {\n    // Preuve: C5.4 accès refusé\n    #[test]\n    fn refused() {}\n\n    // Preuve: C5.1 \
         tout est dit\n    #[test]\n    fn told() {\n        panic!();\n    }\n\n    #[test]\n    fn refused_twice() {\n        panic!();\n    }\n}\n",
    );
    write("replay", "exit 0\n");
    write(
        "replay.yml",
        "# Preuve: C5.5 rejouée [commande : ./replay]\nreplay:\n",
    );
    let git = |arguments: &[&str]| {
        assert!(
            Command::new("git")
                .args(arguments)
                .current_dir(root.path())
                .status()
                .unwrap()
                .success()
        )
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&[
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "commit",
        "-qm",
        "t",
    ]);
    let path = root.path().to_owned();
    (root, path)
}

#[test]
fn proofs_are_run_and_only_they_are() {
    if filrouge_prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let (_kept, root) = workspace();
    let index = Index::gather(&root, &referential()).unwrap();
    assert_eq!(index.mistakes, []);

    let plan = Plan {
        scope: Scope::Competency("C5".to_owned()),
        bounds: Bounds::default(),
        started_at: DateTime::from_timestamp(0, 0).unwrap(),
    };
    let report = run(&root, &index, &referential(), &plan).unwrap();

    let said: Vec<(&str, State, Option<&str>)> = report
        .outcomes
        .iter()
        .map(|outcome| {
            (
                outcome.criterion.as_str(),
                outcome.state,
                outcome.fault.as_deref(),
            )
        })
        .collect();

    let expected = [
        ("C5.1", State::Failed, Some("le test échoue")),
        ("C5.4", State::Held, None),
        // The script is not executable.
        ("C5.5", State::Failed, Some("code de sortie 126")),
    ];

    assert_eq!(said, expected);
    assert_eq!(report.without_proof.len(), 2);

    // Cargo has written its lock file meanwhile.
    assert_eq!(unversioned(&root, "replay.yml"), None);
    assert!(unversioned(&root, "Cargo.lock").is_some());
    assert!(
        report.commit.ends_with(" (fichiers modifiés depuis)"),
        "{}",
        report.commit
    );
}
