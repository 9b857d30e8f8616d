use super::*;

fn proof(file: &str, subject: Subject) -> Proof {
    let (criterion, claim) = ("C5.4".to_owned(), "accès refusé".to_owned());
    Proof {
        criterion,
        claim,
        principal: false,
        code: None,
        file: file.to_owned(),
        line: 7,
        subject,
    }
}

/// The tree of one package whose name is not that of its folder.
fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("crates/api")).unwrap();
    std::fs::write(
        root.path().join("crates/api/Cargo.toml"),
        "[package]\nname = \"city-api\"\n",
    )
    .unwrap();
    root
}

#[test]
fn a_proof_is_shown_by_its_command_or_by_its_place_with_what_should_be_seen() {
    let root = tree();
    let said = |file: &str, subject| {
        let proof = proof(file, subject);
        (command(root.path(), &proof), seen(&proof))
    };
    let (command, seen) = said(
        "crates/api/src/auth.rs",
        Subject::Test("refused".to_owned()),
    );

    assert_eq!(command, "cargo test refused");
    assert_eq!(seen, "« test …refused ... ok », et « 0 failed »");

    let (command, seen) = said("docs/rgpd.md", Subject::Item("Registre".to_owned()));

    assert_eq!(
        (command.as_str(), seen.as_str()),
        ("ouvrir docs/rgpd.md:7", "Registre")
    );
    assert_eq!(
        said(".ci/run", Subject::Command(".ci/run".to_owned())).0,
        ".ci/run"
    );

    assert_eq!(
        said("a.rs", Subject::Anchor("docs/a.md#b".to_owned())).0,
        "ouvrir docs/a.md#b"
    );
}

#[test]
fn the_oral_goes_from_e1_to_e5_in_ninety_minutes_and_says_what_is_not_ready() {
    let referential = Referential::load().unwrap();
    let proofs = vec![proof(
        "crates/api/src/auth.rs",
        Subject::Test("refused".to_owned()),
    )];

    let text = render(
        tree().path(),
        &Index {
            proofs,
            mistakes: Vec::new(),
        },
        &referential,
    );

    let told = [
        " 0 à 15 min  E1 ",
        "15 à 35 min  E3 ",
        "35 à 55 min  E4 ",
        "55 à 70 min  E2 ",
        "70 à 80 min  E5 ",
        "80 à 90 min  Q",
    ];

    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.contains(" min  "))
        .collect();
    assert_eq!(lines.len(), told.len());

    assert!(
        lines
            .iter()
            .zip(told)
            .all(|(line, start)| line.starts_with(start)),
        "{lines:?}"
    );

    assert!(
        text.contains("Pas prêt (aucune preuve déclarée) : C5.1, C5.2, C5.3, C5.5\n"),
        "{text}"
    );
    assert!(
        text.ends_with("Critères qui ne sont pas prêts : 141 sur 142\n"),
        "{text}"
    );
}

#[test]
fn every_demonstration_that_is_required_is_told() {
    let referential = Referential::load().unwrap();
    let required: Vec<&str> = referential
        .epreuves
        .iter()
        .filter(|one| one.demonstration)
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(DEMONSTRATIONS.map(|(id, ..)| id).as_slice(), required);
}
