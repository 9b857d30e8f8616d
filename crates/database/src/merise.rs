//! The Merise model of the database: one description, `data/merise/model.toml`, from which the
//! drawings and the data dictionary of `docs/merise/` are made, and with which a test compares the
//! schema of each engine.

mod document;
mod drawing;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

pub use document::documents;

use crate::Engine;
use crate::schema::{Column, Reference};

const TEXT: &str = include_str!("../../../data/merise/model.toml");

/// The whole model.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The tables: each is an entity of the conceptual model.
    #[serde(rename = "table")]
    pub tables: Vec<Table>,
    /// The associations between entities.
    #[serde(rename = "association")]
    pub associations: Vec<Association>,
}

/// A table and the entity that it holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name in the schema.
    pub name: String,
    /// The entity's French name.
    pub entity: String,
    /// Its definition, in French.
    pub title: String,
    /// Its place in the drawings: column, row.
    pub at: [u32; 2],
    /// Its columns, in order.
    pub columns: Vec<Attribute>,
}

/// A column and the property that it holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name in the schema.
    pub name: String,
    /// The domain of its values.
    #[serde(rename = "type")]
    pub domain: Domain,
    /// Its definition, in French.
    pub label: String,
    /// True when it is part of the identifier.
    #[serde(default)]
    pub key: bool,
    /// True when it may be missing.
    #[serde(default)]
    pub nullable: bool,
    /// True when it is personal data.
    #[serde(default)]
    pub personal: bool,
    /// The table that it refers to.
    pub references: Option<String>,
}

/// The domain of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Domain {
    /// A whole number.
    #[serde(rename = "entier")]
    Integer,
    /// A 32-bit number.
    #[serde(rename = "réel")]
    Real,
    /// A 64-bit number.
    #[serde(rename = "double")]
    Double,
    /// A text.
    #[serde(rename = "texte")]
    Text,
    /// Yes or no.
    #[serde(rename = "booléen")]
    Boolean,
}

/// An association of the conceptual model, and the table whose columns realise it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Association {
    /// Its French name, a verb.
    pub name: String,
    /// The table that refers.
    pub table: String,
    /// The entities that take part.
    pub roles: Vec<Role>,
}

/// The part of an entity in an association.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The entity.
    pub entity: String,
    /// Cardinality: minimum, maximum.
    pub cardinality: String,
}

/// The model that the program was built with; a test reads the file and names its faults.
pub fn embedded() -> &'static Model {
    // A fault in the file fails a test: here it would stop a service that does not need it.
    static MODEL: LazyLock<Model> = LazyLock::new(|| parse(TEXT).unwrap_or_default());
    &MODEL
}

/// Reads a model.
///
/// # Errors
/// When it cannot be read: the message gives the line.
pub fn parse(text: &str) -> Result<Model, toml::de::Error> {
    toml::from_str(text)
}

impl Domain {
    /// The type that this engine gives to the domain.
    pub fn sql(self, engine: Engine) -> &'static str {
        match (self, engine) {
            (Self::Integer | Self::Boolean, Engine::Sqlite) => "INTEGER",
            (Self::Real | Self::Double, Engine::Sqlite) => "REAL",
            (Self::Integer, Engine::Postgres) => "BIGINT",
            (Self::Real, Engine::Postgres) => "REAL",
            (Self::Double, Engine::Postgres) => "DOUBLE PRECISION",
            (Self::Boolean, Engine::Postgres) => "BOOLEAN",
            (Self::Text, _) => "TEXT",
        }
    }

    fn french(self) -> &'static str {
        match self {
            Self::Integer => "entier",
            Self::Real => "réel, 32 bits",
            Self::Double => "réel, 64 bits",
            Self::Text => "texte",
            Self::Boolean => "booléen",
        }
    }
}

impl Model {
    /// The columns that hold personal data, with their tables.
    pub fn personal_columns(&self) -> Vec<(&str, &str)> {
        let columns = self
            .tables
            .iter()
            .flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        columns
            .filter(|(_, column)| column.personal)
            .map(|(table, column)| (&*table.name, &*column.name))
            .collect()
    }

    /// Differences between the model and a schema, in English; none when they agree.
    pub fn differences(
        &self,
        engine: Engine,
        columns: &[Column],
        references: &[Reference],
    ) -> Vec<String> {
        let described = self
            .tables
            .iter()
            .flat_map(|table| describe(table, engine))
            .collect();
        let found = columns.iter().map(Column::describe).collect();

        let drawn = self.tables.iter().flat_map(referring).collect();
        let real = references.iter().map(Reference::describe).collect();

        [
            only(&described, &found, "model"),
            only(&found, &described, "schema"),
            only(&drawn, &real, "model"),
            only(&real, &drawn, "schema"),
        ]
        .concat()
    }

    /// Contradictions between the associations and the tables: unknown entities, references that no
    /// association draws, cardinalities that the keys do not allow.
    pub fn contradictions(&self) -> Vec<String> {
        let associations = self
            .associations
            .iter()
            .flat_map(|association| self.association_contradictions(association));
        let references = self
            .tables
            .iter()
            .flat_map(|table| self.undrawn_references(table));

        associations.chain(references).collect()
    }

    fn association_contradictions(&self, association: &Association) -> Vec<String> {
        let Some(table) = self.table(&association.table) else {
            let fault = format!("{}: no table {}", association.name, association.table);
            return vec![fault];
        };

        association
            .roles
            .iter()
            .filter_map(|role| self.role_contradiction(association, table, role))
            .collect()
    }

    fn undrawn_references(&self, table: &Table) -> Vec<String> {
        table
            .columns
            .iter()
            .filter_map(|column| column.references.as_deref())
            .filter(|target| !self.is_drawn(table, target))
            .map(|target| {
                format!(
                    "no association draws the reference from {} to {target}",
                    table.name
                )
            })
            .collect()
    }

    fn role_contradiction(
        &self,
        association: &Association,
        table: &Table,
        role: &Role,
    ) -> Option<String> {
        let fault = |fault: String| Some(format!("{}, {}: {fault}", association.name, role.entity));
        let Some(entity) = self.tables.iter().find(|table| table.entity == role.entity) else {
            return fault("no such entity".to_owned());
        };

        let Some(expected) = table.cardinality_of(entity) else {
            return fault(format!("{} does not refer to {}", table.name, entity.name));
        };

        (role.cardinality != expected)
            .then(|| format!("{}, {}: {expected} expected", association.name, role.entity))
    }

    fn is_drawn(&self, table: &Table, target: &str) -> bool {
        let entity = self
            .table(target)
            .map(|table| table.entity.as_str())
            .unwrap_or_default();
        let mut own = self
            .associations
            .iter()
            .filter(|association| association.table == table.name);
        own.any(|association| association.roles.iter().any(|role| role.entity == entity))
    }

    fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl Table {
    /// The cardinality of `entity` that the keys of this table allow; none without a reference to
    /// it.
    fn cardinality_of(&self, entity: &Self) -> Option<&'static str> {
        if entity.name == self.name {
            return Some("1,1");
        }

        let mut referring = self
            .columns
            .iter()
            .filter(|column| column.references.as_deref() == Some(&*entity.name))
            .peekable();
        referring.peek()?;

        // A key of one column that refers to the entity holds each of its occurrences once.
        let is_whole_key = self.columns.iter().filter(|column| column.key).count() == 1
            && referring.any(|column| column.key);
        Some(if is_whole_key { "0,1" } else { "0,n" })
    }
}

fn only(one: &BTreeSet<String>, other: &BTreeSet<String>, side: &str) -> Vec<String> {
    one.difference(other)
        .map(|line| format!("only in the {side}: {line}"))
        .collect()
}

fn describe(table: &Table, engine: Engine) -> Vec<String> {
    let mut position = 0;
    let columns = table.columns.iter().map(|column| {
        position += i64::from(column.key);
        Column {
            table: table.name.clone(),
            name: column.name.clone(),
            sql_type: column.domain.sql(engine).to_owned(),
            is_nullable: column.nullable,
            key_position: if column.key { position } else { 0 },
        }
        .describe()
    });

    columns.collect()
}

fn referring(table: &Table) -> Vec<String> {
    let references = table.columns.iter().filter_map(|column| {
        let target = column.references.clone()?;
        Some(
            Reference {
                table: table.name.clone(),
                column: column.name.clone(),
                target,
            }
            .describe(),
        )
    });
    references.collect()
}
