use anyhow::{Result, ensure};
use filrouge_model::{CORRECTION, FEATURE_COUNT, Prediction, Predictor, SCALE};
use serde::{Deserialize, Serialize};

use crate::ensemble::Ensemble;
use crate::examples::Examples;
use crate::fit::Fit;
use crate::head::Head;
use crate::sample;

/// The largest relative difference that is accepted.
const LARGEST_RELATIVE: f64 = 1e-5;

/// Below this many departures an hour a difference is measured in absolute terms: nobody plans for
/// a thousandth of a bike, and the ratio of two nothings says nothing.
const SMALLEST_SCALE: f64 = 1e-3;

/// Rows of the data set that are compared, at most.
const ROWS: usize = 10_000;

/// Records that are tried: nothing was counted, forecasts were right, too high or too low.
const RECORDS: [f32; 6] = [0.0, 0.25, 0.9, 1.0, 1.1, 4.0];

/// How ONNX Runtime and the trainer agree, over rows chosen to part them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fidelity {
    /// Rows compared.
    pub rows: usize,
    /// Of which rows that sit on a threshold or one ulp beside it.
    pub threshold_rows: usize,
    /// Largest absolute difference, departures an hour.
    pub largest_absolute: f64,
    /// Largest difference relative to the larger answer (or to 0.001).
    pub largest_relative: f64,
}

/// Compares `predictor` with the trainer: on rows of the data set, on every threshold and one ulp
/// on either side, with each feature missing and with all of them missing, and with forecasts that
/// missed lately.
///
/// # Errors
/// A difference above 1e-5 relative.
pub(crate) fn certify(
    predictor: &Predictor,
    fit: &Fit,
    head: &Head,
    examples: &Examples,
    seed: u64,
) -> Result<Fidelity> {
    let ensemble = Ensemble::of_booster(&fit.booster, &fit.columns);
    let golden = sample::draw(examples.len(), ROWS, seed);
    let mut rows: Vec<f32> = golden
        .iter()
        .flat_map(|row| examples.features(*row))
        .copied()
        .collect();

    let before = rows.len();

    push_threshold_rows(&mut rows, &ensemble, examples, &golden);
    let threshold_rows = (rows.len() - before) / FEATURE_COUNT;

    push_missing_rows(&mut rows, examples.features(golden[0]));
    push_record_rows(&mut rows, examples, &golden);
    let mut fidelity = compare(predictor, fit, head, &rows)?;
    fidelity.threshold_rows = threshold_rows;
    ensure!(
        fidelity.largest_relative <= LARGEST_RELATIVE,
        "the exported graph differs from the trainer by {} relative (1e-5 is accepted): the version is refused",
        fidelity.largest_relative
    );

    Ok(fidelity)
}

fn push_threshold_rows(
    rows: &mut Vec<f32>,
    ensemble: &Ensemble,
    examples: &Examples,
    golden: &[usize],
) {
    let mut thresholds: Vec<(usize, f32)> = ensemble.thresholds().collect();
    thresholds.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    thresholds.dedup();

    for (number, (feature, threshold)) in thresholds.into_iter().enumerate() {
        let base = examples.features(golden[number % golden.len()]);
        for value in [threshold.next_down(), threshold, threshold.next_up()] {
            // A scale is never below zero: its root would not be a number.
            if value.is_finite() && !(feature == SCALE && value < 0.0) {
                push_row(rows, base, feature, value);
            }
        }
    }
}

fn push_missing_rows(rows: &mut Vec<f32>, base: &[f32]) {
    for feature in 0..FEATURE_COUNT {
        push_row(rows, base, feature, f32::NAN);
    }
    rows.extend([f32::NAN; FEATURE_COUNT]);
}

/// Trees do not read the record, so no threshold tries it.
fn push_record_rows(rows: &mut Vec<f32>, examples: &Examples, golden: &[usize]) {
    for (record, example) in RECORDS.into_iter().zip(golden.iter().cycle()) {
        push_row(rows, examples.features(*example), CORRECTION, record);
    }
}

/// Adds the row `base` with another value of one feature.
fn push_row(rows: &mut Vec<f32>, base: &[f32], feature: usize, value: f32) {
    let start = rows.len();
    rows.extend(base);
    rows[start + feature] = value;
}

fn compare(predictor: &Predictor, fit: &Fit, head: &Head, rows: &[f32]) -> Result<Fidelity> {
    let expected = fit.predict_rows(rows);
    let found = predictor.predict(rows)?;

    let mut fidelity = Fidelity {
        rows: found.len(),
        threshold_rows: 0,
        largest_absolute: 0.0,
        largest_relative: 0.0,
    };

    for ((row, root), found) in rows.chunks_exact(FEATURE_COUNT).zip(expected).zip(found) {
        let expected = head.predict(root, head.scale.of(row));
        for (a, b) in values(&expected).into_iter().zip(values(&found)) {
            let difference = (a - b).abs();
            fidelity.largest_absolute = fidelity.largest_absolute.max(difference);
            let relative = difference / a.abs().max(b.abs()).max(SMALLEST_SCALE);
            fidelity.largest_relative = fidelity.largest_relative.max(relative);
        }
    }

    Ok(fidelity)
}

fn values(prediction: &Prediction) -> [f64; 3] {
    [
        prediction.demand,
        prediction.demand_p10,
        prediction.demand_p90,
    ]
    .map(f64::from)
}
