//! The models as SVG, each with a text alternative: a title, a description, and the same content as
//! text in the page.

use std::fmt::Write as _;

use super::{Association, Attribute, Model, Role, Table};
use crate::Engine;

/// Sizes, in pixels: a cell of the grid, the margin around it, the width of a box, a line of text.
const CELL: (u32, u32) = (410, 290);
const MARGIN: u32 = 24;
const BOX: u32 = 240;
const LINE: u32 = 18;

/// One of the three models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Conceptual,
    Logical,
    Physical,
}

struct Placed<'a> {
    table: &'a Table,
    x: u32,
    y: u32,
    lines: Vec<String>,
}

impl Placed<'_> {
    fn height(&self) -> u32 {
        (self.lines.len() as u32 + 1) * LINE + 14
    }

    fn center(&self) -> (u32, u32) {
        (self.x + BOX / 2, self.y + self.height() / 2)
    }
}

pub(super) fn svg(model: &Model, level: Level, title: &str, description: &str) -> String {
    let tables = place(model, level);
    let width = MARGIN + largest(&tables, |table| table.x + BOX);
    let height = MARGIN + largest(&tables, |table| table.y + table.height());

    let mut text = heading((width, height), title, description);
    // Links come first, so that the boxes cover their ends.
    text += &match level {
        Level::Conceptual => associations(model, &tables),
        Level::Logical | Level::Physical => references(&tables),
    };
    for table in &tables {
        draw_box(&mut text, table, level);
    }
    if level == Level::Conceptual {
        text += &verbs(model, &tables);
    }

    text + "</svg>\n"
}

fn heading((width, height): (u32, u32), title: &str, description: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"title description\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        escape(title),
        escape(description)
    )
}

fn largest(tables: &[Placed<'_>], end: impl Fn(&Placed<'_>) -> u32) -> u32 {
    tables.iter().map(end).max().unwrap_or_default()
}

fn place(model: &Model, level: Level) -> Vec<Placed<'_>> {
    let last = model.tables.iter().map(|table| table.at[1]).max();
    let tops: Vec<u32> = (0..=last.unwrap_or_default())
        .scan(MARGIN, |top, row| {
            let own = *top;
            *top += row_height(model, level, row);
            Some(own)
        })
        .collect();

    let tables = model.tables.iter().map(|table| Placed {
        table,
        x: MARGIN + table.at[0] * CELL.0,
        y: tops[table.at[1] as usize],
        lines: lines(table, level),
    });
    tables.collect()
}

/// Height of a row of the grid: its highest box, and room for the links.
fn row_height(model: &Model, level: Level, row: u32) -> u32 {
    let own = model.tables.iter().filter(|table| table.at[1] == row);
    own.map(|table| (lines(table, level).len() as u32 + 1) * LINE + 100)
        .max()
        .unwrap_or(CELL.1)
}

fn lines(table: &Table, level: Level) -> Vec<String> {
    // A conceptual entity has no foreign key: the association says it. The other columns of its
    // identifier stay shown.
    let columns = table
        .columns
        .iter()
        .filter(|column| level != Level::Conceptual || column.references.is_none());

    columns.map(|column| line_of(column, level)).collect()
}

fn line_of(column: &Attribute, level: Level) -> String {
    let key = if column.key { "● " } else { "" };
    let foreign = if column.references.is_some() { "#" } else { "" };
    let optional = if column.nullable { " ?" } else { "" };

    let line = format!("{key}{foreign}{}{optional}", column.name);
    if level != Level::Physical {
        return line;
    }

    let types = [Engine::Sqlite, Engine::Postgres].map(|engine| column.domain.sql(engine));
    format!("{line} : {}", types.join(" / "))
}

fn draw_box(text: &mut String, placed: &Placed<'_>, level: Level) {
    let personal = placed.table.columns.iter().any(|column| column.personal);
    let name = match level {
        Level::Conceptual => &placed.table.entity,
        Level::Logical | Level::Physical => &placed.table.name,
    };

    draw_heading(text, placed, name, personal);
    draw_lines(text, placed, level);
}

fn draw_heading(text: &mut String, placed: &Placed<'_>, name: &str, personal: bool) {
    let Placed { x, y, .. } = placed;
    let (fill, mark) = if personal {
        ("#fff1d6", " (personnel)")
    } else {
        ("#eef4fb", "")
    };
    let rule = y + LINE + 4;

    // Writing to a text cannot fail, here and below.
    let _ = writeln!(
        text,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{BOX}\" height=\"{}\" rx=\"4\" fill=\"{fill}\" stroke=\"#1d3557\"/>\n\
         <text x=\"{}\" y=\"{}\" font-weight=\"bold\" fill=\"#1d3557\">{}{mark}</text>\n\
         <line x1=\"{x}\" y1=\"{rule}\" x2=\"{}\" y2=\"{rule}\" stroke=\"#1d3557\"/>",
        placed.height(),
        x + 8,
        y + LINE - 2,
        escape(name),
        x + BOX,
    );
}

fn draw_lines(text: &mut String, placed: &Placed<'_>, level: Level) {
    // The types of both engines must fit in the box.
    let size = if level == Level::Physical { 10 } else { 13 };

    for (index, line) in (1_u32..).zip(&placed.lines) {
        let top = placed.y + (index + 1) * LINE + 2;
        let _ = writeln!(
            text,
            "<text x=\"{}\" y=\"{top}\" font-size=\"{size}\" fill=\"#111111\">{}</text>",
            placed.x + 8,
            escape(line)
        );
    }
}

/// The two boxes of an association, each with its role.
fn ends<'a, 'b>(
    association: &'a Association,
    tables: &'a [Placed<'b>],
) -> Option<[(&'a Placed<'b>, &'a Role); 2]> {
    let ends = association
        .roles
        .iter()
        .filter_map(|role| Some((find(tables, &role.entity)?, role)));

    ends.collect::<Vec<_>>().try_into().ok()
}

fn associations(model: &Model, tables: &[Placed<'_>]) -> String {
    model
        .associations
        .iter()
        .filter_map(|association| ends(association, tables))
        .map(|[(one, _), (other, _)]| line(one.center(), other.center()))
        .collect()
}

/// Verbs and cardinalities, over the boxes so that they stay readable.
fn verbs(model: &Model, tables: &[Placed<'_>]) -> String {
    let mut text = String::new();

    for association in &model.associations {
        let Some([(one, first), (other, second)]) = ends(association, tables) else {
            continue;
        };
        let (from, to) = (edge(one, other.center()), edge(other, one.center()));
        let middle = ((from.0 + to.0) / 2, (from.1 + to.1) / 2);

        draw_verb(&mut text, middle, &association.name);
        draw_cardinality(&mut text, from, middle, first);
        draw_cardinality(&mut text, to, middle, second);
    }

    text
}

fn draw_verb(text: &mut String, (x, y): (u32, u32), verb: &str) {
    // Some four pixels a letter on each side of the middle.
    let radius = verb.chars().count() as u32 * 4 + 12;
    let _ = writeln!(
        text,
        "<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{radius}\" ry=\"13\" fill=\"#ffffff\" stroke=\"#7a3e00\"/>\n\
         <text x=\"{x}\" y=\"{}\" font-size=\"11\" text-anchor=\"middle\" fill=\"#7a3e00\">{}</text>",
        y + 4,
        escape(verb),
    );
}

/// Writes a cardinality a quarter of the way from its box to the verb.
fn draw_cardinality(text: &mut String, at: (u32, u32), middle: (u32, u32), role: &Role) {
    let near = ((3 * at.0 + middle.0) / 4, (3 * at.1 + middle.1) / 4);
    let _ = writeln!(
        text,
        "<text x=\"{}\" y=\"{}\" font-size=\"12\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"#111111\" \
         stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">{}</text>",
        near.0,
        near.1 - 4,
        role.cardinality
    );
}

/// Point where the line from a box's center to a point leaves the box.
fn edge(placed: &Placed<'_>, to: (u32, u32)) -> (u32, u32) {
    let (center, half) = (
        placed.center(),
        (f64::from(BOX) / 2.0, f64::from(placed.height()) / 2.0),
    );
    let (x, y) = (
        f64::from(to.0) - f64::from(center.0),
        f64::from(to.1) - f64::from(center.1),
    );

    // A line straight up or sideways has a zero side, by which nothing is divided.
    let reach = (half.0 / x.abs().max(1e-9))
        .min(half.1 / y.abs().max(1e-9))
        .min(1.0);

    (
        (f64::from(center.0) + x * reach) as u32,
        (f64::from(center.1) + y * reach) as u32,
    )
}

fn references(tables: &[Placed<'_>]) -> String {
    let mut text = String::new();

    for placed in tables {
        for target in targets(tables, placed.table) {
            let end = edge(target, placed.center());
            text += &line(placed.center(), end);
            let _ = writeln!(
                text,
                "<circle cx=\"{}\" cy=\"{}\" r=\"5\" fill=\"#7a3e00\"/>",
                end.0, end.1
            );
        }
    }

    text
}

/// Boxes of the tables that this one refers to.
fn targets<'a, 'b>(tables: &'a [Placed<'b>], table: &Table) -> Vec<&'a Placed<'b>> {
    let references = table.columns.iter();
    let mut names: Vec<&str> = references
        .filter_map(|column| column.references.as_deref())
        .collect();

    // Two columns may make one reference: origin and destination of a flow are one line.
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| tables.iter().find(|placed| placed.table.name == name))
        .collect()
}

fn find<'a, 'b>(tables: &'a [Placed<'b>], entity: &str) -> Option<&'a Placed<'b>> {
    tables.iter().find(|placed| placed.table.entity == entity)
}

fn line(from: (u32, u32), to: (u32, u32)) -> String {
    format!(
        "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"#7a3e00\" stroke-width=\"1.5\"/>\n",
        from.0, from.1, to.0, to.1
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
