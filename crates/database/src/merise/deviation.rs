//! The differences between the derived model and the schema, each with its reason.

use serde::Deserialize;

use super::{Domain, Relation, RelationColumn};

/// A difference that somebody chose, in French for its reason.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Deviation {
    /// A number made by the database takes the place of the primary key, here and where the table
    /// is referred to.
    Surrogate {
        /// The table.
        table: String,
        /// The new key's column.
        column: String,
        /// Its name in the data dictionary.
        name: String,
        /// Its definition.
        meaning: String,
        /// The reason.
        reason: String,
    },
    /// Columns leave the table for another one with the same key, where they are mandatory.
    Split {
        /// The table.
        table: String,
        /// The new table.
        into: String,
        /// The columns that leave.
        columns: Vec<String>,
        /// The reason.
        reason: String,
    },
    /// The columns of a table go to the table that refers to it, which repeats them.
    Merge {
        /// The table that goes.
        table: String,
        /// The table that takes its columns.
        into: String,
        /// The reason.
        reason: String,
    },
    /// A table is not stored.
    Omit {
        /// The table.
        table: String,
        /// The reason.
        reason: String,
    },
}

impl Deviation {
    /// Changes the model; the message of an error names the missing part.
    pub(super) fn apply(&self, tables: &mut Vec<Relation>) -> Result<(), String> {
        match self {
            Self::Surrogate {
                table,
                column,
                name,
                meaning,
                ..
            } => {
                let key = RelationColumn {
                    name: column.clone(),
                    datum: name.clone(),
                    domain: Domain::Integer,
                    meaning: meaning.clone(),
                    key: true,
                    optional: false,
                    personal: false,
                    references: None,
                };
                replace_key(tables, table, &key)
            }
            Self::Split {
                table,
                into,
                columns,
                ..
            } => split(tables, table, into, columns),
            Self::Merge { table, into, .. } => merge(tables, table, into),
            Self::Omit { table, .. } => take(tables, table).map(|_| ()),
        }
    }

    /// The table that changes.
    pub(super) fn table(&self) -> &str {
        match self {
            Self::Surrogate { table, .. }
            | Self::Split { table, .. }
            | Self::Merge { table, .. }
            | Self::Omit { table, .. } => table,
        }
    }

    /// The change, in French.
    pub(super) fn change(&self) -> String {
        match self {
            Self::Surrogate { column, .. } => format!("clé de substitution `{column}`"),
            Self::Split { into, columns, .. } => {
                format!(
                    "partition verticale : {} colonnes vont dans `{into}`",
                    columns.len()
                )
            }
            Self::Merge { into, .. } => {
                format!("dénormalisation : ses colonnes vont dans `{into}`")
            }
            Self::Omit { .. } => "table non créée".to_owned(),
        }
    }

    /// The reason, in French.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Surrogate { reason, .. }
            | Self::Split { reason, .. }
            | Self::Merge { reason, .. }
            | Self::Omit { reason, .. } => reason,
        }
    }
}

fn replace_key(
    tables: &mut [Relation],
    name: &str,
    surrogate: &RelationColumn,
) -> Result<(), String> {
    let table = find(tables, name)?;
    let key: Vec<_> = table.key().cloned().collect();
    let [former] = &key[..] else {
        return Err(format!("{name} has a key of several columns"));
    };

    for column in &mut table.columns {
        column.key = false;
    }
    table.columns.insert(0, surrogate.clone());
    table.origin += " ; clé de substitution";

    let referring = tables
        .iter_mut()
        .flat_map(|table| &mut table.columns)
        .filter(|column| column.references.as_deref() == Some(name));
    for column in referring {
        refer_to(column, former, surrogate);
    }
    Ok(())
}

/// Points a foreign key to the surrogate; a name of its own, that of a role, stays.
fn refer_to(column: &mut RelationColumn, former: &RelationColumn, surrogate: &RelationColumn) {
    column.domain = surrogate.domain;
    column.meaning.clone_from(&surrogate.meaning);
    column.datum = column.datum.replace(&former.datum, &surrogate.datum);
    if column.name == former.name {
        column.name.clone_from(&surrogate.name);
    }
}

fn split(
    tables: &mut Vec<Relation>,
    name: &str,
    into: &str,
    leaving: &[String],
) -> Result<(), String> {
    let table = find(tables, name)?;
    let mut columns: Vec<RelationColumn> = table.key().cloned().collect();
    for column in &mut columns {
        column.references = Some(name.to_owned());
    }

    for leaves in leaving {
        let position = table.columns.iter().position(|one| one.name == *leaves);
        let position = position.ok_or_else(|| format!("{name} has no column {leaves}"))?;
        let mut column = table.columns.remove(position);
        column.optional = false;
        columns.push(column);
    }

    tables.push(Relation {
        name: into.to_owned(),
        origin: format!("partition verticale de `{name}`"),
        columns,
    });
    Ok(())
}

fn merge(tables: &mut Vec<Relation>, name: &str, into: &str) -> Result<(), String> {
    let merged = take(tables, name)?;
    let others = merged.columns.iter().filter(|column| !column.key);
    let taking = find(tables, into)?;
    taking.columns.extend(others.cloned());
    taking.origin += &format!(" ; reçoit `{name}`");

    for column in tables.iter_mut().flat_map(|table| &mut table.columns) {
        if column.references.as_deref() == Some(name) {
            column.references = None;
        }
    }
    Ok(())
}

fn find<'a>(tables: &'a mut [Relation], name: &str) -> Result<&'a mut Relation, String> {
    let mut found = tables.iter_mut().filter(|table| table.name == name);
    found
        .next()
        .ok_or_else(|| format!("no table is called {name}"))
}

fn take(tables: &mut Vec<Relation>, name: &str) -> Result<Relation, String> {
    let position = tables.iter().position(|table| table.name == name);
    let position = position.ok_or_else(|| format!("no table is called {name}"))?;
    Ok(tables.remove(position))
}
