use std::fs::File;

use filrouge_lake::{ReadOptions, convert};
use polars::prelude::{ParquetReader, SerReader};

use crate::files::{Folder, LYFT};

#[test]
fn files_become_one_canonical_parquet_file() {
    let folder = Folder::new();
    let (first, second) = (
        folder.file("a.csv", LYFT),
        folder.file("b.csv", LYFT.replace("A1", "B1")),
    );
    let target = folder.path("out/trips.parquet");
    let converted = convert(&[first, second], &target, ReadOptions::default()).unwrap();
    assert_eq!((converted.rows, converted.files.len()), (6, 2));
    let frame = ParquetReader::new(File::open(&target).unwrap())
        .finish()
        .unwrap();
    assert_eq!(frame.height(), 6);
    let types: Vec<String> = frame
        .columns()
        .iter()
        .map(|column| format!("{} {}", column.name(), column.dtype()))
        .collect();
    assert_eq!(
        types,
        [
            "trip_id str",
            "started_at datetime[μs, UTC]",
            "ended_at datetime[μs, UTC]",
            "started_hour datetime[μs, UTC]",
            "start_station_id str",
            "start_station_name str",
            "end_station_id str",
            "end_station_name str",
            "start_latitude f64",
            "start_longitude f64",
            "end_latitude f64",
            "end_longitude f64",
            "duration_seconds i64",
            "rider_type str",
            "source_file str",
            "source_line u32",
        ]
    );
}

#[test]
fn a_bad_file_leaves_the_previous_result() {
    let folder = Folder::new();
    let target = folder.file("trips.parquet", "before");

    let error = convert(
        &[folder.file("a.csv", "x\n")],
        &target,
        ReadOptions::default(),
    )
    .unwrap_err();

    assert!(
        error.to_string().contains("a.csv: not a table of trips"),
        "{error}"
    );
    assert_eq!(std::fs::read(&target).unwrap(), b"before");
}

#[test]
fn no_file_at_all_is_an_empty_table_with_its_columns() {
    let folder = Folder::new();
    let target = folder.path("trips.parquet");

    assert_eq!(
        convert(&[], &target, ReadOptions::default()).unwrap().rows,
        0
    );

    assert_eq!(
        ParquetReader::new(File::open(&target).unwrap())
            .finish()
            .unwrap()
            .shape(),
        (0, 16)
    );
}
