//! The defects that the city plants, and nothing else.

use std::collections::BTreeSet;

use filrouge_city::{Defect, DefectKind, DefectRates};
use filrouge_dataset::{read_conditions, read_dataset};

use crate::world::{Found, World, collected};

/// The rule that must find a defect: on the night clocks go back, the trip ends before it
/// starts.
fn expected(defect: &Defect) -> Found {
    let kind = match defect.kind {
        DefectKind::ClockChange => DefectKind::NegativeDuration,
        kind => kind,
    };
    let rule = serde_json::to_value(kind)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();

    let place = match (defect.line, defect.hour) {
        (Some(line), _) => line.to_string(),
        (None, hour) => hour.unwrap().hours_since_epoch().to_string(),
    };
    (rule, defect.file.clone(), place)
}

/// A month of trips only: five seeds at three rates must stay cheap.
fn check_that_every_defect_is_found_and_nothing_else(seed: u64, rate: f64) {
    let (world, planted) = collected(
        seed,
        DefectRates {
            trips: rate,
            weather_hours: rate,
        },
    );

    let summary = world.aggregate().unwrap();
    let found = world.found();
    let planted: BTreeSet<Found> = planted.iter().map(expected).collect();
    let rules: BTreeSet<&str> = planted.iter().map(|(rule, ..)| rule.as_str()).collect();

    assert!(
        rate < 0.1 || rules.len() == 9,
        "every rule has something to find: {rules:?}"
    );

    println!(
        "seed {seed}, rate {rate}: {} trips read, {} planted, {} found",
        summary.trips_read(),
        planted.len(),
        found.len()
    );

    assert_eq!(found.len(), planted.len());
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), planted);
    assert_eq!(
        summary.trips_kept() + summary.trips_rejected(),
        summary.trips_read()
    );

    check_the_data_set(&world);
}

fn check_the_data_set(world: &World) {
    let dataset = read_dataset(&world.clean().join("station_hours.parquet")).unwrap();
    assert_eq!(dataset.warnings, []);
    let conditions = read_conditions(&world.clean().join("conditions.parquet")).unwrap();
    assert_eq!(conditions.warnings, []);
    assert_eq!(
        (
            dataset.table.conditions.stations.len(),
            conditions.table.len()
        ),
        (40, 40 * 48)
    );
}

// Preuve: C3.1 le nettoyage trouve toutes les anomalies plantées par la ville et n'écarte rien d'autre : cinq graines, trois taux
#[test]
fn every_planted_defect_is_found_and_nothing_else_at_five_seeds_and_three_rates() {
    for seed in 1..=5 {
        for rate in [0.001, 0.01, 0.1] {
            check_that_every_defect_is_found_and_nothing_else(seed, rate);
        }
    }
}
