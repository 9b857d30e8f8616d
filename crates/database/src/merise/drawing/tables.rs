//! The logical and the physical model: tables on a grid, and a line for each foreign key.

use std::collections::BTreeMap;

use super::canvas::{BoxLine, BoxStyle, Canvas, DrawnBox, Link};
use super::geometry::{Point, Rectangle, Segment};
use super::{Level, table_lines};
use crate::merise::Relation;

/// Room between two columns and two rows of the grid, where the lines run.
const GUTTER: f64 = 60.0;
const MARGIN: f64 = 20.0;

type Cells = BTreeMap<String, [usize; 2]>;

pub(super) fn draw(relations: &[Relation], cells: &Cells, level: Level) -> Result<Canvas, String> {
    let mut grid = Grid::default();
    for relation in relations {
        let size = DrawnBox::size(&relation.name, &lines(relation, level));
        grid.make_room(cell(cells, &relation.name)?, size);
    }

    let mut canvas = Canvas::default();
    for relation in relations {
        let at = cell(cells, &relation.name)?;
        canvas.boxes.push(table_box(relation, level, &grid, at));
    }
    for side in sides(relations, cells)? {
        canvas.links.extend(links(&canvas, relations, &side)?);
    }
    Ok(canvas)
}

fn cell(cells: &Cells, name: &str) -> Result<[usize; 2], String> {
    let cell = cells.get(name).copied();
    cell.ok_or_else(|| format!("{name} has no place in the drawing"))
}

fn lines(relation: &Relation, level: Level) -> Vec<BoxLine> {
    let lines = table_lines(relation, level).into_iter();
    lines
        .map(|(text, underlined)| BoxLine { text, underlined })
        .collect()
}

fn table_box(relation: &Relation, level: Level, grid: &Grid, at: [usize; 2]) -> DrawnBox {
    let lines = lines(relation, level);
    let size = DrawnBox::size(&relation.name, &lines);
    let style = if relation.is_personal() {
        BoxStyle::Personal
    } else {
        BoxStyle::Plain
    };
    DrawnBox::new(grid.center(at), size, style, &relation.name, &lines)
}

/// Widths of the columns and heights of the rows.
#[derive(Debug, Default)]
struct Grid {
    widths: Vec<f64>,
    heights: Vec<f64>,
}

impl Grid {
    fn make_room(&mut self, [column, row]: [usize; 2], (width, height): (f64, f64)) {
        let room = |sizes: &mut Vec<f64>, rank: usize, size: f64| {
            if sizes.len() <= rank {
                sizes.resize(rank + 1, 0.0);
            }
            sizes[rank] = sizes[rank].max(size);
        };
        room(&mut self.widths, column, width);
        room(&mut self.heights, row, height);
    }

    fn center(&self, [column, row]: [usize; 2]) -> Point {
        let middle = |sizes: &[f64], rank: usize| {
            let before: f64 = sizes[..rank].iter().map(|size| size + GUTTER).sum();
            MARGIN + before + sizes[rank] / 2.0
        };
        Point::new(middle(&self.widths, column), middle(&self.heights, row))
    }
}

/// The keys that reach a table by one of its sides, in the order in which they reach it.
struct Side {
    target: usize,
    edge: Edge,
    /// The tables that refer to it, one for each key.
    referring: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Edge {
    Left,
    Right,
    Top,
    Bottom,
}

/// Groups the foreign keys by the side of the table that they reach: from a column beside it, or
/// from the next row of its own column. Lines then run in the gutters, and over no table.
fn sides(relations: &[Relation], cells: &Cells) -> Result<Vec<Side>, String> {
    let mut sides: BTreeMap<(usize, Edge), Vec<(usize, usize)>> = BTreeMap::new();

    for (rank, relation) in relations.iter().enumerate() {
        let [column, row] = cell(cells, &relation.name)?;
        for target in relation.targets() {
            let found = relations.iter().position(|one| one.name == target);
            let found = found.ok_or_else(|| format!("no table is called {target}"))?;
            let [other_column, other_row] = cell(cells, target)?;

            let edge = if column + 1 == other_column {
                Edge::Left
            } else if column == other_column + 1 {
                Edge::Right
            } else if row + 1 == other_row {
                Edge::Top
            } else if row == other_row + 1 {
                Edge::Bottom
            } else {
                return Err(format!("{} is too far from {target}", relation.name));
            };
            sides.entry((found, edge)).or_default().push((row, rank));
        }
    }

    let ordered = sides.into_iter().map(|((target, edge), mut referring)| {
        referring.sort_unstable();
        Side {
            target,
            edge,
            referring: referring.into_iter().map(|(_, rank)| rank).collect(),
        }
    });
    Ok(ordered.collect())
}

fn links(canvas: &Canvas, relations: &[Relation], side: &Side) -> Result<Vec<Link>, String> {
    let area = |rank: usize| {
        let drawn = canvas.boxes.get(rank).map(|one| one.area);
        drawn.ok_or_else(|| format!("{} is not drawn", relations[rank].name))
    };
    let target = area(side.target)?;
    let count = side.referring.len();
    let mut links = Vec::new();

    for (rank, referring) in side.referring.iter().enumerate() {
        let before = side.referring[..rank]
            .iter()
            .filter(|one| *one == referring);
        let own = side.referring.iter().filter(|one| *one == referring);
        let from = share(before.count(), own.count());
        let to = share(rank, count);
        links.push(Link {
            segment: segment(area(*referring)?, target, side.edge, [from, to]),
            dotted: true,
        });
    }
    Ok(links)
}

/// The place of the `rank`-th of `count` ends along a side, as a share of it.
fn share(rank: usize, count: usize) -> f64 {
    (rank as f64 + 1.0) / (count as f64 + 1.0)
}

fn segment(from: Rectangle, to: Rectangle, edge: Edge, [own, other]: [f64; 2]) -> Segment {
    let down = |area: Rectangle, share: f64| area.top + area.height() * share;
    let along = |area: Rectangle, share: f64| area.left + area.width() * share;

    let (from, to) = match edge {
        Edge::Left => (
            Point::new(from.right, down(from, own)),
            Point::new(to.left, down(to, other)),
        ),
        Edge::Right => (
            Point::new(from.left, down(from, own)),
            Point::new(to.right, down(to, other)),
        ),
        Edge::Top => (
            Point::new(along(from, own), from.bottom),
            Point::new(along(to, other), to.top),
        ),
        Edge::Bottom => (
            Point::new(along(from, own), from.top),
            Point::new(along(to, other), to.bottom),
        ),
    };

    Segment { from, to }
}
