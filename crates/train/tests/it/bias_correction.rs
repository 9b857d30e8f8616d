//! The bias of a version's own forecasts, and its correction in the next ones.

use std::sync::OnceLock;

use filrouge_dataset::Dataset;
use filrouge_model::{
    CORRECTION_HOURS, Description, Expected, FEATURE_COUNT, History, Predictor, REACH_HOURS,
    features,
};
use filrouge_onnx_runtime::PoolSize;
use filrouge_types::{Hour, StationHour};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

use crate::place::{city, runtime, start, train_in};

const DAYS: i64 = 120;
const LEARNT_DAYS: i64 = 100;

/// A calm city, whose riders then change their mind every eight days, all together, without any
/// sign of it.
fn moody() -> &'static Dataset {
    static MOODY: OnceLock<Dataset> = OnceLock::new();

    MOODY.get_or_init(|| {
        let mut generator = ChaCha8Rng::seed_from_u64(3);
        let mut mood = |number: i64| {
            if number < 8 {
                1.0
            } else {
                generator.random_range(0.4..1.8)
            }
        };

        let moods: Vec<f64> = (0..=DAYS / 8).map(&mut mood).collect();
        let rows = city(4, DAYS);

        let rows = rows.iter().map(|row| {
            let mood = moods[((row.conditions.hour - start()) / (8 * 24)) as usize];
            StationHour {
                departures: (f64::from(row.departures) * mood).round() as u32,
                ..row
            }
        });

        Dataset::from_rows(rows).unwrap()
    })
}

/// A version that knows its first hundred days.
fn version() -> &'static Predictor {
    static VERSION: OnceLock<Predictor> = OnceLock::new();
    VERSION.get_or_init(|| {
        let models = TempDir::new().unwrap();
        let learnt = moody()
            .iter()
            .filter(|row| row.conditions.hour < start() + LEARNT_DAYS * 24);
        let report = train_in(models.path(), &Dataset::from_rows(learnt).unwrap()).unwrap();
        Predictor::load(&runtime(), &report.folder, PoolSize::SINGLE).unwrap()
    })
}

/// What is known from the hour `from` on.
fn since(from: Hour) -> History {
    let mut history = History::default();
    let rows: Vec<StationHour> = moody()
        .iter()
        .filter(|row| row.conditions.hour >= from)
        .collect();
    history.extend_station_hours(&rows).unwrap();
    history
}

/// The mean absolute error of the days that the version has not learnt.
fn error(history: &History, expected: &Expected) -> f64 {
    let future: Vec<StationHour> = moody()
        .iter()
        .filter(|row| row.conditions.hour >= start() + LEARNT_DAYS * 24)
        .collect();
    let mut inputs = Vec::with_capacity(future.len() * FEATURE_COUNT);

    for row in &future {
        let (station, hour) = (&row.conditions.station_id, row.conditions.hour);

        inputs.extend(
            features(
                history,
                expected,
                station,
                hour,
                &history.conditions(station, hour),
            )
            .to_array(),
        );
    }

    let predictions = version().predict(&inputs).unwrap();
    let errors = predictions
        .iter()
        .zip(&future)
        .map(|(said, row)| (said.demand - row.departures as f32).abs());
    f64::from(errors.sum::<f32>()) / future.len() as f64
}

// Preuve: C12.3 une version dont les erreurs durent apprend à suivre ce qu’elle vient de manquer, et se trompe moins
#[test]
fn errors_that_last_are_corrected_and_the_error_falls() {
    let (history, description) = (since(start()), version().description());
    assert!(
        description.correction_strength >= 0.3,
        "{}",
        description.correction_strength
    );
    let hours = (start() + LEARNT_DAYS * 24, start() + DAYS * 24);
    let without = error(&history, &description.expected(&history));
    let with = error(&history, &version().expected(&history, hours).unwrap());
    assert!(
        with < 0.95 * without,
        "{with} with the correction, {without} without"
    );
}

#[test]
fn a_version_that_corrects_nothing_computes_no_bias() {
    let folder = &crate::place::later().folder;
    let mut description = Description::read(folder).unwrap();
    description.correction_strength = 0.0;
    let models = TempDir::new().unwrap();
    std::fs::copy(folder.join("model.onnx"), models.path().join("model.onnx")).unwrap();
    std::fs::write(
        models.path().join("model.json"),
        serde_json::to_vec(&description).unwrap(),
    )
    .unwrap();

    let predictor = Predictor::load(&runtime(), models.path(), PoolSize::SINGLE).unwrap();
    let history = since(start());
    let last = start() + DAYS * 24;
    let correction = predictor
        .bias_correction(&history, &description.expected(&history), (last - 24, last))
        .unwrap();

    assert!(
        correction
            .ratio(history.stations().next().unwrap(), last - 1)
            .is_nan()
    );
}

// Preuve: C12.3 les caractéristiques calculées en service, sur six semaines, sont au bit près celles de l’apprentissage
#[test]
fn service_computes_the_features_of_training() {
    let last = start() + DAYS * 24 - 1;
    let hours = (last - 47, last + 1);
    let (whole, recent) = (
        since(start()),
        since(hours.0 - (REACH_HOURS + 24 + CORRECTION_HOURS)),
    );

    assert!(
        version().description().system_demand.is_some(),
        "the history is long enough for a regression"
    );

    let (all, kept) = (
        version().expected(&whole, hours).unwrap(),
        version().expected(&recent, hours).unwrap(),
    );

    for hour in (0..48).map(|ago| last - ago) {
        for station in whole.stations() {
            let known = whole.conditions(station, hour);
            let of = |history: &History, expected: &Expected| {
                features(history, expected, station, hour, &known)
                    .to_array()
                    .map(f32::to_bits)
            };
            assert_eq!(of(&whole, &all), of(&recent, &kept), "{station} at {hour}");
        }
    }
}
