use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;
use filrouge_types::FixedClock;
use tempfile::TempDir;

use super::*;
use crate::defects::{DefectKind, DefectRates};

mod counters;
mod judge;
mod operator;

const NOW: &str = "2026-11-03T09:30:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn threads(count: usize) -> WriteOptions {
    WriteOptions {
        threads: NonZero::new(count).unwrap(),
        ..WriteOptions::default()
    }
}

fn span(from: &str, until: &str) -> Span {
    Span {
        from: at(from),
        until: at(until),
        today: at(until).date_naive(),
    }
}

/// A part of the past only: two years take more than a second.
fn write(city: &City, folder: &TempDir, from: &str, until: &str) -> Written {
    write_csv(city, folder.path(), span(from, until), threads(2).threads).unwrap()
}

fn write_trips(city: &City, folder: &TempDir, from: &str, until: &str) -> trips::Trips {
    let folder = folder.path().join("trips");
    trips::write(
        city,
        &folder,
        span(from, until),
        DateTime::<Utc>::MIN_UTC,
        threads(2).threads,
    )
    .unwrap()
}

fn trip_file(folder: &TempDir, month: &str) -> PathBuf {
    folder
        .path()
        .join(format!("trips/{month}-rivemont-tripdata.csv"))
}

/// Every file under a folder, by its path inside.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();

    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(
                content(&path)
                    .into_iter()
                    .map(|(name, text)| (path.join(name), text)),
            );
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }

    files
        .into_iter()
        .map(|(path, text)| (path.strip_prefix(folder).unwrap_or(&path).to_owned(), text))
        .collect()
}

fn defects(folder: &Path) -> Vec<Defect> {
    manifest::read(&folder.join("defects.jsonl")).unwrap()
}

#[tokio::test]
async fn the_same_bytes_are_written_whatever_the_number_of_threads() {
    let (one, four) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let clock = FixedClock::at(at(NOW));
    let of_one = write_files(&City::new(1), one.path(), &clock, &threads(1))
        .await
        .unwrap();
    let of_four = write_files(&City::new(1), four.path(), &clock, &threads(4))
        .await
        .unwrap();
    assert_eq!(of_one, of_four);
    assert!((900_000..1_700_000).contains(&of_one.trips), "{of_one:?}");
    assert!(
        content(one.path()) == content(four.path()),
        "the files differ"
    );
    assert_eq!(
        content(one.path()).len(),
        25 + 3 + 3,
        "25 months, 3 years of counters, database, manifest, stamp"
    );
}

#[test]
fn writing_again_keeps_past_months_and_gives_what_a_first_writing_gives() {
    let (again, first) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let city = City::with_defects(
        2,
        DefectRates {
            trips: 0.02,
            weather_hours: 0.02,
        },
    );
    let from = "2025-11-01T00:00:00Z";
    write(&city, &again, from, "2026-01-12T08:00:00Z");
    let written = write(&city, &again, from, "2026-02-02T11:00:00Z");
    assert_eq!(
        (written.kept, written.files),
        (2 + 1, 2 + 1 + 1),
        "two months and a year of counters are over"
    );
    write(&city, &first, from, "2026-02-02T11:00:00Z");
    assert!(
        content(again.path()) == content(first.path()),
        "the files differ"
    );
}

#[test]
fn when_the_past_begins_later_the_months_before_stay_and_so_do_their_defects() {
    let folder = TempDir::new().unwrap();
    let city = City::with_defects(
        1,
        DefectRates {
            trips: 0.02,
            weather_hours: 0.0,
        },
    );

    write(
        &city,
        &folder,
        "2026-01-01T00:00:00Z",
        "2026-02-20T08:00:00Z",
    );

    let before = defects(folder.path());

    write(
        &city,
        &folder,
        "2026-02-01T00:00:00Z",
        "2026-03-02T08:00:00Z",
    );

    let after = defects(folder.path());

    assert!(trip_file(&folder, "202601").exists());
    assert!(before.iter().all(|defect| after.contains(defect)) && after.len() > before.len());
}

#[test]
fn another_city_a_missing_file_or_a_damaged_manifest_is_written_again() {
    let folder = TempDir::new().unwrap();
    let (from, until) = ("2025-12-01T00:00:00Z", "2026-02-03T08:00:00Z");
    let clean = |seed| City::with_defects(seed, DefectRates::NONE);
    write(&clean(1), &folder, from, until);

    assert_eq!(write(&clean(2), &folder, from, until).kept, 0);

    fs::write(folder.path().join("defects.jsonl"), "{").unwrap();
    assert_eq!(write(&clean(2), &folder, from, until).kept, 0);

    fs::remove_file(trip_file(&folder, "202512")).unwrap();
    assert_eq!(
        write(&clean(2), &folder, from, until).kept,
        2,
        "January and the counters of 2025"
    );
}

#[test]
fn what_an_interrupted_call_for_another_city_left_is_not_kept() {
    let (folder, fresh) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (from, until) = ("2025-11-01T00:00:00Z", "2026-02-03T08:00:00Z");
    write(&City::new(1), &folder, from, until);

    // The other city's call ends in the middle: the file of January cannot be replaced.
    let obstacle = folder.path().join("trips/202601-rivemont-tripdata.csv");
    fs::remove_file(&obstacle).unwrap();
    fs::create_dir(&obstacle).unwrap();
    write_csv(
        &City::new(2),
        folder.path(),
        span(from, until),
        threads(1).threads,
    )
    .unwrap_err();
    fs::remove_dir(&obstacle).unwrap();

    assert_eq!(write(&City::new(1), &folder, from, until).kept, 0);
    write(&City::new(1), &fresh, from, until);
    assert!(
        content(folder.path()) == content(fresh.path()),
        "the files differ"
    );
}

#[tokio::test]
async fn a_folder_that_is_a_file_is_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("city");
    fs::write(&path, "").unwrap();
    let error = write_files(&City::new(1), &path, &FixedClock::at(at(NOW)), &threads(1))
        .await
        .unwrap_err();
    assert!(
        format!("{error:#}").contains(&format!("cannot create the folder {}", path.display())),
        "{error:#}"
    );
}

#[test]
fn a_month_only_grows_while_it_is_written_again() {
    let (early, late) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let city = City::with_defects(
        1,
        DefectRates {
            trips: 0.05,
            weather_hours: 0.0,
        },
    );

    let from = "2026-03-01T00:00:00Z";
    let mut early_defects = write_trips(&city, &early, from, "2026-03-09T14:00:00Z").defects;
    let late_defects = write_trips(&city, &late, from, "2026-03-20T03:00:00Z").defects;
    let [early, late] = [early, late].map(|folder| fs::read(trip_file(&folder, "202603")).unwrap());

    assert!(late.len() > early.len() && late.starts_with(&early));

    early_defects.retain(|defect| !late_defects.contains(defect));
    assert_eq!(early_defects, []);
}

#[test]
fn trips_stay_in_the_file_of_the_month_in_which_they_began_and_none_is_lost_between_two() {
    let folder = TempDir::new().unwrap();
    let city = City::with_defects(1, DefectRates::NONE);

    let written = write_trips(
        &city,
        &folder,
        "2026-02-01T00:00:00Z",
        "2026-04-01T00:00:00Z",
    );

    let mut rows = 0;

    for month in ["2026-02", "2026-03"] {
        for row in judge::rows(&trip_file(&folder, &month.replace('-', ""))) {
            assert!(row.field("started_at").starts_with(month));
            rows += 1;
        }
    }

    let first: chrono::NaiveDate = "2026-01-31".parse().unwrap();
    let span = at("2026-02-01T00:00:00Z").timestamp_millis()
        ..at("2026-04-01T00:00:00Z").timestamp_millis();
    let trips = first
        .iter_days()
        .take(60)
        .flat_map(|date| city.simulate(date).trips);

    assert_eq!(
        rows,
        trips.filter(|trip| span.contains(&trip.started_at)).count()
    );
    assert_eq!(written.rows, rows as u64);
}

#[test]
fn every_line_of_the_manifest_points_at_a_row_with_that_defect_and_no_other_row_has_any() {
    for seed in 1..=3 {
        let folder = TempDir::new().unwrap();
        let city = City::new(seed);

        let mut written = write_trips(
            &city,
            &folder,
            "2025-10-01T00:00:00Z",
            "2025-12-01T00:00:00Z",
        );

        written.defects.sort();
        let mut found: Vec<Defect> = written
            .files
            .iter()
            .flat_map(|file| judge::defects(&folder.path().join("trips").join(file)))
            .collect();

        found.sort();
        assert_eq!(found, written.defects, "seed {seed}");

        let kinds: BTreeSet<DefectKind> = found.iter().map(|defect| defect.kind).collect();
        assert_eq!(kinds.len(), 8, "seed {seed}: {kinds:?}");
    }
}

#[test]
fn trips_are_published_by_whole_hours_one_hour_after_the_hour_ended() {
    for (now, until) in [
        ("2026-03-01T08:00:00Z", "2026-03-01T07:00:00Z"),
        ("2026-03-01T08:59:59Z", "2026-03-01T07:00:00Z"),
        ("2026-03-01T09:00:00Z", "2026-03-01T08:00:00Z"),
    ] {
        assert_eq!(published_until(at(now)), at(until), "{now}");
    }
}

#[test]
fn the_manifest_lists_the_weather_until_yesterday() {
    let folder = TempDir::new().unwrap();
    let city = City::with_defects(
        1,
        DefectRates {
            trips: 0.0,
            weather_hours: 0.5,
        },
    );

    write(
        &city,
        &folder,
        "2026-03-01T00:00:00Z",
        "2026-03-03T09:00:00Z",
    );

    let defects = defects(folder.path());
    let hours: Vec<Hour> = defects.iter().filter_map(|defect| defect.hour).collect();
    assert_eq!(hours.len(), defects.len());

    let days: BTreeSet<NaiveDate> = hours.iter().map(|hour| hour.start().date_naive()).collect();

    assert_eq!(
        days.into_iter()
            .map(|day| day.to_string())
            .collect::<Vec<_>>(),
        ["2026-03-01", "2026-03-02"]
    );
}
