//! Each rule on a small table. The lines of the tables are numbered from 2, as in files.

use crate::rules::{Known, apply};
use crate::trips::tests::{lines, trips};

/// The lines that go on and those that are found.
fn judge(code: &str, table: &str) -> (Vec<u32>, Vec<u32>) {
    let (kept, found) = apply(code, trips(table), &Known::default());
    (lines(&kept), lines(&found))
}

fn details(code: &str, table: &str, known: &Known) -> Vec<String> {
    let (_, found) = apply(code, trips(table), known);
    found
        .column("detail")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .flatten()
        .map(str::to_owned)
        .collect()
}

// Preuve: C3.1 chaque règle de nettoyage, sur une petite table
#[test]
fn r06_sets_aside_a_start_that_is_no_date_or_out_of_all_reason() {
    let table = "
        a.csv 2 1 08:00:00             08:10:00             A Gare
        a.csv 3 2 -                    08:10:00             A Gare
        a.csv 4 3 1970-01-01T00:00:00Z 1970-01-01T00:10:00Z A Gare
        a.csv 5 4 2100-01-01T00:00:00Z 2100-01-01T00:10:00Z A Gare
        a.csv 6 5 1990-01-01T00:00:00Z -                    A Gare";

    assert_eq!(judge("R06", table), (vec![2, 6], vec![3, 4, 5]));
    assert_eq!(
        details("R06", table, &Known::default()),
        [
            "started_at=",
            "started_at=1970-01-01",
            "started_at=2100-01-01"
        ]
    );
}

#[test]
fn r05_sets_aside_a_trip_without_a_start_station() {
    let table = "
        a.csv 2 1 08:00:00 08:10:00 A Gare
        a.csv 3 2 08:00:00 08:10:00 - Gare";
    assert_eq!(judge("R05", table), (vec![2], vec![3]));
}

#[test]
fn r04_sets_aside_a_station_that_no_source_knows() {
    let table = "
        a.csv 2 1 08:00:00 08:10:00 A Gare
        a.csv 3 2 08:00:00 08:10:00 Z Gare";
    let known = Known::of_stations(["A", "B"].into_iter());
    let (kept, found) = apply("R04", trips(table), &known);
    assert_eq!((lines(&kept), lines(&found)), (vec![2], vec![3]));
    assert_eq!(details("R04", table, &known), ["start_station_id=Z"]);
}

#[test]
fn r04_without_any_source_of_stations_accepts_every_valid_identifier() {
    let long = "x".repeat(65);
    let table =
        format!("a.csv 2 1 08:00:00 08:10:00 Z Gare\na.csv 3 2 08:00:00 08:10:00 {long} Gare");
    assert_eq!(judge("R04", &table), (vec![2], vec![3]));
}

#[test]
fn r02_sets_aside_a_trip_that_ends_before_it_starts() {
    let table = "
        a.csv 2 1 08:00:00 08:00:00 A Gare
        a.csv 3 2 08:10:00 08:00:00 A Gare
        a.csv 4 3 08:00:00 -        A Gare";
    assert_eq!(judge("R02", table), (vec![2, 4], vec![3]));
    assert_eq!(details("R02", table, &Known::default()), ["seconds=-600.0"]);
}

// Preuve: C3.1 la nuit du passage à l'heure d'hiver, une fin écrite en heure locale précède le début : elle est écartée
#[test]
fn r02_sets_aside_an_end_written_in_the_hour_lived_twice() {
    let table = "
        a.csv 2 1 2025-10-26T00:50:00Z 2025-10-26T00:10:00Z A Gare
        a.csv 3 2 2025-10-26T00:50:00Z 2025-10-26T01:10:00Z A Gare";
    assert_eq!(judge("R02", table), (vec![3], vec![2]));
}

#[test]
fn r03_sets_aside_a_trip_of_more_than_a_day() {
    let table = "
        a.csv 2 1 08:00:00 2026-03-02T08:00:00Z        A Gare
        a.csv 3 2 08:00:00 2026-03-02T08:00:00.000001Z A Gare";
    assert_eq!(judge("R03", table), (vec![2], vec![3]));
}

#[test]
fn durations_as_published_are_judged_when_an_end_is_absent() {
    let mut table = trips(
        "a.csv 2 1 08:00:00 - A Gare\na.csv 3 2 08:00:00 - A Gare\na.csv 4 3 08:00:00 09:00:00 A Gare",
    );
    let durations =
        polars::prelude::Column::new("duration_seconds".into(), [-5_i64, 90_000, 90_000]);
    table.with_column(durations).unwrap();
    let found = |code| lines(&apply(code, table.clone(), &Known::default()).1);
    assert_eq!((found("R02"), found("R03")), (vec![2], vec![3]));
}

#[test]
fn r01_keeps_the_first_row_of_a_trip_by_file_and_line() {
    let table = "
        b.csv 2 1 08:00:00 08:10:00 A Gare
        a.csv 9 1 08:00:00 08:10:00 A Gare
        a.csv 3 2 08:00:00 08:10:00 A Gare
        a.csv 4 1 08:00:00 08:11:00 A Gare";
    assert_eq!(judge("R01", table), (vec![3, 4], vec![2, 9]));
}

#[test]
fn r01_does_not_believe_an_identifier_alone() {
    let table = "
        a.csv 2 4.87E+15 08:00:00 08:10:00 A Gare
        a.csv 3 4.87E+15 09:00:00 09:10:00 A Gare
        a.csv 4 4.87E+15 08:00:00 08:10:00 B Parc";
    assert_eq!(judge("R01", table), (vec![2, 3, 4], vec![]));
}

#[test]
fn r01_without_identifiers_wants_every_published_field_equal() {
    let table = "
        a.csv 2 - 08:00:00 08:10:00 A Gare
        a.csv 3 - 08:00:00 08:10:00 A Parvis
        a.csv 4 - 08:00:00 08:11:00 A Gare
        b.csv 5 - 08:00:00 08:10:00 A Gare
        b.csv 6 1 08:00:00 08:10:00 A Gare";
    assert_eq!(judge("R01", table), (vec![2, 3, 4, 6], vec![5]));
}

#[test]
fn r07_repairs_the_name_and_tells_what_was_written() {
    let table = "
        a.csv 2 1 08:00:00 08:10:00 A RÃ©publique
        a.csv 3 2 08:00:00 08:10:00 A République
        a.csv 4 3 08:00:00 08:10:00 A -";
    let (kept, found) = apply("R07", trips(table), &Known::default());

    assert_eq!((lines(&kept), lines(&found)), (vec![2, 3, 4], vec![2]));

    let names: Vec<_> = kept
        .column("start_station_name")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .flatten()
        .map(str::to_owned)
        .collect();

    assert_eq!(names, ["République", "République"]);
    assert_eq!(
        details("R07", table, &Known::default()),
        ["start_station_name=RÃ©publique"]
    );
}
