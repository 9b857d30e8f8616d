//! The count of every row: read, kept, set aside, by source and rule.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use filrouge_types::Hour;
use polars::prelude::{Column, DataFrame, NamedFrom, PolarsResult, Series};

use crate::clean::JudgedTrip;
use crate::instant::instant_type;
use crate::rule::{Action, CleaningRule};
use crate::rules::{UNKNOWN_STATION, UNREADABLE_INSTANT};
use crate::{AggregateError, SourceSummary};

/// The counts so far, and the rows of `rejects.parquet`.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    sources: BTreeMap<String, SourceSummary>,
    found: Vec<Found>,
    /// Names of sources and files: millions of findings share a few.
    texts: HashSet<Arc<str>>,
}

/// One record that one rule found: a row of `rejects.parquet`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    code: &'static str,
    source: Arc<str>,
    source_file: Arc<str>,
    source_line: Option<u32>,
    hour: Option<Hour>,
    detail: String,
    rule: &'static str,
    action: Action,
}

/// A record that a rule found in some source.
#[derive(Debug)]
pub(crate) struct Finding<'a> {
    rule: &'static CleaningRule,
    source_file: &'a str,
    source_line: Option<u32>,
    hour: Option<Hour>,
    detail: String,
}

impl<'a> Finding<'a> {
    /// A record whose date is absent or could not be read.
    pub(crate) fn unreadable_instant(source_file: &'a str, source_line: u32) -> Self {
        Self {
            rule: &UNREADABLE_INSTANT,
            source_file,
            source_line: Some(source_line),
            hour: None,
            detail: "no readable date".to_owned(),
        }
    }

    /// A record about a station that has no identifier, or one that no source describes.
    pub(crate) fn unknown_station(source_file: &'a str, detail: &str) -> Self {
        Self {
            rule: &UNKNOWN_STATION,
            source_file,
            source_line: None,
            hour: None,
            detail: detail.to_owned(),
        }
    }

    /// An hour of a source whose files were read together.
    pub(crate) fn hour(
        rule: &'static CleaningRule,
        source: &'a str,
        hour: Hour,
        detail: String,
    ) -> Self {
        Self {
            rule,
            source_file: source,
            source_line: None,
            hour: Some(hour),
            detail,
        }
    }
}

impl Ledger {
    pub(crate) fn read(&mut self, source: &str, rows: usize) {
        self.source(source).read += rows as u64;
    }

    /// Rows that were read a second time from another copy of the same file: they count once.
    pub(crate) fn repeat(&mut self, source: &str, rows: usize) {
        self.source(source).repeated += rows as u64;
    }

    pub(crate) fn keep(&mut self, source: &str, rows: usize) {
        self.source(source).kept += rows as u64;
    }

    /// Counts rows whose station bore another of its identifiers.
    pub(crate) fn identify(&mut self, source: &str, rows: usize) {
        self.source(source).identified += rows as u64;
    }

    /// Counts and keeps a finding.
    pub(crate) fn find(&mut self, source: &str, finding: Finding) {
        self.source(source).count(finding.rule);

        let found = Found {
            code: finding.rule.code,
            source: self.text(source),
            source_file: self.text(finding.source_file),
            source_line: finding.source_line,
            hour: finding.hour,
            detail: finding.detail,
            rule: finding.rule.name,
            action: finding.rule.action(),
        };
        self.found.push(found);
    }

    /// Counts a trip that went through the rules, and keeps their findings.
    pub(crate) fn add_judged(&mut self, trip: JudgedTrip) {
        let received = trip.received;
        self.keep(received.source, usize::from(trip.is_kept));

        for (rule, detail) in trip.findings {
            let finding = Finding {
                rule,
                source_file: received.source_file,
                source_line: Some(received.source_line),
                hour: None,
                detail,
            };
            self.find(received.source, finding);
        }
    }

    /// Trips kept, over all sources of trips.
    pub(crate) fn kept(&self, sources: &[&str]) -> u64 {
        sources
            .iter()
            .filter_map(|source| self.sources.get(*source))
            .map(|source| source.kept)
            .sum()
    }

    /// The counts, once it is sure that no row appeared or disappeared.
    pub(crate) fn close(&self) -> Result<Vec<SourceSummary>, AggregateError> {
        self.sources.values().try_for_each(SourceSummary::check)?;
        Ok(self.sources.values().cloned().collect())
    }

    /// The findings, in an order that depends on nothing else.
    pub(crate) fn rejects(mut self) -> PolarsResult<DataFrame> {
        // By all their fields, so that two runs give the same bytes.
        self.found.sort_unstable();
        let found = &self.found;
        let texts = |name: &str, text: fn(&Found) -> &str| column(name, found.iter().map(text));
        let lines: Vec<Option<u32>> = found.iter().map(|one| one.source_line).collect();
        let hours: Vec<Option<i64>> = found
            .iter()
            .map(|one| Some(one.hour?.start().timestamp_micros()))
            .collect();

        DataFrame::new(
            found.len(),
            vec![
                texts("code", |one| one.code),
                texts("rule", |one| one.rule),
                texts("outcome", |one| one.action.as_str()),
                texts("source", |one| &one.source),
                texts("source_file", |one| &one.source_file),
                Series::new("source_line".into(), lines).into(),
                Series::new("hour".into(), hours)
                    .cast(&instant_type())?
                    .into(),
                texts("detail", |one| &one.detail),
            ],
        )
    }

    fn source(&mut self, source: &str) -> &mut SourceSummary {
        self.sources
            .entry(source.to_owned())
            .or_insert_with(|| SourceSummary::new(source))
    }

    fn text(&mut self, text: &str) -> Arc<str> {
        // Looked up by its text: no copy for a name that is known.
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&new));
        new
    }
}

fn column<'a>(name: &str, texts: impl Iterator<Item = &'a str>) -> Column {
    Series::new(name.into(), texts.collect::<Vec<_>>()).into()
}

impl SourceSummary {
    fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            ..Self::default()
        }
    }

    fn count(&mut self, rule: &CleaningRule) {
        let counts = match rule.action() {
            Action::Rejected => &mut self.rejected,
            Action::Repaired => &mut self.repaired,
            Action::Reported => &mut self.reported,
        };
        *counts.entry(rule.name.to_owned()).or_default() += 1;
    }

    fn check(&self) -> Result<(), AggregateError> {
        let rejected = self.rejected_rows();
        match self.kept + rejected == self.read {
            true => Ok(()),
            false => Err(AggregateError::Inconsistent {
                step: self.source.clone(),
                read: self.read,
                kept: self.kept,
                rejected,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_disappears_is_an_error_that_names_the_source() {
        let mut ledger = Ledger::default();
        ledger.read("events", 3);
        ledger.keep("events", 1);
        ledger.find("events", Finding::unreadable_instant("events.jsonl", 2));

        let error = ledger.close().unwrap_err();
        assert_eq!(
            error.to_string(),
            "events: 3 rows read, but 1 kept and 1 rejected"
        );

        ledger.keep("events", 1);
        assert_eq!(ledger.close().unwrap()[0].rejected["unreadable_instant"], 1);
        assert_eq!(ledger.rejects().unwrap().height(), 1);
    }
}
