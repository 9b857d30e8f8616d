//! Increments: the last day known from the run before, so that the operator sends only new and
//! changed rows.

use std::fs;
use std::path::Path;

use super::query::{Parameter, Query, Record};
use crate::kind::SourceKind;
use crate::source::FetchContext;

/// The records of the run before; none for a query that is asked whole each time.
pub(super) struct KnownRecords {
    key: String,
    records: Vec<Record>,
    last_day: String,
}

/// Before every record.
const FIRST_DAY: &str = "0001-01-01";

impl KnownRecords {
    /// Reads the records of `query` in the run before, when it asked the same database.
    pub(super) fn read(query: &Query, context: &FetchContext, address: &str) -> Self {
        let previous = context
            .previous
            .as_ref()
            .filter(|_| query.parameter == Parameter::LastKnownDay);
        // Another database has other keys: its rows must not be mixed with these.
        let same_base = previous.filter(|(manifest, _)| {
            manifest
                .entry(SourceKind::Sql)
                .is_some_and(|entry| entry.address == address)
        });

        // Rows missing from a damaged file would never be asked for again.
        let name = format!("sql/{}.jsonl", query.name);
        let path = same_base.and_then(|(manifest, run)| {
            let path = run.folder.join(&name);
            let known = manifest.entry(SourceKind::Sql)?;
            let file = known.files.iter().find(|file| file.path == name)?;
            file.is_whole_at(&path).then_some(path)
        });
        let records = path
            .and_then(|path| read_records(&path))
            .unwrap_or_default();
        Self::new(format!("{}_id", query.name), records)
    }

    fn new(key: String, records: Vec<Record>) -> Self {
        let instants = records
            .iter()
            .flat_map(|record| ["started_at", "ended_at"].map(|name| record.get(name)));
        // A day, not an instant: rows of the last day come again, and replace themselves.
        let days = instants.filter_map(|instant| instant?.as_str()?.get(..10));
        let last_day = days.max().unwrap_or(FIRST_DAY).to_owned();
        Self {
            key,
            records,
            last_day,
        }
    }

    /// The last day that a record names, `YYYY-MM-DD`.
    pub(super) fn last_day(&self) -> &str {
        &self.last_day
    }

    /// The decision noted in the manifest for an extraction that brought `rows`.
    pub(super) fn decision(&self, rows: usize) -> Option<String> {
        let known = self.records.len();
        (known > 0).then(|| {
            format!(
                "incremental: {rows} rows since {}, {known} were known",
                self.last_day
            )
        })
    }

    /// The known records with the new ones: those of the same key take the place of the old.
    pub(super) fn complete(&mut self, new: Vec<Record>) -> Vec<Record> {
        let mut records = std::mem::take(&mut self.records);
        for record in new {
            let key = record.get(&self.key).cloned();
            match records
                .iter_mut()
                .find(|known| key.is_some() && known.get(&self.key) == key.as_ref())
            {
                Some(known) => *known = record,
                None => records.push(record),
            }
        }
        records
    }
}

fn read_records(path: &Path) -> Option<Vec<Record>> {
    fs::read_to_string(path)
        .ok()?
        .lines()
        .map(|line| serde_json::from_str(line).ok())
        .collect()
}

#[cfg(test)]
mod tests;
