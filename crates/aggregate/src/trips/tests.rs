use std::fs::File;

use chrono::DateTime;
use polars::prelude::{Column, NamedFrom, ParquetWriter, Series};
use tempfile::TempDir;

use super::*;
use crate::ledger::Ledger;

/// A frame of trips of 1 March 2026, from one line a trip: file, line, identifier, start, end, station, name. A dash is
/// null; an instant is a time of that day, or a full one.
pub(crate) fn trips(text: &str) -> DataFrame {
    let lines: Vec<Vec<&str>> =
        text.lines().map(|line| line.split_whitespace().collect()).filter(|line: &Vec<_>| !line.is_empty()).collect();
    let texts = |name: &str, field: usize| {
        let values = lines.iter().map(|line| Some(line[field]).filter(|text| *text != "-")).collect::<Vec<_>>();
        Column::from(Series::new(name.into(), values))
    };
    let instants = |name: &str, field: usize, step: i64| {
        let values = lines.iter().map(|line| instant(line[field]).map(|instant| instant.div_euclid(step) * step));
        Column::from(Series::new(name.into(), values.collect::<Vec<_>>()).cast(&instant_type()).unwrap())
    };
    let nulls = |name: &str| {
        Column::from(Series::new(name.into(), vec![None::<i64>; lines.len()]).cast(&type_of(name)).unwrap())
    };
    let numbers: Vec<u32> = lines.iter().map(|line| line[1].parse().unwrap()).collect();
    let mut columns = vec![
        texts("source_file", 0),
        Column::from(Series::new("source_line".into(), numbers)),
        texts("trip_id", 2),
        instants("started_at", 3, 1),
        instants("started_hour", 3, 3_600_000_000),
        instants("ended_at", 4, 1),
        texts("start_station_id", 5),
        texts("start_station_name", 6),
        Column::from(Series::new("source".into(), vec!["file"; lines.len()])),
    ];
    let given: Vec<String> = columns.iter().map(|column| column.name().to_string()).collect();
    columns.extend(PUBLISHED_COLUMNS.into_iter().filter(|name| !given.contains(&(*name).to_owned())).map(nulls));
    DataFrame::new(lines.len(), columns).unwrap().with_row_index(ROW.into(), None).unwrap()
}

fn instant(text: &str) -> Option<i64> {
    let text = match text {
        "-" => return None,
        time if time.len() < 9 => format!("2026-03-01T{time}Z"),
        full => full.to_owned(),
    };
    Some(DateTime::parse_from_rfc3339(&text).unwrap().timestamp_micros())
}

/// The lines of a frame, in order.
pub(crate) fn lines(frame: &DataFrame) -> Vec<u32> {
    let mut lines: Vec<u32> = frame.column("source_line").unwrap().u32().unwrap().iter().flatten().collect();
    lines.sort_unstable();
    lines
}

pub(crate) fn write(folder: &TempDir, name: &str, frame: &DataFrame) -> TripFile {
    let path = folder.path().join(name);
    let columns = frame.get_column_names_owned().into_iter().filter(|name| !["row", "source"].contains(&name.as_str()));
    let mut canonical = frame.select(columns).unwrap();
    ParquetWriter::new(File::create(&path).unwrap()).finish(&mut canonical).unwrap();
    let source = if name.starts_with("lake") { "lake" } else { "file" };
    TripFile { source, path }
}

const WEEKS: &str = "
    a.csv 2 1 2026-01-05T08:00:00Z 2026-01-05T08:10:00Z A Gare
    a.csv 3 2 2026-01-06T08:00:00Z 2026-01-06T08:10:00Z A Gare
    a.csv 4 3 2026-01-20T08:00:00Z 2026-01-20T08:10:00Z A Gare
    a.csv 5 4 -                    2026-01-20T08:10:00Z A Gare";

#[test]
fn batches_are_whole_weeks_and_no_row_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder, "file.parquet", &trips(WEEKS));
    for (rows, expected) in [
        (100, vec![vec![5], vec![2, 3, 4]]),
        (2, vec![vec![5], vec![2, 3], vec![4]]),
        (1, vec![vec![5], vec![2, 3], vec![4]]),
    ] {
        let trips = Trips::open(std::slice::from_ref(&file)).unwrap().in_batches_of(rows);
        let mut ledger = Ledger::default();
        let batches = trips.batches().unwrap();
        let read = batches.iter().map(|batch| lines(&trips.read(batch, &mut ledger).unwrap()));
        assert_eq!(read.collect::<Vec<_>>(), expected, "{rows}");
        ledger.keep("file", 4);
        assert_eq!(ledger.close().unwrap()[0].read, 4);
    }
}

#[test]
fn a_row_that_the_lake_and_the_file_hold_counts_once_and_a_changed_one_twice() {
    let folder = tempfile::tempdir().unwrap();
    let lake = write(
        &folder,
        "lake.parquet",
        &trips("m.csv 2 1 08:00:00 08:10:00 A Gare\nm.csv 3 2 08:00:00 08:20:00 A Gare"),
    );
    let file = write(
        &folder,
        "file.parquet",
        &trips(
            "m.csv 2 1 08:00:00 08:10:00 A Gare
             m.csv 3 2 08:00:00 08:21:00 A Gare
             m.csv 4 3 09:00:00 09:10:00 A Gare",
        ),
    );
    let mut ledger = Ledger::default();
    let trips = Trips::open(&[lake, file]).unwrap();
    let batch = trips.batches().unwrap().remove(0);
    assert_eq!(lines(&trips.read(&batch, &mut ledger).unwrap()), [2, 3, 3, 4]);
    ledger.keep("lake", 2);
    ledger.keep("file", 2);
    let [file, lake] = &ledger.close().unwrap()[..] else { panic!("two sources") };
    assert_eq!((lake.read, lake.repeated, file.read, file.repeated), (2, 0, 2, 1));
}

#[test]
fn a_file_without_a_column_that_rules_need_is_named_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder, "file.parquet", &trips(WEEKS).drop("start_station_id").unwrap());
    let error = Trips::open(std::slice::from_ref(&file)).err().unwrap();
    assert_eq!(error.to_string(), format!("{}: column `start_station_id` is missing", file.path.display()));
}

#[test]
fn columns_that_no_rule_needs_may_be_absent() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder, "file.parquet", &trips(WEEKS).drop_many(["rider_type", "end_latitude", "trip_id"]));
    let trips = Trips::open(&[file]).unwrap();
    assert_eq!(trips.batches().unwrap().len(), 2);
}

#[test]
fn a_truncated_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder, "file.parquet", &trips(WEEKS));
    let bytes = std::fs::read(&file.path).unwrap();
    std::fs::write(&file.path, &bytes[..bytes.len() / 2]).unwrap();
    let error = Trips::open(std::slice::from_ref(&file)).err().unwrap().to_string();
    assert!(error.starts_with(&format!("{}: cannot be read: ", file.path.display())), "{error}");
}
