//! A real history: several years of one system, as it was published.

use std::path::{Path, PathBuf};

use filrouge_aggregate::{Options, Summary, aggregate_trips};
use filrouge_dataset::read_dataset;
use filrouge_lake::{ReadOptions, convert};

const TRIPS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/trips-edinburgh"
);

/// The files whose name passes, converted, then aggregated into `folder`.
fn aggregate_files(folder: &Path, names: impl Fn(&str) -> bool) -> Option<Summary> {
    let Ok(entries) = std::fs::read_dir(TRIPS) else {
        println!("passed over: the real trip histories are not here");
        return None;
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| names(&path.file_name().unwrap().to_string_lossy()));
    files.sort();

    let trips = folder.join("trips.parquet");
    convert(&files, &trips, ReadOptions::default()).unwrap();
    let options = Options {
        time_zone: chrono_tz::Europe::London,
        ..Options::default()
    };

    Some(aggregate_trips(&[trips], &folder.join("clean"), &options).unwrap())
}

// Preuve: C3.1 une histoire réelle entière, dont chaque ligne est gardée ou écartée avec sa raison
#[test]
fn every_row_of_a_real_history_is_kept_or_set_aside_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let Some(summary) = aggregate_files(folder.path(), |name| name.ends_with(".csv.gz")) else {
        return;
    };

    println!("{summary}");
    assert_eq!(
        summary.trips_kept() + summary.trips_rejected(),
        summary.trips_read()
    );
    assert_eq!(
        summary.departures + summary.departures_after,
        summary.trips_kept()
    );

    let dataset = read_dataset(&folder.path().join("clean/station_hours.parquet")).unwrap();
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
}

#[test]
fn an_older_export_of_a_month_adds_no_trip_that_the_newer_one_holds() {
    let [one, both] = [false, true].map(|with_older| {
        let folder = tempfile::tempdir().unwrap();
        aggregate_files(folder.path(), |name| {
            name == "202012.csv.gz" || (with_older && name.starts_with("202012_older"))
        })
    });
    let (Some(one), Some(both)) = (one, both) else {
        return;
    };
    println!("{one}{both}");
    assert_eq!(both.trips_kept(), one.trips_kept());
}
