use std::collections::BTreeMap;

use super::*;
use crate::city::City;
use crate::day::Trip;
use crate::geography::STATIONS;

/// The trips of some days of October, numbered.
fn trips() -> Vec<(u64, Trip)> {
    let first: chrono::NaiveDate = "2026-10-10".parse().unwrap();
    let city = City::new(1);
    first
        .iter_days()
        .take(18)
        .flat_map(|date| city.simulate(date).trips)
        .zip(0..)
        .map(|(trip, at)| (at, trip))
        .collect()
}

fn planted(rates: DefectRates) -> Vec<(Trip, DefectKind)> {
    let defect =
        |(ride, trip): (u64, Trip)| Some((trip, trip_defect(Seed(1), rates, ride, &trip)?.kind));
    trips().into_iter().filter_map(defect).collect()
}

fn often() -> DefectRates {
    DefectRates {
        trips: 0.2,
        weather_hours: 0.2,
    }
}

#[test]
fn every_kind_strikes_about_as_often() {
    let mut counts: BTreeMap<DefectKind, usize> = BTreeMap::new();
    planted(often())
        .into_iter()
        .for_each(|(_, kind)| *counts.entry(kind).or_default() += 1);
    assert_eq!(counts.len(), 8, "{counts:?}");
    let usual = counts
        .iter()
        .filter(|(kind, _)| **kind != DefectKind::ClockChange)
        .map(|(_, count)| *count);
    let (least, most) = (usual.clone().min().unwrap(), usual.max().unwrap());
    assert!(most < 3 * least, "{counts:?}");
}

#[test]
fn the_rate_is_kept() {
    let share = planted(often()).len() as f64 / trips().len() as f64;
    assert!((0.16..0.22).contains(&share), "{share}");
}

#[test]
fn a_city_without_defects_has_none_even_when_clocks_go_back() {
    assert_eq!(planted(DefectRates::NONE), []);
    let hours = weather_defects(
        Seed(1),
        DefectRates::NONE,
        Hour::from_hours_since_epoch(0),
        Hour::from_hours_since_epoch(9999),
    );
    assert_eq!(hours, []);
}

#[test]
fn clocks_err_in_the_hour_lived_twice_and_never_else() {
    let rates = DefectRates {
        trips: 1e-9,
        weather_hours: 0.0,
    };
    let planted = planted(rates);
    assert!(!planted.is_empty());

    for (trip, kind) in planted {
        let ended_at = chrono::DateTime::from_timestamp_millis(trip.ended_at)
            .unwrap()
            .to_rfc3339();
        assert_eq!(kind, DefectKind::ClockChange);
        assert!(ended_at.starts_with("2026-10-25T01:"), "{ended_at}");
    }
}

#[test]
fn only_names_with_accents_are_badly_decoded() {
    let wrong = planted(often())
        .into_iter()
        .filter(|(_, kind)| *kind == DefectKind::WrongEncoding);
    assert!(
        wrong
            .into_iter()
            .all(|(trip, _)| !STATIONS[trip.origin].name.is_ascii())
    );
}

#[test]
fn a_few_dozen_hours_of_weather_are_wrong_in_two_years() {
    let from: Hour = "2024-11-01T00:00:00Z".parse().unwrap();
    for seed in 1..=3 {
        let defects = weather_defects(Seed(seed), DefectRates::default(), from, from + 730 * 24);
        assert!((15..60).contains(&defects.len()), "{}", defects.len());
        for kind in [DefectKind::KelvinTemperature, DefectKind::MissingHour] {
            assert!(defects.iter().any(|defect| defect.kind == kind));
        }
    }
}

#[test]
fn a_line_of_the_manifest_has_a_line_or_an_hour() {
    let trip = Defect {
        kind: DefectKind::DuplicateTrip,
        file: "a.csv".to_owned(),
        line: Some(7),
        hour: None,
    };
    assert_eq!(
        serde_json::to_string(&trip).unwrap(),
        r#"{"kind":"duplicate_trip","file":"a.csv","line":7}"#
    );
    let hour = Some("2026-03-01T08:00:00Z".parse().unwrap());
    let weather = Defect {
        kind: DefectKind::MissingHour,
        file: WEATHER_ARCHIVE.to_owned(),
        line: None,
        hour,
    };
    let text = r#"{"kind":"missing_hour","file":"weather_archive","hour":"2026-03-01T08:00:00Z"}"#;
    assert_eq!(serde_json::to_string(&weather).unwrap(), text);
    assert_eq!(serde_json::from_str::<Defect>(text).unwrap(), weather);
}
