//! Explanation of one prediction: its Shapley values, estimated over random permutations.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::description::{Description, FeatureReference};
use crate::features::FEATURE_COUNT;
use crate::prediction::Prediction;

#[cfg(test)]
mod tests;

/// Permutations of the features, each followed by its reverse (antithetic sampling): the pair
/// cancels most of the favour of one order.
const PAIRS: usize = 8;

/// The parts of a prediction: `base + Σ contributions = demand`, to the rounding of 32 bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Prediction of the reference row, departures.
    pub base: f64,
    /// Departures that each feature adds, in the order of [`FEATURE_NAMES`](crate::FEATURE_NAMES).
    pub contributions: [f64; FEATURE_COUNT],
    /// Prediction of the hour explained.
    pub prediction: Prediction,
}

/// The rows whose predictions explain one row.
///
/// Features take their value one after the other, from the reference row to the row explained; the
/// demand that moves at each step belongs to the feature that changed. The mean over random
/// permutations estimates the Shapley values (Štrumbelj and Kononenko, 2014), and each permutation
/// adds up exactly. They come from a fixed seed: the same row has the same explanation.
#[derive(Debug)]
pub struct ShapleyPermutations {
    permutations: Vec<Vec<usize>>,
    rows: Vec<f32>,
}

impl ShapleyPermutations {
    /// Prepares the explanation of `row` against a `reference` row.
    pub fn new(row: &[f32; FEATURE_COUNT], reference: &[f32; FEATURE_COUNT]) -> Self {
        let permutations = permutations();
        let mut rows = Vec::with_capacity(2 * PAIRS * (FEATURE_COUNT + 1) * FEATURE_COUNT);

        for permutation in &permutations {
            let mut current = *reference;
            rows.extend(current);
            for &feature in permutation {
                current[feature] = row[feature];
                rows.extend(current);
            }
        }

        Self { permutations, rows }
    }

    /// The rows to run, one after the other.
    pub fn rows(&self) -> &[f32] {
        &self.rows
    }

    /// Reads the predictions of [`Self::rows`], in their order; nothing when there are not as many.
    pub fn explanation(&self, predictions: &[Prediction]) -> Option<Explanation> {
        // A batch that was cut short would share out a part of the demand only.
        if predictions.len() * FEATURE_COUNT != self.rows.len() {
            return None;
        }

        Some(Explanation {
            base: f64::from(predictions.first()?.demand),
            contributions: self.mean_steps(predictions),
            prediction: *predictions.get(FEATURE_COUNT)?,
        })
    }

    /// The mean step of each feature, over the permutations.
    fn mean_steps(&self, predictions: &[Prediction]) -> [f64; FEATURE_COUNT] {
        let share = 1.0 / self.permutations.len() as f64;
        let runs = predictions.chunks_exact(FEATURE_COUNT + 1);
        let mut means = [0.0; FEATURE_COUNT];

        for (run, permutation) in runs.zip(&self.permutations) {
            for (step, &feature) in run.windows(2).zip(permutation) {
                means[feature] += share * (f64::from(step[1].demand) - f64::from(step[0].demand));
            }
        }
        means
    }
}

impl Description {
    /// The row whose every feature is the median of the training rows; missing where most were.
    pub fn median_row(&self) -> [f32; FEATURE_COUNT] {
        let mut row = [f32::NAN; FEATURE_COUNT];

        for (value, reference) in row.iter_mut().zip(&self.reference) {
            // The median of a feature that is mostly missing is a missing value.
            let is_known = reference.missing_share < 0.5;
            if let Some(median) = median(reference).filter(|_| is_known) {
                *value = median;
            }
        }
        row
    }
}

/// The first edge that half of the known values lie below, or the last edge.
fn median(reference: &FeatureReference) -> Option<f32> {
    let mut below = 0.0;
    let reached = reference
        .edges
        .iter()
        .zip(&reference.shares)
        .find(|(_, share)| {
            below += *share;
            below >= 0.5
        });
    reached
        .map(|(edge, _)| *edge)
        .or_else(|| reference.edges.last().copied())
}

fn permutations() -> Vec<Vec<usize>> {
    let mut generator = ChaCha8Rng::seed_from_u64(1);
    let mut permutations = Vec::with_capacity(2 * PAIRS);

    for _ in 0..PAIRS {
        let mut permutation: Vec<usize> = (0..FEATURE_COUNT).collect();
        permutation.shuffle(&mut generator);
        let reversed = permutation.iter().rev().copied().collect();
        permutations.extend([permutation, reversed]);
    }
    permutations
}
