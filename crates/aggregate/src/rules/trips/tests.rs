//! Each rule on a small table. The lines of the tables are numbered from 2, as in files.

use polars::prelude::DataFrame;

use super::*;
use crate::clean::judge;
use crate::identity::{KnownStations, StationAliases, StationResolver};
use crate::ledger::Ledger;
use crate::received::receive;
use crate::trip::ReceivedColumns;
use crate::trips::tests::trips;

/// All that one rule makes of a table, by lines.
#[derive(Debug, Default)]
struct Verdict {
    kept: Vec<u32>,
    found: Vec<u32>,
    details: Vec<String>,
    names: Vec<String>,
}

/// The verdict of one rule alone.
fn verdict(code: &str, table: &DataFrame, known: &KnownStations) -> Verdict {
    let mut aliases = StationAliases::default();
    aliases.add("code-of-A".to_owned(), &"A".parse().unwrap());
    let columns = ReceivedColumns::of(table).unwrap();
    let mut stations = StationResolver::new(known, &aliases);
    let received = receive(&columns, &mut stations, &mut Ledger::default());

    let index = TRIP_RULES
        .iter()
        .position(|rule| rule.code == code)
        .unwrap();
    let mut verdict = Verdict::default();

    for trip in judge(received, &TRIP_RULES[index..=index]) {
        let line = trip.received.source_line;
        verdict.kept.extend(trip.is_kept.then_some(line));
        verdict
            .names
            .extend(trip.trip().start_name.as_deref().map(str::to_owned));
        verdict.found.extend(trip.findings.iter().map(|_| line));
        verdict
            .details
            .extend(trip.findings.into_iter().map(|(_, detail)| detail));
    }

    verdict.kept.sort_unstable();
    verdict.found.sort_unstable();
    verdict
}

/// The lines that go on and those that are found.
fn judged(code: &str, table: &str) -> (Vec<u32>, Vec<u32>) {
    let verdict = verdict(code, &trips(table), &KnownStations::default());
    (verdict.kept, verdict.found)
}

fn details(code: &str, table: &str) -> Vec<String> {
    verdict(code, &trips(table), &KnownStations::default()).details
}

// Preuve: C3.1 une règle de nettoyage sur une petite table : un début illisible ou hors de toute raison est écarté [code : crates/aggregate/src/rules/trips.rs]
#[test]
fn r06_sets_aside_a_start_that_is_no_date_or_out_of_all_reason() {
    let table = "
        a.csv 2 1 08:00:00             08:10:00             A Gare
        a.csv 3 2 -                    08:10:00             A Gare
        a.csv 4 3 1970-01-01T00:00:00Z 1970-01-01T00:10:00Z A Gare
        a.csv 5 4 2100-01-01T00:00:00Z 2100-01-01T00:10:00Z A Gare
        a.csv 6 5 1990-01-01T00:00:00Z -                    A Gare";

    assert_eq!(judged("R06", table), (vec![2, 6], vec![3, 4, 5]));
    assert_eq!(
        details("R06", table),
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
    assert_eq!(judged("R05", table), (vec![2], vec![3]));
}

#[test]
fn r04_sets_aside_a_station_that_no_source_knows() {
    let table = "
        a.csv 2 1 08:00:00 08:10:00 A Gare
        a.csv 3 2 08:00:00 08:10:00 Z Gare";
    let known = KnownStations::of(["A", "B"].into_iter());
    let verdict = verdict("R04", &trips(table), &known);

    assert_eq!((verdict.kept, verdict.found), (vec![2], vec![3]));
    assert_eq!(verdict.details, ["start_station_id=Z"]);
}

#[test]
fn r04_without_any_source_of_stations_accepts_every_valid_identifier() {
    let long = "x".repeat(65);
    let table =
        format!("a.csv 2 1 08:00:00 08:10:00 Z Gare\na.csv 3 2 08:00:00 08:10:00 {long} Gare");
    assert_eq!(judged("R04", &table), (vec![2], vec![3]));
}

#[test]
fn r02_sets_aside_a_trip_that_ends_before_it_starts() {
    let table = "
        a.csv 2 1 08:00:00 08:00:00 A Gare
        a.csv 3 2 08:10:00 08:00:00 A Gare
        a.csv 4 3 08:00:00 -        A Gare";
    assert_eq!(judged("R02", table), (vec![2, 4], vec![3]));
    assert_eq!(details("R02", table), ["seconds=-600.0"]);
}

// Preuve: C3.1 la nuit du passage à l'heure d'hiver, une fin écrite en heure locale précède le début : elle est écartée
#[test]
fn r02_sets_aside_an_end_written_in_the_hour_lived_twice() {
    let table = "
        a.csv 2 1 2025-10-26T00:50:00Z 2025-10-26T00:10:00Z A Gare
        a.csv 3 2 2025-10-26T00:50:00Z 2025-10-26T01:10:00Z A Gare";
    assert_eq!(judged("R02", table), (vec![3], vec![2]));
}

#[test]
fn r03_sets_aside_a_trip_of_more_than_a_day() {
    let table = "
        a.csv 2 1 08:00:00 2026-03-02T08:00:00Z        A Gare
        a.csv 3 2 08:00:00 2026-03-02T08:00:00.000001Z A Gare";
    assert_eq!(judged("R03", table), (vec![2], vec![3]));
}

#[test]
fn durations_as_published_are_judged_when_an_end_is_absent() {
    let mut table = trips(
        "a.csv 2 1 08:00:00 - A Gare\na.csv 3 2 08:00:00 - A Gare\na.csv 4 3 08:00:00 09:00:00 A Gare",
    );
    let durations =
        polars::prelude::Column::new("duration_seconds".into(), [-5_i64, 90_000, 90_000]);
    table.with_column(durations).unwrap();
    let found = |code| verdict(code, &table, &KnownStations::default()).found;
    assert_eq!((found("R02"), found("R03")), (vec![2], vec![3]));
}

#[test]
fn r01_keeps_the_first_row_of_a_trip_by_file_and_line() {
    let table = "
        b.csv 2 1 08:00:00 08:10:00 A Gare
        a.csv 9 1 08:00:00 08:10:00 A Gare
        a.csv 3 2 08:00:00 08:10:00 A Gare
        a.csv 4 1 08:00:00 08:11:00 A Gare";
    assert_eq!(judged("R01", table), (vec![3, 4], vec![2, 9]));
}

#[test]
fn r01_does_not_believe_an_identifier_alone() {
    let table = "
        a.csv 2 4.87E+15 08:00:00 08:10:00 A Gare
        a.csv 3 4.87E+15 09:00:00 09:10:00 A Gare
        a.csv 4 4.87E+15 08:00:00 08:10:00 B Parc";
    assert_eq!(judged("R01", table), (vec![2, 3, 4], vec![]));
}

#[test]
fn r01_without_identifiers_wants_every_published_field_equal() {
    let table = "
        a.csv 2 - 08:00:00 08:10:00 A Gare
        a.csv 3 - 08:00:00 08:10:00 A Parvis
        a.csv 4 - 08:00:00 08:11:00 A Gare
        b.csv 5 - 08:00:00 08:10:00 A Gare
        b.csv 6 1 08:00:00 08:10:00 A Gare";
    assert_eq!(judged("R01", table), (vec![2, 3, 4, 6], vec![5]));
}

#[test]
fn r01_knows_the_end_station_under_any_of_its_identifiers() {
    let table = "
        a.csv 2 - 08:00:00 08:10:00 B Parc A
        a.csv 3 - 08:00:00 08:10:00 B Parc code-of-A
        a.csv 4 - 08:00:00 08:10:00 B Parc B";
    assert_eq!(judged("R01", table), (vec![2, 4], vec![3]));
}

#[test]
fn r07_repairs_the_name_and_tells_what_was_written() {
    let table = "
        a.csv 2 1 08:00:00 08:10:00 A RÃ©publique
        a.csv 3 2 08:00:00 08:10:00 A République
        a.csv 4 3 08:00:00 08:10:00 A -";
    let verdict = verdict("R07", &trips(table), &KnownStations::default());

    assert_eq!((verdict.kept, verdict.found), (vec![2, 3, 4], vec![2]));
    assert_eq!(verdict.names, ["République", "République"]);
    assert_eq!(verdict.details, ["start_station_name=RÃ©publique"]);
}
