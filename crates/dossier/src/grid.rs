//! The individual evaluation grid, filled with the findings; the judgement is left to the jury.

mod csv;
mod ods;
#[cfg(test)]
mod tests;

use askama::Template;
use filrouge_compare::{CriterionResult, Strength, Submission};

pub use self::csv::csv;
pub use self::ods::ods;
use crate::referential::{Bloc, Competency, Criterion, Referential};
use crate::report::{EvidenceLink, NO_MARK, Reference, ReportInput, criterion, visible};

/// The evidence of one criterion that a grid shows.
// A printed sheet is narrow: the page of a comparison shows twice as many, its JSON all of them.
const SHOWN: usize = 3;

/// One table: a line a criterion, and for each submission the findings, their places, their strength,
/// and two empty columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// A cell of the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Text(String),
    Places(Vec<EvidenceLink>),
    /// For the jury's pen.
    Blank,
}

impl Grid {
    /// Fills the grid of these submissions.
    pub fn new(input: ReportInput<'_>, referential: &Referential) -> Self {
        let rows = referential.blocs.iter().flat_map(|bloc| {
            let competencies = referential.competencies_of_bloc(bloc.id);
            competencies.flat_map(move |competency| {
                competency
                    .criteria
                    .iter()
                    .map(move |one| (bloc, competency, one))
            })
        });

        Self {
            header: header(input),
            rows: rows.map(|line| row(input, line)).collect(),
        }
    }

    /// The grid as one self-contained accessible page.
    ///
    /// # Errors
    /// When the template cannot be rendered.
    pub fn html(&self, referential: &Referential) -> Result<String, askama::Error> {
        GridPage {
            grid: self,
            no_mark: NO_MARK,
            certification: &referential.certification,
        }
        .render()
    }
}

#[derive(Template)]
#[template(path = "grid.html")]
struct GridPage<'all> {
    grid: &'all Grid,
    no_mark: &'static str,
    certification: &'all str,
}

fn header(input: ReportInput<'_>) -> Vec<String> {
    let mut header: Vec<String> = ["Bloc", "Épreuve", "Compétence", "Critère"]
        .map(str::to_owned)
        .into();

    for (index, heading) in input.headings().into_iter().enumerate() {
        for title in ["Trouvé", "Où", "Force"] {
            header.push(format!("{title} ({heading})"));
        }
        // Nobody judges the reference, which comes first.
        if index > 0 || input.reference.is_none() {
            header.push(format!("Jugement du jury ({heading})"));
            header.push(format!("Remarques ({heading})"));
        }
    }

    header
}

fn row(
    input: ReportInput<'_>,
    (bloc, competency, wanted): (&Bloc, &Competency, &Criterion),
) -> Vec<Cell> {
    let mut row = vec![
        Cell::Text(format!("Bloc {}", bloc.id)),
        Cell::Text(competency.epreuve.clone()),
        Cell::Text(format!("{} {}", competency.id, competency.fr)),
        Cell::Text(format!("{} {}", wanted.id, wanted.fr)),
    ];

    if let Some(reference) = input.reference {
        row.extend(played(reference, &wanted.id));
    }
    for submission in input.submissions {
        row.extend(found(submission, criterion(submission, &wanted.id)));
        row.extend([Cell::Blank, Cell::Blank]);
    }

    row
}

fn found(submission: &Submission, result: Option<&CriterionResult>) -> [Cell; 3] {
    let shown = || {
        result
            .iter()
            .flat_map(|result| &result.evidence)
            .take(SHOWN)
    };

    let what: Vec<String> = shown().map(|one| visible(&one.what)).collect();
    let places = shown()
        .map(|one| EvidenceLink::new(submission, &one.path, one.line))
        .collect();
    let strength = result.map_or(Strength::Absent, |result| result.strength);

    [
        Cell::Text(what.join("\n")),
        Cell::Places(places),
        Cell::Text(strength.french().to_owned()),
    ]
}

/// The state of a criterion of the project, as its last `verify` left it.
fn played(reference: &Reference, id: &str) -> [Cell; 3] {
    [
        Cell::Text(visible(&reference.note)),
        Cell::Places(Vec::new()),
        Cell::Text(reference.state(id).french().to_owned()),
    ]
}

impl Cell {
    /// The cell as text, one line a piece of evidence.
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Places(places) => {
                let names: Vec<_> = places.iter().map(|place| place.text.as_str()).collect();
                names.join("\n")
            }
            Self::Blank => String::new(),
        }
    }
}
