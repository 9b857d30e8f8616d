//! A table of the logical model.

use serde::Deserialize;

use super::Domain;

/// A relation of the logical model: one table of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Its name in the schema.
    pub name: String,
    /// Its origin, in French: a rule of passage, a deviation.
    pub origin: String,
    /// Its columns, in order.
    pub columns: Vec<RelationColumn>,
}

/// A column of a table, as the rules of passage derive it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationColumn {
    /// Its name in the schema.
    pub name: String,
    /// The data that it holds, under the name of the data dictionary.
    pub datum: String,
    /// The domain of its values.
    pub domain: Domain,
    /// The definition, in French.
    pub meaning: String,
    /// True when it is part of the primary key.
    pub key: bool,
    /// True when it may be null.
    pub optional: bool,
    /// True when it is personal data.
    pub personal: bool,
    /// The table that it refers to.
    pub references: Option<String>,
}

/// A table that serves the program: import ledger, lineage, audit log…
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TechnicalTable {
    /// Its name in the schema.
    pub name: String,
    /// Its definition, in French.
    pub definition: String,
    /// The reason why it is no part of the conceptual model, in French.
    pub reason: String,
    /// Its columns, in order.
    pub columns: Vec<TechnicalColumn>,
}

/// A column of a technical table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TechnicalColumn {
    /// Its name in the schema.
    pub column: String,
    /// The domain of its values.
    #[serde(rename = "type")]
    pub domain: Domain,
    /// Its definition, in French.
    pub meaning: String,
    /// True when it is part of the primary key.
    #[serde(default)]
    pub identifier: bool,
    /// True when it may be null.
    #[serde(default)]
    pub optional: bool,
    /// True when it is personal data.
    #[serde(default)]
    pub personal: bool,
    /// The table that it refers to.
    pub references: Option<String>,
}

impl Relation {
    pub(super) fn key(&self) -> impl Iterator<Item = &RelationColumn> {
        self.columns.iter().filter(|column| column.key)
    }

    /// True when a column holds personal data.
    pub(super) fn is_personal(&self) -> bool {
        self.columns.iter().any(|column| column.personal)
    }

    /// The tables that it refers to, each as often as a key refers to it.
    pub(super) fn targets(&self) -> Vec<&str> {
        let mut targets: Vec<(&str, &str)> = Vec::new();
        for column in &self.columns {
            let Some(target) = column.references.as_deref() else {
                continue;
            };
            // Two columns of one composite key hold different data; two roles hold the same.
            let role = column.datum.split_once(" (").map_or("", |(_, role)| role);
            if !targets.contains(&(target, role)) {
                targets.push((target, role));
            }
        }
        targets.into_iter().map(|(target, _)| target).collect()
    }
}

impl TechnicalTable {
    pub(super) fn relation(&self) -> Relation {
        let columns = self.columns.iter().map(|column| RelationColumn {
            name: column.column.clone(),
            datum: format!("{}.{}", self.name, column.column),
            domain: column.domain,
            meaning: column.meaning.clone(),
            key: column.identifier,
            optional: column.optional,
            personal: column.personal,
            references: column.references.clone(),
        });

        Relation {
            name: self.name.clone(),
            origin: self.reason.clone(),
            columns: columns.collect(),
        }
    }
}
