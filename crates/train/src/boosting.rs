//! Gradient boosting of regression trees on binned features (Friedman, 2001; Chen & Guestrin,
//! XGBoost, 2016; Ke et al., LightGBM, 2017).

mod matrix;
mod params;

use anyhow::{Context, Result};
use forust_ml::GradientBooster;
use forust_ml::objective::ObjectiveType;
use rayon::prelude::*;

use crate::ensemble::{Ensemble, round_booster};
use crate::examples::Examples;

use matrix::{DesignMatrix, columns_to_read};
use params::span_a_year;

pub(crate) use params::BoosterParams;

/// As good as 128 in less time.
const BINS: u16 = 64;

/// Share of the columns that each tree draws: as good as all of them in half the time.
const COLUMNS_A_TREE: f64 = 0.5;

/// The same before a year has been seen: the fewer the days, the more of their noise is in every
/// tree, unless trees differ.
const COLUMNS_A_TREE_EARLY: f64 = 0.3;

/// Trees without improvement on the held-out hours after which boosting stops.
const EARLY_STOPPING_TREES: usize = 30;

/// Boosted trees and the features that they read.
pub(crate) struct Booster {
    booster: GradientBooster,
    /// Positions of the features that are its columns.
    columns: Vec<usize>,
}

impl Booster {
    /// Fits the boosters of one model, each of at most `trees` trees; with `held_out`, stops when
    /// its error stops falling (early stopping).
    ///
    /// Target `√(y / scale)`, row weight `scale`: the weighted squared error is that of √y, whose
    /// variance depends little on the scale (Anscombe, 1948).
    ///
    /// # Errors
    /// Trees that cannot be grown.
    pub(crate) fn fit(
        examples: &Examples,
        held_out: Option<&Examples>,
        params: BoosterParams,
        trees: usize,
        seed: u64,
    ) -> Result<Vec<Self>> {
        let is_a_year = span_a_year(&examples.hour);
        let columns = columns_to_read(examples, is_a_year);
        let train = DesignMatrix::of(examples, &columns);
        let held_out = held_out.map(|examples| DesignMatrix::of(examples, &columns));

        let fit = |seed| {
            let mut booster = untrained(params, trees, seed, is_a_year);
            boost(&mut booster, &train, held_out.as_ref())?;

            Ok(Self {
                booster,
                columns: columns.clone(),
            })
        };

        params.seeds(seed).into_par_iter().map(fit).collect()
    }

    pub(crate) fn tree_count(&self) -> usize {
        self.booster.trees.len()
    }

    /// The number of trees that was best on the held-out hours.
    pub(crate) fn best_trees(&self) -> usize {
        let best = self.booster.prediction_iteration;
        best.unwrap_or(self.tree_count())
    }

    /// The trees as they are exported.
    pub(crate) fn ensemble(&self) -> Ensemble {
        Ensemble::of_booster(&self.booster, &self.columns)
    }

    /// The mean of `boosters`, each cut to its first `trees` trees, rounded to the numbers that the
    /// exported graph holds.
    pub(crate) fn mean_of(boosters: Vec<Self>, trees: usize) -> Option<Self> {
        // The trees of all the boosters, each answer divided: one ensemble, hence one graph.
        let share = 1.0 / boosters.len() as f32;
        let cut = boosters.into_iter().map(|one| one.cut(trees, share));

        let mut mean = cut.reduce(|mut sum, one| {
            sum.booster.base_score += one.booster.base_score;
            sum.booster.trees.extend(one.booster.trees);
            sum
        })?;

        round_booster(&mut mean.booster);
        Some(mean)
    }

    /// The first `trees` trees, their answers multiplied by `share`.
    fn cut(mut self, trees: usize, share: f32) -> Self {
        let booster = &mut self.booster;
        booster.trees.truncate(trees);
        booster.prediction_iteration = None;
        booster.base_score *= f64::from(share);

        for node in booster.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
            node.weight_value *= share;
        }

        self
    }

    /// Answers of the trees, `√(demand / scale)`, for `examples`.
    pub(crate) fn predict(&self, examples: &Examples) -> Vec<f64> {
        self.answer(&DesignMatrix::of(examples, &self.columns))
    }

    /// The same for rows of features.
    pub(crate) fn predict_rows(&self, rows: &[f32]) -> Vec<f64> {
        self.answer(&DesignMatrix::of_features(rows, &self.columns))
    }

    fn answer(&self, matrix: &DesignMatrix) -> Vec<f64> {
        self.booster.predict(&matrix.view(), true)
    }
}

fn boost(
    booster: &mut GradientBooster,
    train: &DesignMatrix,
    held_out: Option<&DesignMatrix>,
) -> Result<()> {
    let evaluation = held_out.map(|held_out| {
        let (target, weight) = (held_out.target.as_slice(), held_out.weight.as_slice());
        vec![(held_out.view(), target, weight)]
    });

    booster.early_stopping_rounds = evaluation.is_some().then_some(EARLY_STOPPING_TREES);
    booster
        .fit(&train.view(), &train.target, &train.weight, evaluation)
        .context("the trees could not be grown")
}

fn untrained(params: BoosterParams, trees: usize, seed: u64, is_a_year: bool) -> GradientBooster {
    let columns = if is_a_year {
        COLUMNS_A_TREE
    } else {
        COLUMNS_A_TREE_EARLY
    };

    GradientBooster::default()
        .set_objective_type(ObjectiveType::SquaredLoss)
        .set_iterations(trees)
        .set_learning_rate(params.learning_rate)
        // The number of leaves alone bounds a tree.
        .set_max_depth(usize::MAX)
        .set_max_leaves(params.max_leaves)
        .set_nbins(BINS)
        .set_colsample_bytree(columns)
        .set_l2(1.0)
        // Weights are 1 on average: a leaf holds about twenty rows.
        .set_min_leaf_weight(20.0)
        .set_base_score(1.0)
        .set_initialize_base_score(true)
        .set_tiled_histograms(true)
        .set_seed(seed)
}

#[cfg(test)]
mod tests;
