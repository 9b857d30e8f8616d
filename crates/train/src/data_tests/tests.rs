use filrouge_types::{Conditions, Hour, StationHour, Weather};

use super::*;

fn row(index: i64, departures: u32, temperature_c: f32) -> StationHour {
    let conditions = Conditions {
        station_id: "A".parse().unwrap(),
        hour: Hour::from_hours_since_epoch(490_000 + index),
        weather: Weather {
            temperature_c: Some(temperature_c),
            ..Weather::default()
        },
        is_public_holiday: None,
        is_school_holiday: None,
        event_count: None,
    };

    StationHour {
        conditions,
        departures,
    }
}

fn dataset(rows: impl IntoIterator<Item = StationHour>) -> Dataset {
    Dataset::from_rows(rows).unwrap()
}

fn broken(dataset: &Dataset) -> Vec<String> {
    check(dataset)
        .into_iter()
        .map(|finding| finding.rule)
        .collect()
}

// Preuve: C13.4 un jeu sain passe tous les tests de données
#[test]
fn a_sound_data_set_breaks_no_rule() {
    assert_eq!(
        broken(&dataset((0..1200).map(|index| row(
            index,
            (index % 7) as u32,
            12.0
        )))),
        [""; 0]
    );
}

// Preuve principale: C13.4 les données sont testées avant chaque entraînement : une règle enfreinte l’arrête, avec son nom et la ligne [code : crates/train/src/data_tests.rs#require]
#[test]
fn a_kelvin_temperature_stops_training_with_its_rule_and_its_row() {
    let rows = (0..1200).map(|index| {
        row(
            index,
            (index % 7) as u32,
            if index == 5 { 285.0 } else { 12.0 },
        )
    });

    let error = require(&dataset(rows)).unwrap_err().to_string();

    assert!(
        error.contains("rule `temperature_plausible` on 1 rows")
            && error.contains("station `A` at "),
        "{error}"
    );
}

#[test]
fn few_rows_gaps_and_a_constant_demand_are_told_without_stopping() {
    let findings = require(&dataset([0, 1, 9].map(|index| row(index, 4, 12.0)))).unwrap();
    let rules: Vec<_> = findings
        .iter()
        .map(|finding| finding.rule.as_str())
        .collect();
    assert_eq!(rules, ["volume", "continuite", "demande_variable"]);
    assert_eq!(findings[1].example, "station `A`, 7 hours absent of 10");
}

#[test]
fn impossible_counts_stop_training() {
    assert!(require(&dataset([row(0, 100_000, 12.0)])).is_err());
}

#[test]
fn each_rule_has_its_own_name() {
    let mut names: Vec<_> = SUITE.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), SUITE.len());
}
