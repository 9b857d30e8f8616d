//! The comparison of the model with the schema that an engine tells of.

use std::collections::BTreeSet;

use super::{Model, Relation};
use crate::Engine;
use crate::schema::{Column, Reference};

impl Model {
    /// Differences between the tables of the model and a schema, in English; none when they agree.
    ///
    /// # Errors
    /// When the model contradicts itself.
    pub fn differences(
        &self,
        engine: Engine,
        columns: &[Column],
        references: &[Reference],
    ) -> Result<Vec<String>, String> {
        let tables = self.tables()?;
        let described = tables
            .iter()
            .flat_map(|table| describe_columns(table, engine))
            .collect();
        let found = columns.iter().map(Column::describe).collect();

        let drawn = tables.iter().flat_map(describe_references).collect();
        let real = references.iter().map(Reference::describe).collect();

        Ok([
            only(&described, &found, "model"),
            only(&found, &described, "schema"),
            only(&drawn, &real, "model"),
            only(&real, &drawn, "schema"),
        ]
        .concat())
    }
}

fn only(one: &BTreeSet<String>, other: &BTreeSet<String>, side: &str) -> Vec<String> {
    one.difference(other)
        .map(|line| format!("only in the {side}: {line}"))
        .collect()
}

fn describe_columns(table: &Relation, engine: Engine) -> Vec<String> {
    let columns = table.columns.iter().map(|column| {
        Column {
            table: table.name.clone(),
            name: column.name.clone(),
            sql_type: column.domain.sql(engine).to_owned(),
            is_nullable: column.optional,
            key_position: i64::from(column.key),
        }
        .describe()
    });

    columns.collect()
}

fn describe_references(table: &Relation) -> Vec<String> {
    let references = table.columns.iter().filter_map(|column| {
        let reference = Reference {
            table: table.name.clone(),
            column: column.name.clone(),
            target: column.references.clone()?,
        };
        Some(reference.describe())
    });
    references.collect()
}
