use std::fs::File;

use chrono::DateTime;
use polars::prelude::{Column, NamedFrom, ParquetWriter, Series};
use tempfile::TempDir;

use super::*;
use crate::instant::hour_of;

/// A frame of trips of 1 March 2026, from one line a trip: file, line, identifier, start, end,
/// station, name, and at will the station where it ends. A dash is null; an instant is a time of
/// that day, or a full one.
pub(crate) fn trips(text: &str) -> DataFrame {
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .filter(|line: &Vec<_>| !line.is_empty())
        .collect();
    let texts = |name: &str, field: usize| {
        let texts = lines.iter().map(|line| line.get(field).copied());
        let values: Vec<_> = texts.map(|text| text.filter(|text| *text != "-")).collect();
        Column::from(Series::new(name.into(), values))
    };
    let instants = |name: &str, field: usize, step: i64| {
        let values = lines
            .iter()
            .map(|line| instant(line[field]).map(|instant| instant.div_euclid(step) * step));
        Column::from(
            Series::new(name.into(), values.collect::<Vec<_>>())
                .cast(&instant_type())
                .unwrap(),
        )
    };
    let nulls = |name: &str| {
        Column::from(
            Series::new(name.into(), vec![None::<i64>; lines.len()])
                .cast(&type_of(name))
                .unwrap(),
        )
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
        texts("end_station_id", 7),
        Column::from(Series::new("source".into(), vec!["file"; lines.len()])),
    ];
    let given: Vec<String> = columns
        .iter()
        .map(|column| column.name().to_string())
        .collect();
    columns.extend(
        PUBLISHED_COLUMNS
            .into_iter()
            .filter(|name| !given.contains(&(*name).to_owned()))
            .map(nulls),
    );
    DataFrame::new(lines.len(), columns).unwrap()
}

fn instant(text: &str) -> Option<i64> {
    let text = match text {
        "-" => return None,
        time if time.len() < 9 => format!("2026-03-01T{time}Z"),
        full => full.to_owned(),
    };
    Some(
        DateTime::parse_from_rfc3339(&text)
            .unwrap()
            .timestamp_micros(),
    )
}

/// The lines of a frame, in order.
pub(crate) fn lines(frame: &DataFrame) -> Vec<u32> {
    let mut lines: Vec<u32> = frame
        .column("source_line")
        .unwrap()
        .u32()
        .unwrap()
        .iter()
        .flatten()
        .collect();
    lines.sort_unstable();
    lines
}

/// A file of canonical trips: of the lake when its name begins so, or else received as a file.
pub(crate) fn write(folder: &TempDir, name: &str, frame: &DataFrame) -> TripFile {
    write_groups(folder, name, frame, frame.height())
}

/// The same, in row groups of `rows`.
pub(crate) fn write_groups(
    folder: &TempDir,
    name: &str,
    frame: &DataFrame,
    rows: usize,
) -> TripFile {
    let path = folder.path().join(name);
    let columns = frame
        .get_column_names_owned()
        .into_iter()
        .filter(|name| name.as_str() != "source");
    let mut canonical = frame.select(columns).unwrap();
    let writer =
        ParquetWriter::new(File::create(&path).unwrap()).with_row_group_size(Some(rows.max(1)));

    writer.finish(&mut canonical).unwrap();
    let source = if name.starts_with("lake") {
        "lake"
    } else {
        "file"
    };

    TripFile { source, path }
}

const WEEKS: &str = "
    a.csv 2 1 2026-01-05T08:00:00Z 2026-01-05T08:10:00Z A Gare
    a.csv 3 2 2026-01-06T08:00:00Z 2026-01-06T08:10:00Z A Gare
    a.csv 4 3 2026-01-20T08:00:00Z 2026-01-20T08:10:00Z A Gare
    a.csv 5 4 -                    2026-01-20T08:10:00Z A Gare";

/// The lines of the pieces in the order in which they are read, and the first start of the pieces
/// that follow, as a date.
fn pieces(trips: &Trips) -> Vec<(Vec<u32>, String)> {
    let mut pieces = Vec::new();
    let read = trips.for_each_piece(&["started_at", "source_line"], |piece| {
        let next = piece.next_start.map_or("-".to_owned(), |start| {
            hour_of(start).to_string()[..10].to_owned()
        });
        pieces.push((lines(&piece.frame), next));
        Ok(())
    });
    read.unwrap();
    pieces
}

#[test]
fn pieces_are_read_in_the_order_of_their_first_start_and_no_row_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let newest = WEEKS.lines().rev().collect::<Vec<_>>().join("\n");
    let file = write_groups(&folder, "file.parquet", &trips(&newest), 2);
    let lake = write(
        &folder,
        "lake.parquet",
        &trips("b.csv 9 9 2026-01-05T23:00:00Z - A Gare"),
    );

    let trips = Trips::open(&[lake, file]).unwrap();
    let expected = [
        (vec![2, 3], "2026-01-05"),
        (vec![9], "2026-01-20"),
        (vec![4, 5], "-"),
    ];

    assert_eq!(
        pieces(&trips),
        expected.map(|(lines, next)| (lines, next.to_owned()))
    );
    assert_eq!(trips.len(), 3);
}

#[test]
fn rows_are_read_whole_by_their_positions_in_the_order_of_files() {
    let folder = tempfile::tempdir().unwrap();
    let lake = write(
        &folder,
        "lake.parquet",
        &trips("b.csv 9 9 2026-01-05T23:00:00Z - A Gare"),
    );
    let file = write_groups(&folder, "file.parquet", &trips(WEEKS), 2);

    let trips = Trips::open(&[lake, file]).unwrap();
    let at = |(piece, row)| Position { piece, row };
    let rows = trips
        .rows([(2, 0), (1, 1), (0, 0), (1, 0)].map(at).to_vec())
        .unwrap();

    let column = |name: &str| {
        let text = rows.column(name).unwrap().cast(&DataType::String).unwrap();
        text.str()
            .unwrap()
            .iter()
            .map(|text| text.unwrap_or("-").to_owned())
            .collect::<Vec<_>>()
    };

    assert_eq!(column("source_line"), ["9", "2", "3", "4"]);
    assert_eq!(column("source"), ["lake", "file", "file", "file"]);
    assert_eq!(rows.width(), 16 + 1);
    assert_eq!(trips.rows(Vec::new()).unwrap().height(), 0);
}

#[test]
fn the_rows_of_an_hour_are_found_in_every_file() {
    let folder = tempfile::tempdir().unwrap();
    let lake = write(
        &folder,
        "lake.parquet",
        &trips("b.csv 9 9 2026-01-06T08:59:59Z - A Gare"),
    );
    let file = write_groups(&folder, "file.parquet", &trips(WEEKS), 1);
    let trips = Trips::open(&[lake, file]).unwrap();
    let found = |hour: &str| lines(&trips.rows_of(hour.parse().unwrap()).unwrap());
    assert_eq!(found("2026-01-06T08:00:00Z"), [3, 9]);
    assert_eq!(found("2026-01-06T09:00:00Z"), Vec::<u32>::new());
}

#[test]
fn a_file_without_a_column_that_rules_need_is_named_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        &folder,
        "file.parquet",
        &trips(WEEKS).drop("start_station_id").unwrap(),
    );
    let error = Trips::open(std::slice::from_ref(&file)).err().unwrap();

    assert_eq!(
        error.to_string(),
        format!(
            "{}: column `start_station_id` is missing",
            file.path.display()
        )
    );
}

#[test]
fn columns_that_no_rule_needs_may_be_absent() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        &folder,
        "file.parquet",
        &trips(WEEKS).drop_many(["rider_type", "end_latitude", "trip_id"]),
    );
    let trips = Trips::open(&[file]).unwrap();

    let hour = "2026-01-06T08:00:00Z".parse().unwrap();

    assert_eq!(
        trips
            .rows_of(hour)
            .unwrap()
            .column("trip_id")
            .unwrap()
            .null_count(),
        1
    );
}

#[test]
fn a_truncated_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder, "file.parquet", &trips(WEEKS));
    let bytes = std::fs::read(&file.path).unwrap();
    std::fs::write(&file.path, &bytes[..bytes.len() / 2]).unwrap();
    let error = Trips::open(std::slice::from_ref(&file))
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.starts_with(&format!("{}: cannot be read: ", file.path.display())),
        "{error}"
    );
}
