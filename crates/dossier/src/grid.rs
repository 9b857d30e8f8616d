//! The individual evaluation grid: the official form of one candidate, épreuve by épreuve in the
//! order of the oral. What was found stands beside each criterion; the judgement is left to the
//! jury.

mod csv;
mod ods;
mod sheet;
#[cfg(test)]
mod tests;

use askama::Template;
use filrouge_compare::{Strength, Submission};

pub use self::csv::csv;
pub use self::ods::ods;
use crate::referential::{Competency, Criterion, Epreuve, Referential};
use crate::report::{EvidenceLink, NO_MARK, criterion, visible};

/// The evidence of one criterion that a grid shows.
// A printed sheet is narrow: the page of a comparison shows twice as many, its JSON all of them.
const SHOWN: usize = 3;
/// Jurors of a jury, at the least: two professionals.
const JURORS: usize = 2;

/// The head of a form; its empty fields are left to the jury's pen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The candidate.
    pub candidate: String,
    /// The session, such as « juin 2026 ».
    pub session: String,
    /// The jurors, by name.
    pub jurors: Vec<String>,
}

/// The form of one candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    certification: String,
    /// Label and value, such as « Candidat ».
    fields: Vec<(String, String)>,
    epreuves: Vec<EpreuvePart>,
    /// One a bloc: each is acquired on its own.
    decisions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct EpreuvePart {
    id: String,
    title: String,
    competencies: Vec<CompetencyPart>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct CompetencyPart {
    title: String,
    criteria: Vec<CriterionPart>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct CriterionPart {
    id: String,
    title: String,
    found: Vec<(EvidenceLink, String)>,
    strength: &'static str,
}

impl Grid {
    /// The form of the candidate who handed in this submission.
    pub fn new(head: &Head, submission: &Submission, referential: &Referential) -> Self {
        let decisions = referential.blocs.iter();

        Self {
            certification: format!("{} {}", referential.certification, referential.title),
            fields: fields(head, submission),
            epreuves: referential
                .oral()
                .map(|epreuve| epreuve_part(submission, epreuve, referential))
                .collect(),
            decisions: decisions
                .map(|bloc| format!("Bloc {} : {}", bloc.id, bloc.fr))
                .collect(),
        }
    }

    /// The candidate, or the repository where no name is given.
    fn name(&self) -> &str {
        let mut known = self.fields.iter().map(|(_, value)| value.as_str());
        let candidate = known.next().filter(|name| !name.is_empty());
        candidate.or(known.next_back()).unwrap_or_default()
    }
}

fn fields(head: &Head, submission: &Submission) -> Vec<(String, String)> {
    let jurors = (0..head.jurors.len().max(JURORS)).map(|rank| {
        let name = head.jurors.get(rank).cloned().unwrap_or_default();
        (format!("Juré {}", rank + 1), name)
    });
    let commit = submission.commit.as_deref();
    let commit = commit.map_or_else(String::new, |commit| {
        format!(", commit {}", visible(commit))
    });

    let before = [
        ("Candidat".to_owned(), head.candidate.clone()),
        ("Session".to_owned(), head.session.clone()),
        ("Date".to_owned(), String::new()),
    ];
    let read = (
        "Dépôt lu".to_owned(),
        format!("{}{commit}", visible(&submission.name)),
    );
    before.into_iter().chain(jurors).chain([read]).collect()
}

fn epreuve_part(
    submission: &Submission,
    epreuve: &Epreuve,
    referential: &Referential,
) -> EpreuvePart {
    let Epreuve {
        id,
        kind,
        bloc,
        oral_minutes,
        ..
    } = epreuve;

    EpreuvePart {
        id: id.clone(),
        title: format!("{id} : {kind}, bloc {bloc}, {oral_minutes} minutes"),
        competencies: referential
            .competencies_of(epreuve)
            .map(|competency| competency_part(submission, competency))
            .collect(),
    }
}

fn competency_part(submission: &Submission, competency: &Competency) -> CompetencyPart {
    CompetencyPart {
        title: format!("{} {}", competency.id, competency.fr),
        criteria: competency
            .criteria
            .iter()
            .map(|criterion| criterion_part(submission, criterion))
            .collect(),
    }
}

fn criterion_part(submission: &Submission, wanted: &Criterion) -> CriterionPart {
    let result = criterion(submission, &wanted.id);
    let shown = result.iter().flat_map(|result| &result.evidence);

    CriterionPart {
        id: wanted.id.clone(),
        title: wanted.fr.clone(),
        found: shown
            .take(SHOWN)
            .map(|one| {
                let place = EvidenceLink::new(submission, &one.path, one.line);
                (place, visible(&one.what))
            })
            .collect(),
        strength: result
            .map_or(Strength::Absent, |result| result.strength)
            .french(),
    }
}

/// The forms as one self-contained accessible page, to be filled on screen or on paper.
///
/// # Errors
/// When the template cannot be rendered.
pub fn html(grids: &[Grid], referential: &Referential) -> Result<String, askama::Error> {
    GridPage {
        grids,
        no_mark: NO_MARK,
        certification: &referential.certification,
    }
    .render()
}

#[derive(Template)]
#[template(path = "grid.html")]
struct GridPage<'all> {
    grids: &'all [Grid],
    no_mark: &'static str,
    certification: &'all str,
}
