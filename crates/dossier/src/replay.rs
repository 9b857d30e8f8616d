//! The jury's 90 minutes, in order: what to show, with which command, and what is not ready.

use std::fmt::Write;

use crate::index::Index;
use crate::proof::{Proof, Subject};
use crate::referential::{Criterion, Epreuve, Referential};

/// The run of the oral in French text, for the proofs of a tree.
pub fn render(index: &Index, referential: &Referential) -> String {
    let mut text = String::new();
    let mut start = 0;
    for epreuve in referential.oral() {
        let end = start + epreuve.oral_minutes;
        let _ = writeln!(text, "{start:>2} à {end:>2} min  {} ({}) : {}", epreuve.id, epreuve.kind, epreuve.presents);
        if epreuve.demonstration {
            text.push_str("  Démonstration exigée.\n");
        }
        steps(&mut text, index, referential, epreuve);
        start = end;
    }
    let _ = writeln!(text, "{start} à {} min  Questions du jury", start + referential.questions_minutes);
    text
}

fn steps(text: &mut String, index: &Index, referential: &Referential, epreuve: &Epreuve) {
    for competency in referential.competencies_of(epreuve) {
        let _ = writeln!(text, "\n  {} {}", competency.id, competency.fr);
        let (missing, shown): (Vec<&Criterion>, Vec<&Criterion>) =
            competency.criteria.iter().partition(|criterion| index.of(criterion).next().is_none());
        for proof in shown.into_iter().filter_map(|criterion| index.of(criterion).next()) {
            let _ = writeln!(text, "    {} {}\n      {}", proof.criterion, proof.claim, command(proof));
        }
        if !missing.is_empty() {
            let ids: Vec<&str> = missing.iter().map(|criterion| criterion.id.as_str()).collect();
            let _ = writeln!(text, "    Pas prêt (aucune preuve déclarée) : {}", ids.join(", "));
        }
    }
    text.push('\n');
}

/// The command that runs a test, or the place to open.
fn command(proof: &Proof) -> String {
    let package = proof.file.strip_prefix("crates/").and_then(|path| path.split('/').next());
    match (&proof.subject, package) {
        (Subject::Test(name), Some(package)) if proof.file.ends_with(".rs") => {
            format!("cargo test -p filrouge-{package} {name}")
        }
        (Subject::Command(line), _) => line.clone(),
        (Subject::Anchor(place), _) => format!("ouvrir {place}"),
        _ => format!("ouvrir {}:{}", proof.file, proof.line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(file: &str, subject: Subject) -> Proof {
        let (criterion, claim) = ("C5.4".to_owned(), "accès refusé".to_owned());
        Proof { criterion, claim, file: file.to_owned(), line: 7, subject }
    }

    #[test]
    fn a_test_is_shown_by_its_command_and_anything_else_by_its_place() {
        let test = proof("crates/data-api/src/auth.rs", Subject::Test("refused".to_owned()));
        assert_eq!(command(&test), "cargo test -p filrouge-data-api refused");
        let section = proof("docs/rgpd.md", Subject::Item("Registre".to_owned()));
        assert_eq!(command(&section), "ouvrir docs/rgpd.md:7");
    }

    #[test]
    fn the_oral_goes_from_e1_to_e5_in_ninety_minutes_and_says_what_is_not_ready() {
        let referential = Referential::load().unwrap();
        let proofs = vec![proof("crates/data-api/src/auth.rs", Subject::Test("refused".to_owned()))];
        let text = render(&Index { proofs, mistakes: Vec::new() }, &referential);
        let starts: Vec<&str> = text.lines().filter(|line| line.contains(" min  ")).map(|line| &line[..11]).collect();
        assert_eq!(
            starts,
            [" 0 à 15 min", "15 à 35 min", "35 à 55 min", "55 à 70 min", "70 à 80 min", "80 à 90 min"]
                .map(|s| &s[..11])
        );
        assert!(text.contains("Pas prêt (aucune preuve déclarée) : C5.1, C5.2, C5.3, C5.5\n"), "{text}");
    }
}
