//! One linear score for each category.

use rayon::prelude::*;

use crate::features::Counts;
use crate::solver::{BinaryProblem, Hyperplane};
use crate::weighting::{Matrix, Weighting};

/// Cost of an error, for a text of length √2.
const COST: f32 = 0.2;

/// Added to the weight of each column in each category, before their ratio is taken.
const SMOOTHING: f32 = 0.5;

/// The scores of the categories: `Σ weight × value + bias` for each.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LinearScores {
    pub(crate) weighting: Weighting,
    /// Those of the first column for each category, then those of the second one…
    pub(crate) weights: Vec<f32>,
    /// One for each category.
    pub(crate) biases: Vec<f32>,
}

impl LinearScores {
    /// Learns from `texts`, whose categories are `labels`, numbers below `categories`.
    pub(crate) fn learn(texts: &[&Counts], labels: &[usize], categories: usize) -> Self {
        let weighting = Weighting::learn(texts.iter().copied());
        let matrix = Matrix::of(texts.iter().copied(), &weighting);
        let planes: Vec<Hyperplane> = (0..categories)
            .into_par_iter()
            .map(|category| {
                let labels: Vec<bool> = labels.iter().map(|label| *label == category).collect();
                average_plane(&matrix, &labels, weighting.columns.len())
            })
            .collect();

        let columns = 0..weighting.columns.len();
        Self {
            weights: columns
                .flat_map(|column| planes.iter().map(move |plane| plane.weights[column]))
                .collect(),
            biases: planes.iter().map(|plane| plane.bias).collect(),
            weighting,
        }
    }

    /// The score of each category.
    pub(crate) fn score(&self, counts: &Counts) -> Vec<f32> {
        let mut scores = self.biases.clone();
        let categories = scores.len();

        for (column, value) in self.weighting.weigh(counts) {
            let first = column as usize * categories;
            let weights = &self.weights[first..first + categories];
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += weight * value;
            }
        }
        scores
    }
}

/// Mean of a plain machine and of one whose columns weigh as freely as they tell the category from
/// the others (NB-SVM: Wang and Manning, 2012). Their errors differ, and the mean of two linear
/// scores is one linear score.
fn average_plane(texts: &Matrix, labels: &[bool], columns: usize) -> Hyperplane {
    let solve = |scales: &[f32]| {
        BinaryProblem {
            texts,
            labels,
            cost: COST,
            scales,
        }
        .solve()
    };
    let plain = solve(&vec![1.0; columns]);
    let bayes = solve(&squared_log_ratios(texts, labels, columns));

    let pairs = plain.weights.iter().zip(&bayes.weights);
    Hyperplane {
        weights: pairs.map(|(one, other)| (one + other) / 2.0).collect(),
        bias: (plain.bias + bayes.bias) / 2.0,
    }
}

/// `ln²(share of a column inside / share outside the category)`, of mean 1.
fn squared_log_ratios(texts: &Matrix, labels: &[bool], columns: usize) -> Vec<f32> {
    let mut inside = vec![SMOOTHING; columns];
    let mut outside = vec![SMOOTHING; columns];
    for (text, label) in labels.iter().enumerate() {
        let sums = if *label { &mut inside } else { &mut outside };
        for (column, value) in texts.text(text) {
            sums[*column as usize] += value;
        }
    }

    let totals = (inside.iter().sum::<f32>(), outside.iter().sum::<f32>());
    let pairs = inside.iter().zip(&outside);
    let mut squares: Vec<f32> = pairs
        .map(|(one, other)| (one / totals.0).ln() - (other / totals.1).ln())
        .map(|r| r * r)
        .collect();

    let mean = squares.iter().sum::<f32>() / columns as f32;
    // With texts of one side alone, no column tells anything.
    for square in &mut squares {
        *square /= mean.max(f32::MIN_POSITIVE);
    }
    squares
}
