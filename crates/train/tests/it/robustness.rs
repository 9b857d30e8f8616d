use std::fs;

use filrouge_dataset::{ConditionTable, Dataset};
use filrouge_model::Predictor;
use filrouge_onnx_runtime::PoolSize;
use filrouge_train::{evaluate, predict};
use filrouge_types::{Conditions, Hour, StationHour, Weather};
use tempfile::TempDir;

use crate::place::{city, conditions, runtime, shared_version, start, train_in};

fn bare(station: &str, hour: Hour, departures: u32) -> StationHour {
    let conditions = Conditions {
        station_id: station.parse().unwrap(),
        hour,
        weather: Weather::default(),
        is_public_holiday: None,
        is_school_holiday: None,
        event_count: None,
    };
    StationHour {
        conditions,
        departures,
    }
}

#[test]
fn one_station_without_any_optional_column_is_enough() {
    let models = TempDir::new().unwrap();
    let rows = (0..30 * 24).map(|index| bare("only", start() + index, (index % 24) as u32));
    let report = train_in(models.path(), &Dataset::from_rows(rows).unwrap()).unwrap();
    assert!(
        report.evaluation.measures.mae < 1.0,
        "{:?}",
        report.evaluation
    );
}

#[test]
fn a_constant_series_is_forecast_as_that_constant() {
    let models = TempDir::new().unwrap();
    for constant in [0, 7] {
        let rows = (0..30 * 24).map(|index| bare("only", start() + index, constant));
        let report = train_in(models.path(), &Dataset::from_rows(rows).unwrap()).unwrap();
        assert!(
            report.evaluation.measures.mae < 0.1,
            "{:?}",
            report.evaluation
        );
    }
}

#[test]
fn gaps_of_days_are_learnt_around() {
    let models = TempDir::new().unwrap();
    let all = city(3, 60);
    let with_gaps = all
        .iter()
        .filter(|row| (row.conditions.hour - start()) / 24 % 10 < 7);
    let report = train_in(models.path(), &Dataset::from_rows(with_gaps).unwrap()).unwrap();
    assert!(report.evaluation.rows > 0);
}

#[test]
fn too_short_a_history_is_refused_with_the_length_that_is_needed() {
    let models = TempDir::new().unwrap();
    let error = train_in(models.path(), &city(2, 10))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("240 hours") && error.contains("360 at least"),
        "{error}"
    );
    assert_eq!(fs::read_dir(models.path()).unwrap().count(), 0);
}

#[test]
fn an_empty_data_set_is_refused() {
    let models = TempDir::new().unwrap();
    let error = train_in(models.path(), &Dataset::default())
        .unwrap_err()
        .to_string();
    assert_eq!(error, "the data set has no row");
}

#[test]
fn a_station_and_a_city_never_seen_are_forecast_all_the_same() {
    let folder = &shared_version().1.folder;
    let dataset = city(2, 40);
    let hour = start() + 40 * 24 + 8;
    let input = ConditionTable::from_rows([conditions("brand new", hour)]).unwrap();
    for history in [dataset, Dataset::default()] {
        let rows = predict(&runtime(), folder, &history, &input).unwrap();
        assert!(rows[0].demand.is_finite() && rows[0].demand > 0.0);
    }
}

#[test]
fn an_evaluation_without_history_is_honest_about_it() {
    let dataset = city(2, 40);
    let evaluation = evaluate(
        &runtime(),
        &shared_version().1.folder,
        &Dataset::default(),
        &dataset,
    )
    .unwrap()
    .evaluation;
    assert_eq!(evaluation.rows, dataset.len());
    assert!(evaluation.measures.mae.is_finite());
}

#[test]
fn a_truncated_model_is_refused_and_its_hash_named() {
    let folder = &shared_version().1.folder;
    let damaged = TempDir::new().unwrap();
    fs::copy(folder.join("model.json"), damaged.path().join("model.json")).unwrap();
    let bytes = fs::read(folder.join("model.onnx")).unwrap();
    fs::write(damaged.path().join("model.onnx"), &bytes[..bytes.len() / 2]).unwrap();
    let error = Predictor::load(&runtime(), damaged.path(), PoolSize::SINGLE)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("has SHA-256") && error.contains("corrupt"),
        "{error}"
    );
}
