//! The Merise model of the database. `data/merise/model.toml` describes the conceptual model; the
//! logical model is derived from it by the rules of passage, then changed by the deviations that
//! the description argues. A test compares the outcome with the schema of each engine, and the
//! pages of `docs/merise/` are made of it.

mod conceptual;
mod derivation;
mod deviation;
mod document;
mod drawing;
mod normal_form;
mod relation;
mod schema_check;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;

pub use conceptual::{
    Association, Cardinality, Dependency, Domain, Entity, Leg, ManagementRule, Property,
};
pub use deviation::Deviation;
pub use document::documents;
pub use drawing::Places;
pub use normal_form::{ArguedViolation, NormalForm, Violation};
pub use relation::{Relation, RelationColumn, TechnicalColumn, TechnicalTable};

const TEXT: &str = include_str!("../../../data/merise/model.toml");

/// The whole description.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The rules of the organisation that the model follows.
    #[serde(rename = "rule")]
    pub rules: Vec<ManagementRule>,
    /// The things of the domain, each with its properties.
    #[serde(rename = "entity")]
    pub entities: Vec<Entity>,
    /// The associations between entities.
    #[serde(rename = "association")]
    pub associations: Vec<Association>,
    /// The functional dependencies.
    #[serde(rename = "dependency")]
    pub dependencies: Vec<Dependency>,
    /// The differences between the derived model and the schema, in the order they apply.
    #[serde(rename = "deviation")]
    pub deviations: Vec<Deviation>,
    /// The dependencies that the third normal form would refuse, each with its reason.
    #[serde(rename = "exception")]
    pub exceptions: Vec<ArguedViolation>,
    /// The tables that serve the program and are no part of the conceptual model.
    #[serde(rename = "technical")]
    pub technical_tables: Vec<TechnicalTable>,
    /// The places of objects in the drawings.
    pub drawing: Places,
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

impl Model {
    /// The logical model that the rules of passage give, before any deviation.
    ///
    /// # Errors
    /// When the conceptual model contradicts itself: the message names the object.
    pub fn derived(&self) -> Result<Vec<Relation>, String> {
        derivation::derive(self)
    }

    /// The tables that come from the conceptual model, as the schema must hold them.
    ///
    /// # Errors
    /// When the conceptual model contradicts itself, or a deviation names a table or a column that
    /// is not there.
    pub fn business_tables(&self) -> Result<Vec<Relation>, String> {
        let mut tables = self.derived()?;
        for deviation in &self.deviations {
            deviation.apply(&mut tables)?;
        }
        Ok(tables)
    }

    /// Every table of the schema: those of the conceptual model, then the technical ones.
    ///
    /// # Errors
    /// As [`business_tables`](Self::business_tables).
    pub fn tables(&self) -> Result<Vec<Relation>, String> {
        let technical = self.technical_tables.iter().map(TechnicalTable::relation);
        Ok(self
            .business_tables()?
            .into_iter()
            .chain(technical)
            .collect())
    }

    /// The columns that hold personal data, with their tables.
    ///
    /// # Errors
    /// As [`tables`](Self::tables).
    pub fn personal_columns(&self) -> Result<Vec<(String, String)>, String> {
        let tables = self.tables()?;
        let columns = tables.iter().flat_map(|table| {
            let personal = table.columns.iter().filter(|column| column.personal);
            personal.map(|column| (table.name.clone(), column.name.clone()))
        });
        Ok(columns.collect())
    }
}
