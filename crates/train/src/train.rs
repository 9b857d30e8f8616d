use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use filrouge_model::evaluation::Evaluation;
use filrouge_model::{Expected, History, TrainingWindow};
use filrouge_onnx_runtime::Runtime;
use filrouge_types::{Clock, Hour};

use crate::checks::Finding;
use crate::examples::{Examples, remember};
use crate::fidelity::Fidelity;
use crate::fit::{Fit, Growth};
use crate::rolling::{self, Stage};
use crate::total::Laws;
use crate::version::{self, Candidate};
use crate::{checks, sample, score};

/// How to train.
#[derive(Debug, Clone)]
pub struct TrainOptions {
    /// Folder of the versions, such as `models/demand`. Made when it is not there.
    pub models: PathBuf,
    /// Same data and same seed give the same bytes of ONNX.
    pub seed: u64,
    /// Whose clocks give the hour of the day.
    pub time_zone: Tz,
    /// Rows that trees are grown on, at most; a larger data set is sampled.
    pub budget: usize,
    /// Commit of the program's source, when known.
    pub commit: Option<String>,
    /// Whether the version goes into service at once.
    pub promote: bool,
}

/// What training reads from outside, and whom it tells.
pub struct TrainContext<'a> {
    /// ONNX Runtime, to compare the exported graph with the trainer.
    pub runtime: &'a Runtime,
    /// Dates the version.
    pub clock: &'a dyn Clock,
    /// Told at the beginning of each step.
    pub progress: &'a (dyn Fn(TrainStep) + Sync),
}

/// A step of training, in the order in which they come; folds may come together, in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainStep {
    /// The law of the system's total.
    Law,
    /// A model learns the past of one origin and forecasts what follows.
    Fold {
        /// From 1.
        number: usize,
        /// How many there are.
        of: usize,
    },
    /// The model learns from everything.
    Fit {
        /// Trees to grow.
        trees: usize,
    },
    /// The graph is written and compared with the trainer.
    Export,
}

/// What training made.
#[derive(Debug, Clone)]
pub struct TrainReport {
    /// The version.
    pub version: String,
    /// Its folder.
    pub folder: PathBuf,
    /// What it was trained on.
    pub training: TrainingWindow,
    /// Number of trees.
    pub trees: usize,
    /// Quality on the hours of the folds.
    pub evaluation: Evaluation,
    /// How the graph and the trainer agree.
    pub fidelity: Fidelity,
    /// What the tests of the data set warn about.
    pub findings: Vec<Finding>,
}

/// Rows forecast in all the folds together, at most: enough for a third digit of the error.
const MOST_HELD_OUT: usize = 120_000;

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            models: PathBuf::from("models/demand"),
            seed: 1,
            time_zone: chrono_tz::UTC,
            budget: 120_000,
            commit: None,
            promote: true,
        }
    }
}

/// Trains a version on `dataset` and writes its folder, whole or not at all.
///
/// Four models, each knowing only what precedes its fold, forecast the last months of the data:
/// that gives the number of trees, the measures, and the curves of the interval. The version itself
/// then learns from every hour.
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
    let findings = checks::require(dataset)?;
    let mut history = History::default();
    remember(&mut history, dataset)?;
    let (first, last) = span(dataset).context("the data set has no row")?;
    let folds = rolling::folds(first, last)?;

    let sampled = sample::draw(dataset.len(), options.budget, options.seed);
    let held_out = held_out_rows(dataset, &folds, options.seed);

    (context.progress)(TrainStep::Law);
    let laws = Laws::learn(&history, &folds, options.time_zone);

    let growth = Growth::on(sampled.len(), &dataset.conditions.hour);
    let stage = Stage {
        dataset,
        history: &history,
        folds: &folds,
        laws: &laws,
        time_zone: options.time_zone,
        growth,
    };

    let told = |number| {
        (context.progress)(TrainStep::Fold {
            number,
            of: folds.len(),
        })
    };

    let rehearsal = rolling::rehearse(&stage, &sampled, &held_out, options.seed, told)?;
    let heads = rehearsal.heads();

    let scores = score::rehearsal(
        dataset,
        &history,
        &rehearsal,
        &heads,
        &folds,
        options.time_zone,
    );

    (context.progress)(TrainStep::Fit {
        trees: rehearsal.trees,
    });
    let expected = Expected::of(&history, laws.all(), options.time_zone);
    let examples = Examples::of(dataset, &history, &sampled, &expected);
    let fits = Fit::grow(&examples, None, growth, rehearsal.trees, options.seed)?;
    let fit = Fit::mean_of(fits, rehearsal.trees).context("no tree was grown")?;

    (context.progress)(TrainStep::Export);
    let training = TrainingWindow {
        from: first,
        to: last,
        rows: dataset.len(),
        sampled_rows: examples.len(),
        stations: dataset.conditions.stations.len(),
    };

    let candidate = Candidate {
        fit,
        head: heads.all,
        evaluation: scores.evaluation(),
        backtest_days: scores.days(),
        system_demand: laws.all().cloned(),
        training,
        examples,
        records: rehearsal.records,
        findings,
    };

    version::publish(dataset, candidate, options, context)
}

fn span(dataset: &Dataset) -> Option<(Hour, Hour)> {
    let hours = &dataset.conditions.hour;
    Some((*hours.iter().min()?, *hours.iter().max()?))
}

/// Rows of the folds, sampled when there are many.
fn held_out_rows(dataset: &Dataset, folds: &[rolling::Fold], seed: u64) -> Vec<usize> {
    let hours = &dataset.conditions.hour;
    let inside: Vec<usize> = (0..dataset.len())
        .filter(|row| folds.iter().any(|fold| fold.contains(hours[*row])))
        .collect();
    sample::draw(inside.len(), MOST_HELD_OUT, seed)
        .into_iter()
        .map(|position| inside[position])
        .collect()
}
