//! Why the model says what it says: what each feature adds to the prediction.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::description::{Description, FeatureReference};
use crate::features::FEATURE_COUNT;
use crate::predictor::Prediction;

/// Orders in which features are revealed, each followed by its reverse: the pair cancels most of
/// what one order favours.
const PAIRS: usize = 8;

/// The parts of a prediction. `base + Σ contributions = demand`, to the rounding of 32 bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What the model says of a usual hour, departures.
    pub base: f64,
    /// What each feature adds, departures, in the order of [`FEATURE_NAMES`](crate::FEATURE_NAMES).
    pub contributions: [f64; FEATURE_COUNT],
    /// What the model says of this hour.
    pub prediction: Prediction,
}

/// The questions whose answers explain one row.
///
/// Features take their value one after the other, from the usual row to the row explained; what the
/// demand moves at each step belongs to the feature that changed. The mean over random orders
/// estimates the Shapley values (Strumbelj and Kononenko, 2014), and each order adds up exactly.
/// The orders come from a fixed seed: the same row has the same explanation.
#[derive(Debug)]
pub struct Walks {
    orders: Vec<Vec<usize>>,
    rows: Vec<f32>,
}

impl Walks {
    /// Prepares the explanation of `row` against `usual`.
    pub fn new(row: &[f32; FEATURE_COUNT], usual: &[f32; FEATURE_COUNT]) -> Self {
        let orders = orders();
        let rows = walks(row, usual, &orders);
        Self { orders, rows }
    }

    /// The rows to run, one after the other.
    pub fn rows(&self) -> &[f32] {
        &self.rows
    }

    /// Reads the predictions of [`Self::rows`], in their order; nothing when there are not as many.
    pub fn explanation(&self, predictions: &[Prediction]) -> Option<Explanation> {
        if predictions.len() * FEATURE_COUNT == self.rows.len() {
            read(predictions, &self.orders)
        } else {
            None
        }
    }
}

impl Description {
    /// The row whose every feature is the median of the training rows; missing where most were.
    pub fn usual_row(&self) -> [f32; FEATURE_COUNT] {
        let mut row = [f32::NAN; FEATURE_COUNT];
        for (value, reference) in row.iter_mut().zip(&self.reference) {
            let known = reference.missing_share < 0.5;
            if let Some(median) = median(reference).filter(|_| known) {
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

fn orders() -> Vec<Vec<usize>> {
    let mut generator = ChaCha8Rng::seed_from_u64(1);
    let mut orders = Vec::with_capacity(2 * PAIRS);
    for _ in 0..PAIRS {
        let mut order: Vec<usize> = (0..FEATURE_COUNT).collect();
        order.shuffle(&mut generator);
        let reversed = order.iter().rev().copied().collect();
        orders.extend([order, reversed]);
    }
    orders
}

/// For each order, the usual row, then the row as its features are revealed one after the other.
fn walks(
    row: &[f32; FEATURE_COUNT],
    usual: &[f32; FEATURE_COUNT],
    orders: &[Vec<usize>],
) -> Vec<f32> {
    let mut rows = Vec::with_capacity(2 * PAIRS * (FEATURE_COUNT + 1) * FEATURE_COUNT);
    for order in orders {
        let mut current = *usual;
        rows.extend(current);
        for &feature in order {
            current[feature] = row[feature];
            rows.extend(current);
        }
    }
    rows
}

fn read(predictions: &[Prediction], orders: &[Vec<usize>]) -> Option<Explanation> {
    let mut contributions = [0.0; FEATURE_COUNT];
    let share = 1.0 / orders.len() as f64;

    for (walk, order) in predictions.chunks_exact(FEATURE_COUNT + 1).zip(orders) {
        for (step, &feature) in walk.windows(2).zip(order) {
            contributions[feature] +=
                share * (f64::from(step[1].demand) - f64::from(step[0].demand));
        }
    }

    let base = f64::from(predictions.first()?.demand);

    Some(Explanation {
        base,
        contributions,
        prediction: *predictions.get(FEATURE_COUNT)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The demand is the sum of the first two features, and their product.
    fn model(rows: &[f32]) -> Vec<Prediction> {
        let demand = |row: &[f32]| row[0] + row[1] + row[0] * row[1];
        let prediction = |row| Prediction {
            demand: demand(row),
            demand_p10: 0.0,
            demand_p90: 9.0,
        };
        rows.chunks_exact(FEATURE_COUNT).map(prediction).collect()
    }

    // Preuve: C9.2 les contributions s’additionnent jusqu’à la prévision, et une caractéristique sans effet n’a rien
    #[test]
    fn contributions_add_up_to_the_prediction_and_what_has_no_effect_has_none() {
        let (usual, mut row) = ([0.0; FEATURE_COUNT], [5.0; FEATURE_COUNT]);

        (row[0], row[1]) = (2.0, 3.0);
        let walks = Walks::new(&row, &usual);
        let explanation = walks.explanation(&model(walks.rows())).unwrap();
        assert_eq!(walks.explanation(&[]), None);

        let sum: f64 = explanation.base + explanation.contributions.iter().sum::<f64>();
        assert!((sum - f64::from(explanation.prediction.demand)).abs() < 1e-9);
        assert_eq!(explanation.prediction.demand, 11.0);

        // The product is shared equally, as the Shapley value says.
        assert!(
            (explanation.contributions[0] - 5.0).abs() < 1e-9,
            "{:?}",
            explanation.contributions
        );
        assert!((explanation.contributions[1] - 6.0).abs() < 1e-9);
        assert!(
            explanation.contributions[2..]
                .iter()
                .all(|contribution| *contribution == 0.0)
        );
    }
}
