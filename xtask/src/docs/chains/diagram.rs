//! A workflow as a drawing: each job in a box, right of those that it waits for. The text of the page
//! says the same, and the description of the drawing too.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::ci::WorkflowFile;

/// Sizes, in pixels: a cell of the grid, the box in it, the margin around all.
const CELL: (usize, usize) = (230, 56);
const BOX: (usize, usize) = (170, 36);
const MARGIN: usize = 16;

/// The place of a job on the grid: its column, its row.
type GridCell = (usize, usize);

/// The drawing, with its title and its description.
pub(super) fn svg(workflow: &WorkflowFile) -> String {
    let cells = cells(workflow);
    let columns = cells
        .values()
        .map(|(column, _)| column + 1)
        .max()
        .unwrap_or(1);
    let rows = cells.values().map(|(_, row)| row + 1).max().unwrap_or(1);
    let width = 2 * MARGIN + (columns - 1) * CELL.0 + BOX.0;
    let height = 2 * MARGIN + (rows - 1) * CELL.1 + BOX.1;

    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"title description\" font-family=\"sans-serif\" font-size=\"14\">\n\
         <title id=\"title\">Les travaux du workflow {}</title>\n\
         <desc id=\"description\">{}</desc>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        workflow.stem(),
        description(workflow)
    );
    // Arrows first, so that the boxes cover their ends.
    for (name, job) in &workflow.jobs {
        for before in job.needs.names() {
            if let (Some(from), Some(to)) = (cells.get(before), cells.get(name.as_str())) {
                text += &arrow(*from, *to);
            }
        }
    }
    for (name, cell) in &cells {
        text += &drawn(name, *cell);
    }
    text + "</svg>\n"
}

/// The cell of each job: the column is the length of the longest way to it.
fn cells(workflow: &WorkflowFile) -> BTreeMap<&str, GridCell> {
    let mut cells = BTreeMap::new();
    let mut rows = BTreeMap::new();

    for name in workflow.jobs.keys() {
        let column = depth(workflow, name, workflow.jobs.len());
        let row = rows.entry(column).or_insert(0_usize);
        cells.insert(name.as_str(), (column, *row));
        *row += 1;
    }
    cells
}

/// The number of jobs that come before, on the longest way. `most` stops a circle, which actionlint
/// refuses.
fn depth(workflow: &WorkflowFile, name: &str, most: usize) -> usize {
    let needs = workflow.jobs.get(name).map(|job| job.needs.names());
    let before = needs.into_iter().flatten().filter(|_| most > 0);

    before
        .map(|name| depth(workflow, name, most - 1) + 1)
        .max()
        .unwrap_or(0)
}

/// The order of the jobs, in words.
fn description(workflow: &WorkflowFile) -> String {
    let sentences = workflow.jobs.iter().map(|(name, job)| {
        let needs = job.needs.names();
        if needs.is_empty() {
            format!("{name} commence aussitôt")
        } else {
            format!("{name} attend {}", needs.join(", "))
        }
    });
    sentences.collect::<Vec<_>>().join(" ; ") + "."
}

fn arrow(from: GridCell, to: GridCell) -> String {
    let (from_x, from_y) = (corner(from).0 + BOX.0, corner(from).1 + BOX.1 / 2);
    let (to_x, to_y) = (corner(to).0, corner(to).1 + BOX.1 / 2);
    let tip = to_x.saturating_sub(8);

    format!(
        "<line x1=\"{from_x}\" y1=\"{from_y}\" x2=\"{tip}\" y2=\"{to_y}\" stroke=\"#1d3557\" stroke-width=\"1.5\"/>\n\
         <path d=\"M{tip} {} L{to_x} {to_y} L{tip} {} Z\" fill=\"#1d3557\"/>\n",
        to_y - 4,
        to_y + 4
    )
}

fn drawn(name: &str, cell: GridCell) -> String {
    let (x, y) = corner(cell);
    let mut text = String::new();

    // Writing to a text cannot fail.
    let _ = write!(
        text,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"#eef4fb\" stroke=\"#1d3557\"/>\n\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"#111111\">{name}</text>\n",
        BOX.0,
        BOX.1,
        x + BOX.0 / 2,
        y + BOX.1 / 2 + 5
    );
    text
}

fn corner((column, row): GridCell) -> (usize, usize) {
    (MARGIN + column * CELL.0, MARGIN + row * CELL.1)
}
