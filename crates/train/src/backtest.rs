//! Backtest with a rolling origin: one model a fold, fitted on the hours before it, forecasts the
//! hours inside (Hyndman & Athanasopoulos, *Forecasting: Principles and Practice*, §5.10).

mod forecasts;

use anyhow::{Result, ensure};
use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use filrouge_model::{Expected, History};
use rayon::prelude::*;

use crate::boosting::{Booster, BoosterParams};
use crate::examples::Examples;
use crate::folds::Fold;
use crate::system_demand::FoldModels;

pub(crate) use forecasts::{Backtest, FoldCalibrations};

/// Trees of one fold, at most; early stopping nearly always comes first.
const MAX_TREES: usize = 200;

/// Folds fitted at the same time: growing trees leaves threads idle between two steps, and each
/// fold takes memory.
const FOLDS_AT_ONCE: usize = 2;

/// Everything that a backtest reads.
pub(crate) struct BacktestInputs<'a> {
    pub(crate) dataset: &'a Dataset,
    pub(crate) history: &'a History,
    pub(crate) folds: &'a [Fold],
    pub(crate) system_demand: &'a FoldModels,
    pub(crate) time_zone: Tz,
    pub(crate) params: BoosterParams,
    /// Positions of the rows that models may learn from.
    pub(crate) sample: &'a [usize],
    /// Positions of the rows to forecast, each inside a fold.
    pub(crate) held_out: &'a [usize],
    pub(crate) seed: u64,
}

/// The boosters of one fold, whose mean is its model, and the rows that they forecast.
type FittedFold = (Vec<Booster>, Examples);

impl BacktestInputs<'_> {
    /// Fits one model a fold and forecasts its hours; `progress` is told the number of each fold,
    /// from 1.
    ///
    /// # Errors
    /// Demand that is never known a day ahead; trees that cannot be grown.
    pub(crate) fn run(&self, progress: impl Fn(usize) + Sync) -> Result<Backtest> {
        let fitted = self.fit_folds(progress)?;

        ensure!(
            !fitted.is_empty(),
            "no hour has demand known a day before it: the data set cannot be learnt from"
        );

        let mut backtest = Backtest::with_trees(median_best_trees(&fitted));

        // All the folds use the same number of trees: that of the version, whose error they measure.
        for (boosters, inside) in fitted {
            if let Some(mean) = Booster::mean_of(boosters, backtest.trees) {
                backtest.add_fold(mean.predict(&inside), &inside);
            }
        }

        backtest.fit_scale(self.dataset, self.history);
        Ok(backtest)
    }

    /// Folds without a row to learn from, or to forecast, are left out.
    fn fit_folds(&self, progress: impl Fn(usize) + Sync) -> Result<Vec<FittedFold>> {
        let fit = |number: &usize| {
            progress(number + 1);
            self.fit_fold(*number)
        };

        let numbers: Vec<usize> = (0..self.folds.len()).collect();
        let mut fitted = Vec::new();

        for together in numbers.chunks(FOLDS_AT_ONCE) {
            let folds: Vec<_> = together.par_iter().map(fit).collect::<Result<_>>()?;
            fitted.extend(folds.into_iter().flatten());
        }

        Ok(fitted)
    }

    fn fit_fold(&self, number: usize) -> Result<Option<FittedFold>> {
        let (before, inside) = self.examples(number);

        if before.len() == 0 || inside.len() == 0 {
            return Ok(None);
        }

        let boosters = Booster::fit(&before, Some(&inside), self.params, MAX_TREES, self.seed)?;
        Ok(Some((boosters, inside)))
    }

    /// The rows before fold `number` and those inside, with the expectations of a system demand
    /// model of the hours before it: none of their features knows the days to forecast.
    fn examples(&self, number: usize) -> (Examples, Examples) {
        let fold = self.folds[number];
        let hours = &self.dataset.conditions.hour;

        let past = self.sample.iter().filter(|row| hours[**row] < fold.start);
        let before: Vec<usize> = past.copied().step_by(self.params.fold_stride).collect();
        let future = self.held_out.iter();
        let inside: Vec<usize> = future
            .filter(|row| fold.contains(hours[**row]))
            .copied()
            .collect();

        let model = self.system_demand.before(number);
        let expected = Expected::of(self.history, model, self.time_zone);
        let of = |rows: &[usize]| Examples::of(self.dataset, self.history, rows, &expected);

        (of(&before), of(&inside))
    }
}

/// The median, over all the boosters, of the number of trees at which early stopping was best.
fn median_best_trees(fitted: &[FittedFold]) -> usize {
    let boosters = fitted.iter().flat_map(|(boosters, _)| boosters);
    // A median: one fold whose best is far away does not decide alone.
    let mut best: Vec<usize> = boosters.map(Booster::best_trees).collect();

    best.sort_unstable();
    best[best.len() / 2].max(1)
}
