use std::process::Command;

use chrono::DateTime;
use filrouge_prerequisites as prerequisites;

use super::plan::{DEMONSTRATIONS, action, seen};
use super::*;
use crate::bounded::Bounds;
use crate::execution::Execution;
use crate::index::Index;
use crate::referential::Referential;
use crate::sandbox::Confinement;
use crate::verify::{Report, Stage};
use filrouge_compare::proof::{Proof, Subject};

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
        (action(root.path(), &proof), seen(&proof))
    };
    let (command, seen) = said(
        "crates/api/src/auth.rs",
        Subject::Test("refused".to_owned()),
    );

    assert_eq!(command, "cargo test -p city-api refused");
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

    let index = Index {
        proofs,
        ..Index::default()
    };
    let text = Plan::new(tree().path(), &index, &referential, None).text();

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

    assert!(text.contains(", C4.10, C5.1, C5.2, C5.3, C5.5\n"), "{text}");
    assert!(
        text.ends_with("Critères qui ne sont pas prêts : 141 sur 142\n"),
        "{text}"
    );
}

#[test]
fn an_epreuve_alone_counts_its_own_criteria_and_announces_no_questions() {
    let referential = Referential::load().unwrap();
    let (root, index) = (tree(), Index::default());

    for (epreuve, minutes, criteria) in [("E1", " 0 à 15 min", 28), ("E5", "70 à 80 min", 12)] {
        let mut plan = Plan::new(root.path(), &index, &referential, None);
        plan.keep(epreuve).unwrap();
        let text = plan.text();

        assert!(text.contains(minutes), "{text}");
        assert!(!text.contains("Questions du jury"), "{text}");
        let count = format!("Critères qui ne sont pas prêts : {criteria} sur {criteria}\n");
        assert!(text.ends_with(&count), "{text}");
    }
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

/// One proof of each criterion of E1, a command that ends at once.
fn proofs_of_e1(referential: &Referential) -> Index {
    let criteria = referential.criteria().take(28);
    let proofs = criteria.map(|criterion| Proof {
        criterion: criterion.id.clone(),
        ..proof("a.yml", Subject::Command("true".to_owned()))
    });
    Index {
        proofs: proofs.collect(),
        ..Index::default()
    }
}

/// A verification in which each proof of E1 took so many seconds.
fn measured(referential: &Referential, seconds: f64) -> Report {
    let criteria = referential.criteria().take(28).map(|criterion| {
        serde_json::json!({
            "id": criterion.id, "title": "", "check": "machine", "state": "holds",
            "proofs": [{
                "claim": "accès refusé", "principal": true, "file": "a.yml", "line": 3,
                "how": "", "state": "holds", "reason": null, "seconds": seconds,
            }],
        })
    });
    serde_json::from_value(serde_json::json!({
        "format": 1, "scope": "E1", "commit": "0123abc", "modified": false, "remote": null,
        "at": DateTime::from_timestamp(0, 0), "criteria": criteria.collect::<Vec<_>>(),
    }))
    .unwrap()
}

#[test]
fn an_epreuve_shows_what_fits_in_its_minutes_with_the_measured_durations() {
    let referential = Referential::load().unwrap();
    let index = proofs_of_e1(&referential);
    let shown = |seconds: f64| {
        let last = measured(&referential, seconds);
        let plan = Plan::new(tree().path(), &index, &referential, Some(&last));
        let steps = plan.steps().map(|step| step.criterion.id.clone());
        (steps.collect::<Vec<_>>(), plan.parts[0].others.len())
    };

    // Fifteen minutes, one to tell each proof.
    let (steps, others) = shown(0.0);
    assert_eq!((steps.len(), others), (15, 13));
    // Two minutes of run each: every competency still shows one.
    let (steps, others) = shown(120.0);
    assert_eq!(steps, ["C1.1", "C2.1", "C3.1", "C4.1", "C5.1"]);
    assert_eq!(others, 23);
    // Nothing that is longer than the épreuve.
    assert_eq!(shown(901.0).0.len(), 0);
}

#[test]
fn a_played_oral_runs_each_step_and_says_what_failed_and_what_is_missing() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let mut git = Command::new("git");
    git.args(["init", "-q"]).current_dir(&root);
    assert!(git.status().unwrap().success());

    let referential = Referential::load().unwrap();
    let commands = [
        ("C1.4", "echo fait"),
        ("C2.1", "exit 3"),
        (
            "C3.1",
            "echo 'not played: npx; apt-get install npm' >&2; exit 77",
        ),
    ];
    let proofs = commands.map(|(criterion, line)| Proof {
        criterion: criterion.to_owned(),
        ..proof("a.yml", Subject::Command(line.to_owned()))
    });
    let index = Index {
        proofs: proofs.to_vec(),
        ..Index::default()
    };

    let plan = Plan::new(root.path(), &index, &referential, None);
    let execution = Execution {
        bounds: Bounds::default(),
        confinement: Confinement::Trusted,
    };
    let stage = Stage::build(root.path(), &[], execution, &|_| ()).unwrap();
    let mut output = Vec::new();
    let end = play(&plan, &stage, &mut output, None::<&[u8]>).unwrap();

    let expected = End {
        failed: 1,
        missing: vec!["npx; apt-get install npm".to_owned()],
        late: 0,
    };
    assert_eq!(end, expected);

    let text = String::from_utf8(output).unwrap();
    for line in [
        "\nE1 (mise en situation 1), 15 minutes : ",
        "    C1.4 accès refusé\n      echo fait\n      à voir : la commande se termine sans erreur\n      → tient",
        "→ ne tient pas",
        " : code de sortie 3\n",
        "→ non joué",
        " : npx; apt-get install npm\n",
        "Démonstration exigée : ouvrir la page d'accueil au clavier seul\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
