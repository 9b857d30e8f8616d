//! The third normal form, decided from the listed functional dependencies.
//!
//! A table is in third normal form when, for every dependency X → a between its columns, X
//! determines the whole row or a belongs to a candidate key (Zaniolo's definition, 1982). Every set
//! of columns is tried: 2ⁿ closures for n columns, and no table has more than a dozen.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Dependency, Model, Relation};

/// A dependency that keeps a table out of the third normal form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The table that breaks the form.
    pub table: String,
    /// The data that determine: a set without a member too many.
    pub from: BTreeSet<String>,
    /// The data that they determine.
    pub to: String,
    /// The normal form that is broken.
    pub form: NormalForm,
}

/// A normal form that a table may break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NormalForm {
    /// The second: a column depends on a part of a key.
    Second,
    /// The third: a column depends on columns that are no key.
    Third,
}

/// A violation that somebody chose.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArguedViolation {
    /// The table.
    pub table: String,
    /// The data that determine.
    pub from: Vec<String>,
    /// The data that they determine.
    pub to: Vec<String>,
    /// The reason, in French.
    pub reason: String,
}

impl Model {
    /// The dependencies that keep tables of the schema out of the third normal form.
    ///
    /// # Errors
    /// When the model contradicts itself, or the listed dependencies do not make the primary key of
    /// a table a candidate key.
    pub fn violations(&self) -> Result<Vec<Violation>, String> {
        let tables = self.tables()?;
        let dependencies = self.all_dependencies();

        let mut violations = Vec::new();
        for table in &tables {
            violations.extend(TableData::new(table).violations(&dependencies)?);
        }
        violations.sort();
        Ok(violations)
    }

    /// The violations that the description argues, as [`violations`](Self::violations) tells them.
    pub fn argued_violations(&self) -> BTreeSet<(String, BTreeSet<String>, String)> {
        let argued = self.exceptions.iter().flat_map(|exception| {
            let from: BTreeSet<String> = exception.from.iter().cloned().collect();
            let to = exception.to.iter();
            to.map(move |to| (exception.table.clone(), from.clone(), to.clone()))
        });
        argued.collect()
    }

    /// The listed dependencies, and for each technical table that of its key.
    fn all_dependencies(&self) -> Vec<Dependency> {
        let technical = self.technical_tables.iter().map(|table| {
            let relation = table.relation();
            Dependency {
                from: relation.key().map(|column| column.datum.clone()).collect(),
                to: data(&relation).map(str::to_owned).collect(),
                rule: None,
            }
        });
        self.dependencies.iter().cloned().chain(technical).collect()
    }
}

fn data(table: &Relation) -> impl Iterator<Item = &str> {
    table.columns.iter().map(|column| column.datum.as_str())
}

type Data<'a> = BTreeSet<&'a str>;

/// A table as a set of data.
struct TableData<'a> {
    relation: &'a Relation,
    data: Data<'a>,
}

impl<'a> TableData<'a> {
    fn new(relation: &'a Relation) -> Self {
        Self {
            relation,
            data: data(relation).collect(),
        }
    }

    fn violations(&self, dependencies: &'a [Dependency]) -> Result<Vec<Violation>, String> {
        let closures = self.closures(dependencies);
        let keys = self.candidate_keys(&closures);
        let primary: Data<'a> = self.relation.key().map(|one| one.datum.as_str()).collect();
        if !keys.contains(&primary) {
            let name = &self.relation.name;
            return Err(format!("{name}: {primary:?} is no candidate key"));
        }

        let prime: Data<'a> = keys.iter().flatten().copied().collect();
        let mut found: Vec<(Data<'a>, &'a str)> = Vec::new();
        for (from, closure) in closures.iter().filter(|(_, closure)| *closure != self.data) {
            for to in closure
                .iter()
                .filter(|to| !from.contains(*to) && !prime.contains(*to))
            {
                // Closures come from the smallest sets on: a larger set says nothing more.
                let known = found
                    .iter()
                    .any(|(less, at)| at == to && less.is_subset(from));
                if !known {
                    found.push((from.clone(), *to));
                }
            }
        }

        Ok(found
            .into_iter()
            .map(|(from, to)| self.violation(&keys, &from, to))
            .collect())
    }

    fn violation(&self, keys: &[Data<'a>], from: &Data<'a>, to: &str) -> Violation {
        let is_part = keys.iter().any(|key| from.is_subset(key));
        Violation {
            table: self.relation.name.clone(),
            from: from.iter().map(|one| (*one).to_owned()).collect(),
            to: to.to_owned(),
            form: if is_part {
                NormalForm::Second
            } else {
                NormalForm::Third
            },
        }
    }

    /// Every set of the table's data with the data of the table that it determines, the smallest
    /// sets first.
    fn closures(&self, dependencies: &'a [Dependency]) -> Vec<(Data<'a>, Data<'a>)> {
        let data: Vec<&str> = self.data.iter().copied().collect();
        let subset = |mask: u32| -> Data<'a> {
            let chosen = data
                .iter()
                .enumerate()
                .filter(|(bit, _)| (mask >> bit) & 1 == 1);
            chosen.map(|(_, one)| *one).collect()
        };

        let mut sets: Vec<Data<'a>> = (0..1_u32 << data.len()).map(subset).collect();
        sets.sort_by_key(BTreeSet::len);
        sets.into_iter()
            .map(|from| {
                let closure = closure(&from, dependencies);
                (from, closure.intersection(&self.data).copied().collect())
            })
            .collect()
    }

    /// The smallest sets that determine the whole row.
    fn candidate_keys(&self, closures: &[(Data<'a>, Data<'a>)]) -> Vec<Data<'a>> {
        let mut keys: Vec<Data<'a>> = Vec::new();
        for (from, closure) in closures {
            if *closure == self.data && !keys.iter().any(|key| key.is_subset(from)) {
                keys.push(from.clone());
            }
        }
        keys
    }
}

/// All that a set of data determines (Armstrong's axioms).
fn closure<'a>(from: &Data<'a>, dependencies: &'a [Dependency]) -> Data<'a> {
    let mut known = from.clone();
    loop {
        let before = known.len();
        for dependency in dependencies {
            if dependency
                .from
                .iter()
                .all(|one| known.contains(one.as_str()))
            {
                known.extend(dependency.to.iter().map(String::as_str));
            }
        }

        if known.len() == before {
            return known;
        }
    }
}
