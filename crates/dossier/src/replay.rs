//! The jury's 90 minutes, in order: the proofs to show, their commands, the sight to expect, and the
//! criteria that are not ready.

use std::fmt::Write;
use std::path::Path;

use crate::index::Index;
use crate::package;
use crate::referential::{Criterion, Epreuve, Referential};
use filrouge_compare::proof::{Proof, Subject};

/// Live demonstrations, by épreuve: the command, and the sight to expect.
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

        // One proof a criterion: the oral has half a minute for each.
        let first = |criterion| index.of(criterion).next();
        for proof in shown.into_iter().filter_map(first) {
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
            // Without the name of a package: the sentence is short enough to be typed on a stage.
            format!("cargo test {name}")
        }
        (Subject::Command(line), _) => line.clone(),
        (Subject::Anchor(place), _) => format!("ouvrir {place}"),
        _ => format!("ouvrir {}:{}", proof.file, proof.line),
    }
}

/// The sight that the jury should have then.
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
mod tests;
