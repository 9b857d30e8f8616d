use filrouge_dataset::{read_conditions, read_dataset};
use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, NamedFrom, Series, TimeUnit, TimeZone,
};

use crate::files::{Folder, full_row, row};

/// 2026-03-01T08:00:00Z, in seconds.
const EIGHT: i64 = 1_772_352_000;

fn stations(names: &[&str]) -> Column {
    Series::new("station_id".into(), names).into_column()
}

fn hours(seconds: &[i64], unit: TimeUnit, zone: Option<TimeZone>) -> Column {
    let scale = match unit {
        TimeUnit::Nanoseconds => 1_000_000_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Milliseconds => 1_000,
    };
    let values: Vec<i64> = seconds.iter().map(|second| second * scale).collect();
    Series::new("hour".into(), values)
        .cast(&DataType::Datetime(unit, zone))
        .unwrap()
        .into_column()
}

fn frame(columns: Vec<Column>) -> DataFrame {
    DataFrame::new_infer_height(columns).unwrap()
}

#[test]
fn timestamps_of_any_unit_naive_or_utc_are_the_same_hour() {
    let folder = Folder::new();

    for unit in [
        TimeUnit::Nanoseconds,
        TimeUnit::Microseconds,
        TimeUnit::Milliseconds,
    ] {
        for zone in [None, Some(TimeZone::UTC)] {
            let departures = Series::new("departures".into(), [5_i32]).into_column();
            let path = folder.parquet(
                "h.parquet",
                frame(vec![
                    stations(&["A"]),
                    hours(&[EIGHT], unit, zone),
                    departures,
                ]),
            );

            let rows: Vec<_> = read_dataset(&path).unwrap().table.iter().collect();
            assert_eq!(rows, [row("A", "2026-03-01T08:00:00Z", 5)], "{unit:?}");
        }
    }
}

#[test]
fn numbers_and_booleans_are_understood_in_other_types() {
    let folder = Folder::new();
    let columns = vec![
        Series::new("station_id".into(), [1042_i64]).into_column(),
        Series::new("hour".into(), ["2026-03-01T08:00:00"]).into_column(),
        Series::new("departures".into(), [5.0_f64]).into_column(),
        Series::new("temperature_c".into(), [-3.5_f64]).into_column(),
        Series::new("apparent_temperature_c".into(), ["-7"]).into_column(),
        Series::new("relative_humidity_pct".into(), [81_i64]).into_column(),
        Series::new("wind_speed_kmh".into(), [12.25_f32]).into_column(),
        Series::new("precipitation_mm".into(), [0.1_f64]).into_column(),
        Series::new("weather_code".into(), [71.0_f64]).into_column(),
        Series::new("is_public_holiday".into(), [1_i32]).into_column(),
        Series::new("is_school_holiday".into(), ["False"]).into_column(),
        Series::new("event_count".into(), [2_i16]).into_column(),
    ];

    let path = folder.parquet("h.parquet", frame(columns));
    let rows: Vec<_> = read_dataset(&path).unwrap().table.iter().collect();
    assert_eq!(rows, [full_row("1042", "2026-03-01T08:00:00Z", 5)]);
}

#[test]
fn whole_numbers_of_any_width_are_read() {
    let folder = Folder::new();
    let eight = || hours(&[EIGHT], TimeUnit::Microseconds, None);
    let departures = Series::new("departures".into(), [5_i64]);

    for width in [
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
        DataType::Int8,
        DataType::Int16,
    ] {
        let departures = departures.cast(&width).unwrap().into_column();
        let code = Series::new("weather_code".into(), [71_i64])
            .cast(&width)
            .unwrap()
            .into_column();
        let path = folder.parquet(
            "h.parquet",
            frame(vec![stations(&["A"]), eight(), departures, code]),
        );

        let table = read_dataset(&path).unwrap().table;

        assert_eq!(
            (table.departures[0], table.conditions.weather_code[0]),
            (5, Some(71)),
            "{width}"
        );
    }
}

#[test]
fn an_error_names_the_column_and_the_row() {
    let folder = Folder::new();
    let hours = hours(&[EIGHT, EIGHT + 3600], TimeUnit::Microseconds, None);
    let departures = Series::new("departures".into(), [Some(1_i64), None]).into_column();
    let path = folder.parquet(
        "h.parquet",
        frame(vec![stations(&["A", "A"]), hours, departures]),
    );

    let error = read_dataset(&path).unwrap_err().to_string();

    assert!(
        error.ends_with("h.parquet: column `departures`, row 2: a value is missing"),
        "{error}"
    );
    assert_eq!(read_conditions(&path).unwrap().table.len(), 2);
}

#[test]
fn a_truncated_file_is_named() {
    let folder = Folder::new();
    let hours = hours(&[EIGHT], TimeUnit::Microseconds, None);
    let path = folder.parquet("cut.parquet", frame(vec![stations(&["A"]), hours]));
    let bytes = std::fs::read(&path).unwrap();
    for length in [4, 12, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let error = read_conditions(&path).unwrap_err().to_string();
        assert!(error.contains("cut.parquet: cannot be read"), "{error}");
    }
}

/// Names the file for the process that damages it.
const WHOLE: &str = "FILROUGE_DAMAGED";

/// Each byte of a small file damaged in turn, in a process of its own whose output is looked at:
/// `cargo test` prints the panics of tests, so that only a child can show that there is none.
#[test]
fn a_damaged_file_is_one_error_and_no_panic_is_printed() {
    let folder = Folder::new();
    let seconds: Vec<i64> = (0..200).map(|hour| EIGHT + 3600 * hour).collect();
    let columns = vec![
        stations(&["A"; 200]),
        hours(&seconds, TimeUnit::Microseconds, None),
    ];
    let path = folder.parquet("whole.parquet", frame(columns));

    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "parquet::each_byte_is_damaged_in_turn",
            "--nocapture",
        ])
        .env(WHOLE, &path)
        .output()
        .unwrap();

    let told = String::from_utf8_lossy(&child.stderr);
    let result = String::from_utf8_lossy(&child.stdout);

    assert!(
        child.status.success() && result.contains("1 passed") && !told.contains("panicked"),
        "{result}{told}"
    );
}

#[test]
#[ignore = "the test above runs this one, and names the file"]
fn each_byte_is_damaged_in_turn() {
    let folder = Folder::new();
    let bytes = std::fs::read(std::env::var_os(WHOLE).unwrap()).unwrap();

    for at in 4..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        let copy = folder.path("damaged.parquet");
        std::fs::write(&copy, damaged).unwrap();
        if let Err(error) = read_conditions(&copy) {
            assert!(error.to_string().contains("damaged.parquet"), "{error}");
        }
    }
}
