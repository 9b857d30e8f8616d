//! Histories of several years in the shapes of one system: a sample of our own making, then the
//! real one where it is at hand.

use std::path::{Path, PathBuf};

use filrouge_aggregate::{Options, Summary, aggregate_trips};
use filrouge_dataset::read_dataset;
use filrouge_lake::{ReadOptions, convert};
use filrouge_prerequisites as prerequisites;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples/trips");

/// The files of `trips` whose name passes, converted, then aggregated into `folder`.
fn aggregate_files(folder: &Path, trips: &Path, names: impl Fn(&str) -> bool) -> Summary {
    let entries = std::fs::read_dir(trips).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| names(&path.file_name().unwrap().to_string_lossy()));
    files.sort();

    let trips = folder.join("trips.parquet");
    convert(&files, &trips, ReadOptions::default()).unwrap();
    let options = Options {
        time_zone: chrono_tz::Europe::London,
        ..Options::new(chrono_tz::Europe::Paris)
    };

    aggregate_trips(&[trips], &folder.join("clean"), &options).unwrap()
}

// Preuve: C3.1 une histoire entière, dont chaque ligne est gardée ou écartée avec sa raison
#[test]
fn every_row_of_a_history_is_kept_or_set_aside_with_a_reason() {
    let summary = every_row_is_kept_or_set_aside(Path::new(SAMPLES));

    // A row given twice, a bike kept for 27 days, an earlier export of a month.
    assert!(summary.trips_rejected() >= 42, "{summary}");
}

#[test]
fn every_row_of_a_real_history_is_kept_or_set_aside_with_a_reason() {
    if let Some(trips) = prerequisites::real_data("trips-edinburgh") {
        println!("{}", every_row_is_kept_or_set_aside(&trips));
    }
}

fn every_row_is_kept_or_set_aside(trips: &Path) -> Summary {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let summary = aggregate_files(folder, trips, |name| name.ends_with(".csv.gz"));

    assert_eq!(
        summary.trips_kept() + summary.trips_rejected(),
        summary.trips_read()
    );
    assert_eq!(
        summary.departures + summary.departures_after,
        summary.trips_kept()
    );

    let dataset = read_dataset(&folder.join("clean/station_hours.parquet")).unwrap();
    assert_eq!(dataset.warnings, []);
    assert_eq!(dataset.table.len() as u64, summary.station_hours);

    // August 2019 and the summer of 2020 were never published: nobody knows that nobody rode.
    let hour = |text: &str| text.parse::<filrouge_types::Hour>().unwrap();

    assert!(
        !dataset
            .table
            .conditions
            .hour
            .contains(&hour("2019-08-15T12:00:00Z"))
    );

    assert!(
        dataset
            .table
            .conditions
            .hour
            .contains(&hour("2019-07-15T12:00:00Z"))
    );

    assert!(summary.hours_without_history > 200 * 24);

    summary
}

#[test]
fn an_older_export_of_a_month_adds_no_trip_that_the_newer_one_holds() {
    an_older_export_adds_nothing(Path::new(SAMPLES));
}

#[test]
fn an_older_real_export_of_a_month_adds_no_trip_that_the_newer_one_holds() {
    if let Some(trips) = prerequisites::real_data("trips-edinburgh") {
        an_older_export_adds_nothing(&trips);
    }
}

fn an_older_export_adds_nothing(trips: &Path) {
    let [one, both] = [false, true].map(|with_older| {
        let folder = tempfile::tempdir().unwrap();
        aggregate_files(folder.path(), trips, |name| {
            name == "202012.csv.gz" || (with_older && name.starts_with("202012_older"))
        })
    });

    assert!(both.trips_read() > one.trips_read());
    assert_eq!(both.trips_kept(), one.trips_kept());
}
