//! The form as the lines of a spreadsheet: the same labels, criteria and boxes as on the page.

use super::{CriterionPart, Grid};

/// Columns of a criterion; the other lines are filled up to as many.
const HEADER: [&str; 7] = [
    "Critère",
    "Acquis",
    "Non acquis",
    "Commentaire",
    "Trouvé",
    "Où",
    "Force",
];

/// A line: its cells, and true when it is a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) cells: Vec<String>,
    pub(super) is_heading: bool,
}

/// The lines of one form.
pub(super) fn lines(grid: &Grid) -> Vec<Line> {
    let mut lines = vec![heading(&[
        "Grille individuelle d'évaluation",
        &grid.certification,
    ])];
    lines.extend(
        grid.fields
            .iter()
            .map(|(label, value)| line(&[label, value])),
    );

    for epreuve in &grid.epreuves {
        lines.extend([line(&[]), heading(&[&epreuve.title]), heading(&HEADER)]);
        for competency in &epreuve.competencies {
            lines.push(heading(&[&competency.title]));
            lines.extend(competency.criteria.iter().map(criterion));
        }
        lines.push(line(&[&format!("Commentaire sur {}", epreuve.id)]));
    }

    lines.extend(decisions(grid));
    lines
}

fn decisions(grid: &Grid) -> Vec<Line> {
    let mut lines = vec![
        line(&[]),
        heading(&["Décision par bloc", "Acquis", "Non acquis", "Commentaire"]),
    ];
    lines.extend(grid.decisions.iter().map(|bloc| line(&[bloc])));

    lines.extend([
        heading(&[
            "Décision du jury",
            "Admis",
            "Admission partielle",
            "Non admis",
        ]),
        line(&["Certification"]),
        line(&["Commentaire du jury"]),
        line(&["Signatures"]),
    ]);
    lines
}

fn criterion(part: &CriterionPart) -> Line {
    let column = |text: &dyn Fn(usize) -> String| {
        let lines: Vec<String> = (0..part.found.len()).map(text).collect();
        lines.join("\n")
    };
    let what = column(&|rank| part.found[rank].1.clone());
    let places = column(&|rank| part.found[rank].0.text.clone());

    let name = format!("{} {}", part.id, part.title);
    line(&[&name, "", "", "", &what, &places, part.strength])
}

fn heading(cells: &[&str]) -> Line {
    Line {
        is_heading: true,
        ..line(cells)
    }
}

fn line(cells: &[&str]) -> Line {
    let mut cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
    cells.resize(HEADER.len(), String::new());
    Line {
        cells,
        is_heading: false,
    }
}
