//! What a careful reader finds wrong in a trip file, knowing nothing of how it was made.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{NaiveDateTime, TimeDelta};

use crate::defects::{Defect, DefectKind};
use crate::geography::{STATIONS, station_code};

/// A row by the names of its columns.
pub(super) struct Row {
    line: u64,
    fields: Vec<(String, String)>,
}

impl Row {
    pub(super) fn field(&self, name: &str) -> &str {
        &self
            .fields
            .iter()
            .find(|(column, _)| column == name)
            .unwrap()
            .1
    }

    fn instant(&self, name: &str) -> Option<NaiveDateTime> {
        NaiveDateTime::parse_from_str(self.field(name), "%Y-%m-%d %H:%M:%S%.3f").ok()
    }
}

pub(super) fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();

    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.unwrap();
        let fields = header
            .iter()
            .zip(&record)
            .map(|(name, value)| (name.to_owned(), value.to_owned()));

        Row {
            line: record.position().unwrap().line(),
            fields: fields.collect(),
        }
    };

    reader.records().map(row).collect()
}

pub(super) fn defects(path: &Path) -> Vec<Defect> {
    let known: BTreeSet<String> = (0..STATIONS.len()).map(station_code).collect();
    let mut seen = BTreeSet::new();

    let mut judge = |row: &Row| {
        if !seen.insert(row.fields.clone()) {
            Some(DefectKind::DuplicateTrip)
        } else {
            kind(row, &known)
        }
    };

    let file = path.file_name().unwrap().to_str().unwrap().to_owned();
    let defect = |row: Row| {
        let kind = judge(&row)?;
        Some(Defect {
            kind,
            file: file.clone(),
            line: Some(row.line),
            hour: None,
        })
    };

    rows(path).into_iter().filter_map(defect).collect()
}

fn kind(row: &Row, known: &BTreeSet<String>) -> Option<DefectKind> {
    let Some(started_at) = row.instant("started_at") else {
        return Some(DefectKind::UnreadableInstant);
    };
    let duration = row.instant("ended_at").unwrap() - started_at;
    let station = row.field("start_station_id");
    let mut kinds = Vec::new();

    if duration < TimeDelta::zero() {
        kinds.push(if is_of_the_night(row) {
            DefectKind::ClockChange
        } else {
            DefectKind::NegativeDuration
        });
    }

    if duration > TimeDelta::hours(24) {
        kinds.push(DefectKind::ExcessiveDuration);
    }

    if station.is_empty() {
        kinds.push(DefectKind::MissingStation);
    } else if !known.contains(station) {
        kinds.push(DefectKind::UnknownStation);
    }

    if row.field("start_station_name").contains(['Ã', '€']) {
        kinds.push(DefectKind::WrongEncoding);
    }

    assert!(kinds.len() <= 1, "{kinds:?} on line {}", row.line);

    kinds.pop()
}

/// The end was between one and two o'clock UTC, and is written one hour early.
fn is_of_the_night(row: &Row) -> bool {
    row.field("ended_at").starts_with("2025-10-26 00:")
}
