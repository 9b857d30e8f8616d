use anyhow::{Result, ensure};
use filrouge_model::{CORRECTION, FEATURE_COUNT, Prediction, Predictor, SCALE};
use serde::{Deserialize, Serialize};

use crate::boosting::Booster;
use crate::calibration::Calibration;
use crate::ensemble::Ensemble;
use crate::examples::Examples;
use crate::sample;

/// The largest relative difference that is accepted.
const TOLERANCE: f64 = 1e-5;

/// Below this many departures an hour a difference is measured in absolute terms: nobody plans for
/// a thousandth of a bike, and the ratio of two nothings says nothing.
const MIN_MAGNITUDE: f64 = 1e-3;

/// Rows of the data set that are compared, at most.
const MAX_ROWS: usize = 10_000;

/// Bias ratios tried: nothing was counted, forecasts were right, too high or too low.
const BIAS_RATIOS: [f32; 6] = [0.0, 0.25, 0.9, 1.0, 1.1, 4.0];

/// Agreement of ONNX Runtime and the trainer, over rows chosen to part them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fidelity {
    /// Rows compared.
    pub rows: usize,
    /// Rows among them that sit on a threshold or one ulp beside it.
    pub threshold_rows: usize,
    /// Largest absolute difference, departures an hour.
    pub largest_absolute: f64,
    /// Largest difference relative to the larger answer (or to 0.001).
    pub largest_relative: f64,
}

/// Compares `predictor` with the trainer: on rows of the data set, on every threshold and one ulp
/// on either side, with each feature missing and with all of them missing, and with biased
/// forecasts.
///
/// # Errors
/// A difference above 1e-5 relative.
pub(crate) fn certify(
    predictor: &Predictor,
    booster: &Booster,
    calibration: &Calibration,
    examples: &Examples,
    seed: u64,
) -> Result<Fidelity> {
    let sampled = sample::draw(examples.len(), MAX_ROWS, seed);
    let features = sampled.iter().flat_map(|row| examples.features(*row));
    let mut rows: Vec<f32> = features.copied().collect();
    let before = rows.len();

    push_threshold_rows(&mut rows, &booster.ensemble(), examples, &sampled);
    let threshold_rows = (rows.len() - before) / FEATURE_COUNT;
    push_missing_rows(&mut rows, examples.features(sampled[0]));
    push_biased_rows(&mut rows, examples, &sampled);

    let fidelity = Fidelity {
        threshold_rows,
        ..compare(predictor, booster, calibration, &rows)?
    };

    ensure!(
        fidelity.largest_relative <= TOLERANCE,
        "the exported graph differs from the trainer by {} relative (1e-5 is accepted): the version is refused",
        fidelity.largest_relative
    );

    Ok(fidelity)
}

fn push_threshold_rows(
    rows: &mut Vec<f32>,
    ensemble: &Ensemble,
    examples: &Examples,
    sampled: &[usize],
) {
    let mut thresholds: Vec<(usize, f32)> = ensemble.thresholds().collect();
    thresholds.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    thresholds.dedup();

    // Rows in turn: thresholds deep in a tree are reached from different places.
    for (number, (feature, threshold)) in thresholds.into_iter().enumerate() {
        let base = examples.features(sampled[number % sampled.len()]);

        for value in [threshold.next_down(), threshold, threshold.next_up()] {
            // A scale is never below zero: its square root would not be a number.
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

/// Trees do not read the bias ratio, so no threshold tries it.
fn push_biased_rows(rows: &mut Vec<f32>, examples: &Examples, sampled: &[usize]) {
    for (ratio, example) in BIAS_RATIOS.into_iter().zip(sampled.iter().cycle()) {
        push_row(rows, examples.features(*example), CORRECTION, ratio);
    }
}

/// Adds the row `base` with another value of one feature.
fn push_row(rows: &mut Vec<f32>, base: &[f32], feature: usize, value: f32) {
    let start = rows.len();

    rows.extend(base);
    rows[start + feature] = value;
}

fn compare(
    predictor: &Predictor,
    booster: &Booster,
    calibration: &Calibration,
    rows: &[f32],
) -> Result<Fidelity> {
    let roots = booster.predict_rows(rows);
    let served = predictor.predict(rows)?;
    let mut fidelity = Fidelity {
        rows: served.len(),
        threshold_rows: 0,
        largest_absolute: 0.0,
        largest_relative: 0.0,
    };

    for ((row, root), served) in rows.chunks_exact(FEATURE_COUNT).zip(roots).zip(served) {
        let expected = calibration.predict(root, calibration.scale.of(row));

        for (a, b) in values(&expected).into_iter().zip(values(&served)) {
            fidelity.add(a, b);
        }
    }

    Ok(fidelity)
}

impl Fidelity {
    fn add(&mut self, a: f64, b: f64) {
        let difference = (a - b).abs();
        let relative = difference / a.abs().max(b.abs()).max(MIN_MAGNITUDE);

        self.largest_absolute = self.largest_absolute.max(difference);
        self.largest_relative = self.largest_relative.max(relative);
    }
}

fn values(prediction: &Prediction) -> [f64; 3] {
    let Prediction {
        demand,
        demand_p10,
        demand_p90,
    } = *prediction;

    [demand, demand_p10, demand_p90].map(f64::from)
}
