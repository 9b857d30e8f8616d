use std::fs;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use filrouge_types::{Conditions, Hour, StationHour};

use super::*;

const FIRST: &str = "2026-03-01T00:00:00Z";

fn at(hours: i64) -> DateTime<Utc> {
    FIRST.parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours)
}

fn day(number: i64) -> NaiveDate {
    at(number * 24).date_naive()
}

/// Two stations over days, UTC; `departures` says those of each hour.
fn dataset(days: i64, departures: impl Fn(&str, i64) -> u32) -> Dataset {
    let row = |station: &str, hour: i64| StationHour {
        conditions: Conditions {
            station_id: station.parse().unwrap(),
            hour: Hour::containing(at(hour)),
            ..sample_conditions()
        },
        departures: departures(station, hour),
    };
    let rows = ["A", "B"]
        .into_iter()
        .flat_map(|station| (0..days * 24).map(move |hour| (station, hour)));
    Dataset::from_rows(rows.map(|(station, hour)| row(station, hour))).unwrap()
}

fn sample_conditions() -> Conditions {
    Conditions {
        station_id: "A".parse().unwrap(),
        hour: Hour::containing(at(0)),
        weather: filrouge_types::Weather::default(),
        is_public_holiday: None,
        is_school_holiday: None,
        event_count: None,
    }
}

/// The checks of a run with these files.
fn checks(dataset: &Dataset, files: &[(&str, String)]) -> CrossChecks {
    let run = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = run.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    CrossChecks::of(run.path(), dataset, Tz::UTC).unwrap()
}

/// A counter that sees twice the departures of the days, then what `counted` says.
fn counters(days: i64, counted: impl Fn(i64) -> f64) -> String {
    let line = |hour: i64| {
        format!(
            "{{\"counter_id\":\"C1\",\"hour_local\":\"{}\",\"count\":{}}}\n",
            at(hour).format("%Y-%m-%dT%H:%M:%S"),
            counted(hour / 24)
        )
    };
    (0..days * 24).map(line).collect()
}

fn busy(hour: i64) -> u32 {
    10 + u32::try_from(hour / 24 % 5).unwrap()
}

#[test]
fn counters_agree_with_departures_but_on_the_day_whose_trips_lack() {
    let left = |_: &str, hour: i64| if hour / 24 == 6 { 1 } else { busy(hour) };
    let counted = counters(12, |day| f64::from(busy(day * 24)) * 4.0);

    let check = checks(&dataset(12, left), &[("file/counters.jsonl", counted)]);
    let check = check.counters.unwrap();

    // Neither the first day nor the last is known to be whole.
    assert_eq!((check.days, check.days_apart), (10, vec![day(6)]));
    assert!(check.correlation.unwrap() < 0.9);
}

#[test]
fn counters_that_follow_departures_have_a_correlation_of_one_and_no_day_apart() {
    let counted = counters(12, |day| f64::from(busy(day * 24)) * 4.0);
    let lines = counted + "{\"counter_id\":null,\"hour_local\":null,\"count\":3}\n";
    let all = dataset(12, |_, hour| busy(hour));

    let checks = checks(&all, &[("file/counters.jsonl", lines)]);

    assert_eq!(
        checks.to_string(),
        "compteurs : 10 jours comparés, corrélation 1,000 avec les départs, aucun jour à part\n"
    );
}

#[test]
fn a_day_that_is_not_over_is_not_compared() {
    let counted = counters(12, |_| 40.0);
    // The file ends at noon of the tenth day.
    let lines: Vec<_> = counted.lines().take(9 * 24 + 12).collect();

    let checks = checks(
        &dataset(12, |_, hour| busy(hour)),
        &[("file/counters.jsonl", lines.join("\n"))],
    );

    // Days 1 to 8, whose counts never move.
    let check = checks.counters.unwrap();
    assert_eq!((check.days, check.correlation), (8, None));
}

#[test]
fn hours_without_a_departure_are_told_apart_during_interventions() {
    let line = |station: &str, started: &str, ended: &str| {
        format!(
            "{{\"station_id\":\"{station}\",\"kind\":\"dock\",\"started_at\":\"2026-03-{started}:00Z\",\"ended_at\":{ended}}}\n"
        )
    };
    // From 7:30 to 10:10: the hours of 8 and 9 are covered whole. The other one lasts.
    let interventions = [
        line("A", "01T07:30", "\"2026-03-01T10:10:00Z\""),
        line("B", "02T22:00", "null"),
        line("unknown", "01T00:00", "null"),
    ];
    let left = |station: &str, hour: i64| match (station, hour) {
        ("A", 8 | 9) | ("B", 5) => 0,
        _ => 3,
    };

    let checks = checks(
        &dataset(2, left),
        &[("sql/maintenance.jsonl", interventions.concat())],
    );

    let check = checks.maintenance.clone().unwrap();
    let share = |hours, without_departure| HourShare {
        hours,
        without_departure,
    };
    assert_eq!(
        (check.interventions, check.during, check.outside),
        (2, share(4, 2), share(92, 1))
    );
    assert_eq!(
        checks.to_string(),
        "interventions : 2, 4 heures-stations, 50,0 % sans départ, contre 1,1 % en dehors\n"
    );
}

#[test]
fn a_run_without_these_sources_has_no_check() {
    assert_eq!(checks(&dataset(2, |_, _| 1), &[]), CrossChecks::default());
}
