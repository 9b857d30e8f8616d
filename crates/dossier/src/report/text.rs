//! The comparison in the terminal: one compact table a submission, in French.

use std::fmt::Write;

use filrouge_compare::{
    Comparison, CompetencyResult, Finding, Strength, Submission, SubmissionKind,
};

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
        // Enough digits to find one commit, few enough for a line.
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
        SubmissionKind::NotASubmission => text.push_str(
            "  Pas reconnu comme une soumission : trop peu de ce qui est lu répond à un critère.\n",
        ),
        SubmissionKind::Unread => text.push_str(
            "  Rien à en dire : l'essentiel n'est pas lu, et ce qui n'est pas lu n'est pas absent.\n",
        ),
        SubmissionKind::Submission => table(text, submission, referential),
    }

    remarks(text, submission);
    text.push('\n');
}

fn remarks(text: &mut String, submission: &Submission) {
    for finding in &submission.red_flags {
        let Finding {
            path,
            line,
            question,
            ..
        } = finding;
        let _ = writeln!(text, "  ? {path}:{line} {question}");
    }

    for skipped in &submission.skipped {
        let _ = writeln!(text, "  non lu : {} ({})", skipped.path, skipped.reason);
    }

    // Told each time: a report that looks complete is believed to be.
    for limit in &submission.cannot_see {
        let _ = writeln!(text, "  hors de vue : {limit}");
    }
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

        let _ = writeln!(
            text,
            "  {:<4}{:<10}{found:>2}/{:<2}  {:<44.44}  {}",
            result.id,
            result.strength.french(),
            result.criteria.len(),
            competency.fr,
            first_place(result).unwrap_or_default(),
        );
    }
}

/// The place that a juror opens first.
fn first_place(result: &CompetencyResult) -> Option<String> {
    let best = result
        .criteria
        .iter()
        .find(|criterion| criterion.strength == result.strength)?;

    let evidence = best.evidence.first()?;
    Some(match evidence.line {
        Some(line) => format!("{}:{line}", evidence.path),
        None => evidence.path.clone(),
    })
}
