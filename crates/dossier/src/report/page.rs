//! The HTML report of a comparison: one self-contained page, without a script.

use askama::Template;
use filrouge_compare::{Evidence, Strength, Submission, SubmissionKind};

use super::reference::CriterionState;
use super::{EvidenceLink, NO_MARK, Reference, ReportInput, criterion, reference_heading, visible};
use crate::referential::{Competency, Criterion, Referential};

/// The evidence of one criterion that a page shows; the JSON holds all of it.
const SHOWN: usize = 6;

/// The page of these submissions, in French.
///
/// # Errors
/// When the template cannot be rendered.
pub fn html(input: ReportInput<'_>, referential: &Referential) -> Result<String, askama::Error> {
    let blocs = referential.blocs.iter().map(|bloc| BlocPart {
        title: format!("Bloc {} : {}", bloc.id, bloc.fr),
        competencies: referential
            .competencies_of_bloc(bloc.id)
            .map(|one| competency_part(input, one))
            .collect(),
    });

    ComparisonPage {
        headings: input.headings(),
        blocs: blocs.collect(),
        reference: input.reference.map(reference_side),
        sides: input.submissions.iter().map(side).collect(),
        strengths: Strength::ALL
            .into_iter()
            .rev()
            .map(|strength| (Word::of(strength), meaning(strength)))
            .collect(),
        states: CriterionState::ALL.map(|state| (Word::of_state(state), state.meaning())),
        no_mark: NO_MARK,
        certification: &referential.certification,
    }
    .render()
}

#[derive(Template)]
#[template(path = "comparison.html")]
struct ComparisonPage<'all> {
    headings: Vec<String>,
    blocs: Vec<BlocPart<'all>>,
    /// Heading and note of the reference.
    reference: Option<(String, String)>,
    sides: Vec<Side>,
    strengths: Vec<(Word, &'static str)>,
    states: [(Word, &'static str); 5],
    no_mark: &'static str,
    certification: &'all str,
}

struct BlocPart<'all> {
    title: String,
    competencies: Vec<CompetencyPart<'all>>,
}

struct CompetencyPart<'all> {
    id: &'all str,
    title: &'all str,
    /// One a column.
    words: Vec<Word>,
    criteria: Vec<CriterionPart<'all>>,
}

struct CriterionPart<'all> {
    id: &'all str,
    title: &'all str,
    /// One a column.
    cells: Vec<Cell>,
}

struct Cell {
    word: Word,
    lines: Vec<EvidenceLine>,
    more: usize,
}

struct EvidenceLine {
    word: Word,
    place: EvidenceLink,
    what: String,
}

/// Findings on one submission alone.
struct Side {
    heading: String,
    summary: String,
    questions: Vec<(EvidenceLink, String)>,
    skipped: Vec<(String, String)>,
    cannot_see: Vec<String>,
}

/// A strength as the page writes it: the word says it all, the class only draws it.
#[derive(Clone, Copy)]
struct Word {
    text: &'static str,
    class: &'static str,
}

impl Word {
    fn of(strength: Strength) -> Self {
        let class = match strength {
            Strength::Absent => "s0",
            Strength::Mentioned => "s1",
            Strength::Described => "s2",
            Strength::Implemented => "s3",
            Strength::Exercised => "s4",
        };
        Self {
            text: strength.french(),
            class,
        }
    }

    fn of_state(state: CriterionState) -> Self {
        let class = match state {
            CriterionState::DoesNotHold | CriterionState::NotDeclared => "s0",
            CriterionState::NotPlayed => "s1",
            CriterionState::ToJudge => "s2",
            CriterionState::Holds => "s4",
        };
        Self {
            text: state.french(),
            class,
        }
    }
}

fn meaning(strength: Strength) -> &'static str {
    match strength {
        Strength::Absent => "rien n'a été trouvé.",
        Strength::Mentioned => "un mot est là ; ce n'est jamais une preuve.",
        Strength::Described => "un document dit comment, avec des précisions.",
        Strength::Implemented => "du code ou de la configuration le fait.",
        Strength::Exercised => {
            "un test l'appelle vraiment et vérifie, ou un travail de la chaîne l'exécute vraiment."
        }
    }
}

fn competency_part<'all>(
    input: ReportInput<'_>,
    competency: &'all Competency,
) -> CompetencyPart<'all> {
    let found = input.submissions.iter().map(|one| {
        one.competencies
            .iter()
            .find(|result| result.id == competency.id)
    });
    let words = found.map(|one| Word::of(one.map_or(Strength::Absent, |one| one.strength)));
    let of_reference = |reference: &Reference| {
        let ids = competency.criteria.iter().map(|one| one.id.as_str());
        Word::of_state(reference.state_of_all(ids))
    };

    CompetencyPart {
        id: &competency.id,
        title: &competency.fr,
        words: input
            .reference
            .map(of_reference)
            .into_iter()
            .chain(words)
            .collect(),
        criteria: competency
            .criteria
            .iter()
            .map(|criterion| criterion_part(input, criterion))
            .collect(),
    }
}

fn criterion_part<'all>(input: ReportInput<'_>, wanted: &'all Criterion) -> CriterionPart<'all> {
    CriterionPart {
        id: &wanted.id,
        title: &wanted.fr,
        cells: input
            .reference
            .map(|reference| reference_cell(reference, &wanted.id))
            .into_iter()
            .chain(input.submissions.iter().map(|one| cell(one, &wanted.id)))
            .collect(),
    }
}

/// The state of a criterion: its proofs are read where they are, on the page of proofs.
fn reference_cell(reference: &Reference, id: &str) -> Cell {
    Cell {
        word: Word::of_state(reference.state(id)),
        lines: Vec::new(),
        more: 0,
    }
}

fn cell(submission: &Submission, id: &str) -> Cell {
    let Some(result) = criterion(submission, id) else {
        return Cell {
            word: Word::of(Strength::Absent),
            lines: Vec::new(),
            more: 0,
        };
    };

    Cell {
        word: Word::of(result.strength),
        lines: result
            .evidence
            .iter()
            .take(SHOWN)
            .map(|one| evidence_line(submission, one))
            .collect(),
        more: result.evidence.len().saturating_sub(SHOWN),
    }
}

fn evidence_line(submission: &Submission, evidence: &Evidence) -> EvidenceLine {
    EvidenceLine {
        word: Word::of(evidence.strength),
        place: EvidenceLink::new(submission, &evidence.path, evidence.line),
        what: visible(&evidence.what),
    }
}

fn reference_side(reference: &Reference) -> (String, String) {
    (reference_heading(reference), visible(&reference.note))
}

fn side(submission: &Submission) -> Side {
    let skipped = submission.skipped.iter();
    let cannot_see = submission.cannot_see.iter();

    Side {
        heading: visible(&submission.name),
        summary: summary(submission),
        questions: questions(submission).collect(),
        skipped: skipped
            .map(|one| (visible(&one.path), visible(&one.reason)))
            .collect(),
        cannot_see: cannot_see.map(|limit| visible(limit)).collect(),
    }
}

fn questions(submission: &Submission) -> impl Iterator<Item = (EvidenceLink, String)> {
    submission.red_flags.iter().map(|one| {
        let place = EvidenceLink::new(submission, &one.path, Some(one.line));
        (place, visible(&one.question))
    })
}

fn summary(submission: &Submission) -> String {
    let kind = match submission.kind {
        SubmissionKind::Submission => "",
        SubmissionKind::NotASubmission => {
            " Pas reconnu comme une soumission : trop peu de ce qui est lu répond à un critère."
        }
        SubmissionKind::Unread => {
            " Rien à en dire : l'essentiel n'est pas lu, et ce qui n'est pas lu n'est pas absent."
        }
        SubmissionKind::Empty => " Le dossier est vide.",
    };

    let commit = submission
        .commit
        .as_deref()
        .map(|commit| format!(", commit {}", visible(commit)))
        .unwrap_or_default();
    let read = &submission.read;

    format!(
        "{}{commit} : {} fichiers lus, {} Kio.{kind}",
        visible(&submission.path),
        read.files,
        read.bytes / 1024
    )
}
