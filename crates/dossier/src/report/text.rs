//! The comparison in the terminal: one compact table a submission, in French.

use std::fmt::Write;

use filrouge_compare::{Comparison, Strength, Submission, SubmissionKind};

use crate::referential::Referential;

/// The table of every submission, with the questions to ask, the files not read and the limits.
pub fn text(comparison: &Comparison, referential: &Referential) -> String {
    let mut text = String::new();
    for submission in &comparison.submissions {
        describe(&mut text, submission, referential);
    }
    text.push_str(
        "Aucune note : la machine dit ce qu'elle trouve et où ; juger revient au jury, qui entend aussi l'oral.\n",
    );
    text
}

fn describe(text: &mut String, submission: &Submission, referential: &Referential) {
    let Submission { name, read, .. } = submission;
    let commit = submission
        .commit
        .as_deref()
        .map(|commit| format!(" au commit {commit:.12}"))
        .unwrap_or_default();

    let _ = writeln!(
        text,
        "{name}{commit} : {} fichiers lus, {} Kio",
        read.files,
        read.bytes / 1024
    );

    match submission.kind {
        SubmissionKind::Empty => text.push_str("  Dossier vide : rien à lire.\n"),
        SubmissionKind::NotASubmission => text
            .push_str("  Ce n'est pas une soumission : rien ici ne touche à la certification.\n"),
        SubmissionKind::Submission => table(text, submission, referential),
    }

    for finding in &submission.red_flags {
        let _ = writeln!(
            text,
            "  ? {}:{} {}",
            finding.path, finding.line, finding.question
        );
    }

    for skipped in &submission.skipped {
        let _ = writeln!(text, "  non lu : {} ({})", skipped.path, skipped.reason);
    }

    // Told each time: a report that looks complete is believed to be.
    for limit in &submission.cannot_see {
        let _ = writeln!(text, "  hors de vue : {limit}");
    }
    text.push('\n');
}

fn table(text: &mut String, submission: &Submission, referential: &Referential) {
    for (result, competency) in submission
        .competencies
        .iter()
        .zip(&referential.competencies)
    {
        let found = result
            .criteria
            .iter()
            .filter(|criterion| criterion.strength > Strength::Mentioned)
            .count();

        // The place that a juror opens first.
        let best = result
            .criteria
            .iter()
            .find(|criterion| criterion.strength == result.strength)
            .and_then(|one| one.evidence.first());

        let place = best.map(|one| match one.line {
            Some(line) => format!("{}:{line}", one.path),
            None => one.path.clone(),
        });

        let _ = writeln!(
            text,
            "  {:<4}{:<10}{found:>2}/{:<2}  {:<44.44}  {}",
            result.id,
            result.strength.french(),
            result.criteria.len(),
            competency.fr,
            place.unwrap_or_default(),
        );
    }
}
