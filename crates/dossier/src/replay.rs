//! The jury's 90 minutes, in order: what to show, with which command, what should be seen, and what
//! is not ready.

use std::fmt::Write;
use std::path::Path;

use crate::index::Index;
use crate::package;
use crate::referential::{Criterion, Epreuve, Referential};
use filrouge_compare::proof::{Proof, Subject};

/// What is shown live, by épreuve: the command, and what should be seen.
const DEMONSTRATIONS: [(&str, &str, &str); 2] = [
    (
        "E3",
        "cargo run -- up, puis ouvrir /docs de l'API du modèle et la page d'une station",
        "l'API répond avec un jeton et refuse sans, la page montre la prévision ; la chaîne du modèle se déroule",
    ),
    (
        "E4",
        "cargo run -- up, puis ouvrir la page d'accueil au clavier seul",
        "chercher une station, lire sa prévision en graphique, en texte et en tableau",
    ),
];

/// The run of the oral in French text, for the proofs of the tree at `root`.
pub fn render(root: &Path, index: &Index, referential: &Referential) -> String {
    let mut text = String::new();
    let mut start = 0;
    let mut not_ready = 0;

    for epreuve in referential.oral() {
        let end = start + epreuve.oral_minutes;
        let _ = writeln!(
            text,
            "{start:>2} à {end:>2} min  {} ({}) : {}",
            epreuve.id, epreuve.kind, epreuve.presents
        );

        demonstration(&mut text, epreuve);
        not_ready += steps(&mut text, root, index, referential, epreuve);
        start = end;
    }

    let _ = writeln!(
        text,
        "{start} à {} min  Questions du jury",
        start + referential.questions_minutes
    );
    let _ = writeln!(
        text,
        "\nCritères qui ne sont pas prêts : {not_ready} sur {}",
        referential.criteria().count()
    );

    text
}

fn demonstration(text: &mut String, epreuve: &Epreuve) {
    if !epreuve.demonstration {
        return;
    }
    text.push_str("  Démonstration exigée.\n");
    for (_, command, seen) in DEMONSTRATIONS.iter().filter(|(id, ..)| *id == epreuve.id) {
        let _ = writeln!(text, "    {command}\n      à voir : {seen}");
    }
}

/// Writes the steps of an épreuve and counts its criteria that are not ready.
fn steps(
    text: &mut String,
    root: &Path,
    index: &Index,
    referential: &Referential,
    epreuve: &Epreuve,
) -> usize {
    let mut not_ready = 0;

    for competency in referential.competencies_of(epreuve) {
        let _ = writeln!(text, "\n  {} {}", competency.id, competency.fr);
        let (missing, shown): (Vec<&Criterion>, Vec<&Criterion>) = competency
            .criteria
            .iter()
            .partition(|criterion| index.of(criterion).next().is_none());
        for proof in shown
            .into_iter()
            .filter_map(|criterion| index.of(criterion).next())
        {
            let (command, seen) = (command(root, proof), seen(proof));
            let _ = writeln!(
                text,
                "    {} {}\n      {command}\n      à voir : {seen}",
                proof.criterion, proof.claim
            );
        }
        if !missing.is_empty() {
            let ids: Vec<&str> = missing
                .iter()
                .map(|criterion| criterion.id.as_str())
                .collect();
            let _ = writeln!(
                text,
                "    Pas prêt (aucune preuve déclarée) : {}",
                ids.join(", ")
            );
        }
        not_ready += missing.len();
    }

    text.push('\n');
    not_ready
}

/// The command that runs a proof, or the place to open.
fn command(root: &Path, proof: &Proof) -> String {
    match (&proof.subject, package::of(root, &proof.file)) {
        (Subject::Test(name), Some(_)) if proof.file.ends_with(".rs") => {
            // A choice of packages would choose other features, and build the heavy dependencies
            // again.
            format!("cargo test {name}")
        }
        (Subject::Command(line), _) => line.clone(),
        (Subject::Anchor(place), _) => format!("ouvrir {place}"),
        _ => format!("ouvrir {}:{}", proof.file, proof.line),
    }
}

/// What the jury should see then.
fn seen(proof: &Proof) -> String {
    match &proof.subject {
        Subject::Test(name) if proof.file.ends_with(".rs") => {
            format!("« test …{name} ... ok », et « 0 failed »")
        }
        Subject::Test(name) | Subject::Item(name) => name.clone(),
        Subject::Command(_) => "la commande se termine sans erreur".to_owned(),
        Subject::Anchor(_) => "la section dit ce qui est annoncé".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(file: &str, subject: Subject) -> Proof {
        let (criterion, claim) = ("C5.4".to_owned(), "accès refusé".to_owned());
        Proof {
            criterion,
            claim,
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
}
