//! The count of every row: what was read, kept, and set aside, by source and rule.

use std::collections::BTreeMap;

use polars::prelude::{
    Column, DataFrame, DataType, IntoLazy, NamedFrom, PolarsResult, Series, SortMultipleOptions,
    UnionArgs, col, concat, len, lit,
};

use crate::rules::{Action, FOUND_COLUMNS, Rule, UNKNOWN_STATION, UNREADABLE_INSTANT};
use crate::trips::instant_type;
use crate::{AggregateError, SourceSummary};

/// The counts so far, and the rows of `rejects.parquet`.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    sources: BTreeMap<String, SourceSummary>,
    found: Vec<DataFrame>,
    findings: Vec<(String, Finding)>,
}

/// A record, other than a trip or an hour of weather, that cannot be used.
#[derive(Debug)]
pub(crate) struct Finding {
    rule: Rule,
    source_file: String,
    source_line: Option<u32>,
    detail: &'static str,
}

impl Finding {
    /// A record whose date is absent or could not be read.
    pub(crate) fn unreadable_instant(source_file: &str, source_line: u32) -> Self {
        let (source_line, detail) = (Some(source_line), "no readable date");
        Self {
            rule: UNREADABLE_INSTANT,
            source_file: source_file.to_owned(),
            source_line,
            detail,
        }
    }

    /// A record about a station that has no identifier, or one that no source describes.
    pub(crate) fn unknown_station(source_file: &str, detail: &'static str) -> Self {
        Self {
            rule: UNKNOWN_STATION,
            source_file: source_file.to_owned(),
            source_line: None,
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

    pub(crate) fn reject(&mut self, source: &str, finding: Finding) {
        self.source(source).count(&finding.rule, 1);
        self.findings.push((source.to_owned(), finding));
    }

    /// Counts rows whose station bore another of its identifiers.
    pub(crate) fn identify(&mut self, source: &str, rows: usize) {
        self.source(source).identified += rows as u64;
    }

    /// Counts and keeps what a rule found.
    pub(crate) fn add_found(&mut self, rule: &Rule, found: DataFrame) -> PolarsResult<()> {
        if found.height() == 0 {
            return Ok(());
        }

        for (source, rows) in count_by_source(&found)? {
            self.source(&source).count(rule, rows as u64);
        }

        let named = [
            ("code", rule.code),
            ("rule", rule.name),
            ("outcome", rule.action.as_str()),
        ];
        let named = named.map(|(column, value)| lit(value).alias(column));

        self.found.push(
            found
                .lazy()
                .select(FOUND_COLUMNS.map(col))
                .with_columns(named)
                .collect()?,
        );

        Ok(())
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

    /// What the rules found, in an order that depends on nothing else.
    pub(crate) fn rejects(self) -> PolarsResult<DataFrame> {
        let mut frames: Vec<_> = self.found.into_iter().map(IntoLazy::lazy).collect();
        frames.push(frame_of(&self.findings)?.lazy());
        let columns = ["code", "rule", "outcome"]
            .into_iter()
            .chain(FOUND_COLUMNS)
            .map(col)
            .collect::<Vec<_>>();
        let order = [
            "code",
            "source",
            "source_file",
            "source_line",
            "hour",
            "detail",
        ];
        let selected = frames
            .into_iter()
            .map(|frame| frame.select(columns.clone()))
            .collect::<Vec<_>>();
        concat(selected, UnionArgs::default())?
            .sort(order, SortMultipleOptions::default())
            .collect()
    }

    fn source(&mut self, source: &str) -> &mut SourceSummary {
        self.sources
            .entry(source.to_owned())
            .or_insert_with(|| SourceSummary::new(source))
    }
}

/// The rows of a frame, by the source that its column says.
pub(crate) fn count_by_source(frame: &DataFrame) -> PolarsResult<Vec<(String, usize)>> {
    let counts = frame
        .clone()
        .lazy()
        .group_by([col("source")])
        .agg([len().cast(DataType::Int64).alias("rows")])
        .sort(["source"], SortMultipleOptions::default())
        .collect()?;

    let (sources, rows) = (
        counts.column("source")?.str()?.clone(),
        counts.column("rows")?.i64()?.clone(),
    );
    let pairs = sources.iter().zip(rows.iter());

    Ok(pairs
        .filter_map(|(source, rows)| Some((source?.to_owned(), usize::try_from(rows?).ok()?)))
        .collect())
}

fn frame_of(findings: &[(String, Finding)]) -> PolarsResult<DataFrame> {
    let texts = |name: &str, value: &dyn Fn(&(String, Finding)) -> String| {
        Column::from(Series::new(
            name.into(),
            findings.iter().map(value).collect::<Vec<String>>(),
        ))
    };
    let lines: Vec<Option<u32>> = findings
        .iter()
        .map(|(_, finding)| finding.source_line)
        .collect();
    let hours: Vec<Option<i64>> = vec![None; findings.len()];
    DataFrame::new(
        findings.len(),
        vec![
            texts("code", &|(_, finding)| finding.rule.code.to_owned()),
            texts("rule", &|(_, finding)| finding.rule.name.to_owned()),
            texts("outcome", &|(_, finding)| {
                finding.rule.action.as_str().to_owned()
            }),
            texts("source", &|(source, _)| source.clone()),
            texts("source_file", &|(_, finding)| finding.source_file.clone()),
            Series::new("source_line".into(), lines).into(),
            Series::new("hour".into(), hours)
                .cast(&instant_type())?
                .into(),
            texts("detail", &|(_, finding)| finding.detail.to_owned()),
        ],
    )
}

impl SourceSummary {
    fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            ..Self::default()
        }
    }

    fn count(&mut self, rule: &Rule, rows: u64) {
        let counts = match rule.action {
            Action::Rejected => &mut self.rejected,
            Action::Repaired => &mut self.repaired,
            Action::Reported => &mut self.reported,
        };
        *counts.entry(rule.name.to_owned()).or_default() += rows;
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
        ledger.reject("events", Finding::unreadable_instant("events.jsonl", 2));
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
