//! The models as SVG, each with a title and a description; the page gives the same content as text.

mod canvas;
mod conceptual;
mod geometry;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Model, Relation};
use crate::Engine;
use canvas::Canvas;

/// The places of objects in the drawings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// The center of each entity and association, pixels.
    conceptual: BTreeMap<String, [f64; 2]>,
    /// The cell of each table: column, row.
    tables: BTreeMap<String, [usize; 2]>,
}

/// One of the three models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Conceptual,
    Logical,
    Physical,
}

/// Draws a model as SVG.
///
/// # Errors
/// When an object has no place: the message names it.
pub(super) fn svg(model: &Model, level: Level, description: &str) -> Result<String, String> {
    let title = match level {
        Level::Conceptual => "Modèle conceptuel des données",
        Level::Logical => "Modèle logique des données",
        Level::Physical => "Modèle physique des données",
    };
    Ok(draw(model, level)?.svg(title, description))
}

fn draw(model: &Model, level: Level) -> Result<Canvas, String> {
    match level {
        Level::Conceptual => conceptual::draw(model),
        Level::Logical | Level::Physical => {
            let relations = model.business_tables()?;
            tables::draw(&relations, &model.drawing.tables, level)
        }
    }
}

/// The lines of a table, in its order: `#` for a foreign key, `?` for a value that may be missing.
fn table_lines(relation: &Relation, level: Level) -> Vec<(String, bool)> {
    let columns = relation.columns.iter().map(|column| {
        let foreign = if column.references.is_some() { "#" } else { "" };
        let optional = if column.optional { " ?" } else { "" };
        let mut line = format!("{foreign}{}{optional}", column.name);
        if level == Level::Physical {
            let types = [Engine::Sqlite, Engine::Postgres].map(|one| column.domain.sql(one));
            line += &format!(" : {}", types.join(" / "));
        }
        (line, column.key)
    });
    columns.collect()
}
