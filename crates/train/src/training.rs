use anyhow::{Context, Result, ensure};
use filrouge_dataset::Dataset;
use filrouge_model::{Expected, TrainingWindow};
use filrouge_types::Hour;

use crate::backtest::{Backtest, BacktestInputs};
use crate::boosting::{Booster, BoosterParams};
use crate::data_tests::{self, Finding};
use crate::examples::{Examples, history_of};
use crate::folds::{Fold, rolling_folds};
use crate::job::{TrainContext, TrainOptions, TrainReport, TrainStep};
use crate::system_demand::FoldModels;
use crate::version::{self, Candidate};
use crate::{sample, scores};

/// Rows forecast in all the folds together, at most: enough for a third digit of the error.
const MAX_HELD_OUT_ROWS: usize = 120_000;

/// Trains a version on `dataset` and writes its folder, whole or not at all.
///
/// A backtest comes first: four models, each knowing only the hours before its fold, forecast the
/// last months of the data. It gives the number of trees, the measures and the curves of the
/// interval. The version itself then learns from every hour.
///
/// # Errors
/// A data set that is too short or has no demand known a day ahead; a graph that ONNX Runtime does
/// not compute as the trainer does; a folder that cannot be written.
pub fn train(
    dataset: &Dataset,
    options: &TrainOptions,
    context: &TrainContext<'_>,
) -> Result<TrainReport> {
    ensure!(!dataset.is_empty(), "the data set has no row");
    // First of all: a data set that must not be learnt is refused within a second.
    let findings = data_tests::require(dataset)?;
    let history = history_of(&[dataset])?;

    let (first, last) = span(dataset).context("the data set has no row")?;
    let folds = rolling_folds(first, last)?;
    let sample = sample::draw(dataset.len(), options.budget, options.seed);

    (context.progress)(TrainStep::SystemDemand);
    let system_demand = FoldModels::fit(&history, &folds, options.time_zone);

    let inputs = BacktestInputs {
        dataset,
        history: &history,
        folds: &folds,
        system_demand: &system_demand,
        time_zone: options.time_zone,
        params: BoosterParams::for_rows(sample.len(), &dataset.conditions.hour),
        sample: &sample,
        held_out: &held_out_rows(dataset, &folds, options.seed),
        seed: options.seed,
    };
    let candidate = fit_candidate(&inputs, (first, last), findings, context)?;

    (context.progress)(TrainStep::Export);
    version::publish(dataset, candidate, options, context)
}

/// Runs the backtest, then fits the version itself.
fn fit_candidate(
    inputs: &BacktestInputs<'_>,
    (from, to): (Hour, Hour),
    findings: Vec<Finding>,
    context: &TrainContext<'_>,
) -> Result<Candidate> {
    let backtest = run_backtest(inputs, context)?;
    let calibrations = backtest.calibrations();
    let scores = scores::of_backtest(inputs, &backtest, &calibrations);
    let (booster, examples) = fit_all(inputs, backtest.trees, context)?;

    Ok(Candidate {
        booster,
        calibration: calibrations.all,
        evaluation: scores.evaluation(),
        backtest_days: scores.days(),
        system_demand: inputs.system_demand.all().cloned(),
        training: TrainingWindow {
            from,
            to,
            rows: inputs.dataset.len(),
            sampled_rows: examples.len(),
            stations: inputs.dataset.conditions.stations.len(),
        },
        examples,
        bias_ratios: backtest.bias_ratios,
        findings,
    })
}

fn run_backtest(inputs: &BacktestInputs<'_>, context: &TrainContext<'_>) -> Result<Backtest> {
    let of = inputs.folds.len();

    inputs.run(|number| (context.progress)(TrainStep::Fold { number, of }))
}

/// Fits the version's own trees on every hour.
fn fit_all(
    inputs: &BacktestInputs<'_>,
    trees: usize,
    context: &TrainContext<'_>,
) -> Result<(Booster, Examples)> {
    (context.progress)(TrainStep::Boosting { trees });

    let model = inputs.system_demand.all();
    let expected = Expected::of(inputs.history, model, inputs.time_zone);
    let examples = Examples::of(inputs.dataset, inputs.history, inputs.sample, &expected);

    // Nothing is held out any more: the backtest has given the number of trees.
    let boosters = Booster::fit(&examples, None, inputs.params, trees, inputs.seed)?;
    let mean = Booster::mean_of(boosters, trees).context("no tree was grown")?;

    Ok((mean, examples))
}

fn span(dataset: &Dataset) -> Option<(Hour, Hour)> {
    let hours = &dataset.conditions.hour;

    Some((*hours.iter().min()?, *hours.iter().max()?))
}

/// Rows of the folds, sampled when there are many.
fn held_out_rows(dataset: &Dataset, folds: &[Fold], seed: u64) -> Vec<usize> {
    let hours = &dataset.conditions.hour;
    let is_held_out = |row: &usize| folds.iter().any(|fold| fold.contains(hours[*row]));
    let inside: Vec<usize> = (0..dataset.len()).filter(is_held_out).collect();

    sample::draw(inside.len(), MAX_HELD_OUT_ROWS, seed)
        .into_iter()
        .map(|position| inside[position])
        .collect()
}
