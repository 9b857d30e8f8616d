use std::path::Path;

use anyhow::{Context, Result};
use filrouge_dataset::{ConditionTable, Dataset};
use filrouge_model::evaluation::{Baselines, Evaluation, WindowStats};
use filrouge_model::{FEATURE_COUNT, History, Prediction, Predictor};
use filrouge_onnx_runtime::{PoolSize, Runtime};
use filrouge_types::Station;
use serde::Serialize;

use crate::examples::{extend_with_conditions, features_of, history_of};
use crate::scores::{Scored, Scores};
use crate::slices::{self, Slice, Slices};

/// Rows sent to ONNX Runtime at once: their features stay in the processor's cache.
const BATCH_ROWS: usize = 4096;

/// Measures of a version on hours that it has not seen.
#[derive(Debug, Clone, Serialize)]
pub struct SlicedEvaluation {
    /// All rows together.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// By station, local hour of the day and weather, worst skill first; by district too once they
    /// are given.
    pub slices: Vec<Slice>,
    /// By day (UTC).
    #[serde(skip)]
    pub days: Vec<WindowStats>,
    /// By hour.
    #[serde(skip)]
    pub(crate) hours: Vec<WindowStats>,
    /// The model's input, row by row.
    #[serde(skip)]
    pub(crate) inputs: Vec<f32>,
    /// Departures counted.
    #[serde(skip)]
    pub(crate) actual: Vec<f32>,
}

/// Measures the version in `model` on `dataset`, beside the baselines, slice by slice too.
///
/// Each row is forecast from the counts known a day before it: the rows of `history`, and those of
/// `dataset` that are 24 hours older or more. The baseline of means learns from `history` alone
/// (from the first hour of `dataset` back).
///
/// # Errors
/// A version that cannot be loaded, an empty data set, a row with an impossible hour.
pub fn evaluate(
    runtime: &Runtime,
    model: &Path,
    history: &Dataset,
    dataset: &Dataset,
) -> Result<SlicedEvaluation> {
    measure(&load(runtime, model)?, history, dataset)
}

/// Forecasts the rows of `input`, in order, from the counts of `history` at least 24 hours before
/// each of them.
///
/// # Errors
/// A version that cannot be loaded, a row with an impossible hour.
pub fn predict(
    runtime: &Runtime,
    model: &Path,
    history: &Dataset,
    input: &ConditionTable,
) -> Result<Vec<filrouge_dataset::Prediction>> {
    let predictor = load(runtime, model)?;
    let mut past = history_of(&[history])?;
    extend_with_conditions(&mut past, input)?;

    let (predictions, _) = forecast(&predictor, &past, input)?;
    let predictions = predictions.iter().enumerate();

    Ok(predictions
        .map(|(row, prediction)| filrouge_dataset::Prediction {
            station_id: input.stations[input.station[row] as usize].clone(),
            hour: input.hour[row],
            demand: prediction.demand,
            demand_p10: prediction.demand_p10,
            demand_p90: prediction.demand_p90,
        })
        .collect())
}

impl SlicedEvaluation {
    /// Adds the slices of the districts in which `stations` stand.
    pub fn add_districts(&mut self, stations: &[Station]) {
        slices::add_districts(&mut self.slices, stations);
    }
}

/// Measures a loaded version; see [`evaluate`].
pub(crate) fn measure(
    predictor: &Predictor,
    history: &Dataset,
    dataset: &Dataset,
) -> Result<SlicedEvaluation> {
    let table = &dataset.conditions;
    let start = table.hour.iter().min();
    let start = start.context("the data set to evaluate on has no row")?;

    let past = history_of(&[history, dataset])?;
    let time_zone = predictor.description().time_zone();
    let (predictions, inputs) = forecast(predictor, &past, table)?;
    let actual: Vec<f32> = dataset.departures.iter().map(|n| *n as f32).collect();

    // Baselines stop at the first hour of the data set; the features of an hour read nothing of the
    // day before it, so the history may hold all the hours.
    let scored = Scored {
        dataset,
        history: &past,
        baselines: Baselines::learn(&past, *start, time_zone),
    };
    let mut scores = Scores::default();
    let mut slices = Slices::of(table, time_zone);

    for (row, prediction) in predictions.iter().enumerate() {
        let last_week = scores.add(&scored, row, prediction);
        slices.add(row, prediction, actual[row], last_week);
    }

    Ok(SlicedEvaluation {
        evaluation: scores.evaluation(),
        slices: slices.worst_first(),
        days: scores.days(),
        hours: scores.hours(),
        inputs,
        actual,
    })
}

fn load(runtime: &Runtime, model: &Path) -> Result<Predictor> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let size = PoolSize {
        sessions: 1,
        threads,
    };

    Predictor::load(runtime, model, size)
        .with_context(|| format!("cannot load the model `{}`", model.display()))
}

/// The predictions of the rows of `table`, and the model's input that gave them.
fn forecast(
    predictor: &Predictor,
    history: &History,
    table: &ConditionTable,
) -> Result<(Vec<Prediction>, Vec<f32>)> {
    let Some((first, last)) = table.hour.iter().min().zip(table.hour.iter().max()) else {
        return Ok(Default::default());
    };

    let expected = predictor.expected(history, (*first, *last + 1))?;
    let mut inputs = Vec::with_capacity(table.len() * FEATURE_COUNT);
    let mut predictions = Vec::with_capacity(table.len());

    for row in 0..table.len() {
        inputs.extend(features_of(table, row, history, &expected).to_array());
    }

    for batch in inputs.chunks(BATCH_ROWS * FEATURE_COUNT) {
        predictions.extend(predictor.predict(batch)?);
    }

    Ok((predictions, inputs))
}
