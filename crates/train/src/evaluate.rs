use std::path::Path;

use anyhow::{Context, Result};
use filrouge_dataset::{ConditionTable, Dataset};
use filrouge_model::evaluation::{Baselines, Evaluation, WindowStats};
use filrouge_model::{FEATURE_COUNT, History, Prediction, Predictor};
use filrouge_onnx_runtime::{PoolSize, Runtime};
use filrouge_types::Station;
use serde::Serialize;

use crate::examples::{features_of, remember, remember_conditions};
use crate::score::Scores;
use crate::slices::{self, Slice, Slices};

/// Rows sent to ONNX Runtime at once.
const BATCH: usize = 4096;

/// Measures the version in `model` on `dataset`, beside the baselines.
///
/// Each row is forecast from what was known a day before it: the rows of `history`, and those of
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
) -> Result<Evaluation> {
    evaluate_in_slices(runtime, model, history, dataset).map(|measured| measured.evaluation)
}

/// The same, day by day and slice by slice too.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_in_slices(
    runtime: &Runtime,
    model: &Path,
    history: &Dataset,
    dataset: &Dataset,
) -> Result<Measured> {
    measure(&load(runtime, model)?, history, dataset)
}

/// What a version is worth on hours that it has not seen.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// All rows together.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// By station, local hour of the day and weather, worst skill first; by district too once they
    /// are given.
    pub slices: Vec<Slice>,
    /// By day (UTC).
    #[serde(skip)]
    pub days: Vec<WindowStats>,
    /// The model's input, row by row, and the truths.
    #[serde(skip)]
    pub(crate) inputs: Vec<f32>,
    #[serde(skip)]
    pub(crate) truths: Vec<f32>,
}

impl Measured {
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
) -> Result<Measured> {
    let start = dataset
        .conditions
        .hour
        .iter()
        .min()
        .context("the data set to evaluate on has no row")?;

    let mut past = History::default();
    remember(&mut past, history)?;
    remember(&mut past, dataset)?;
    let time_zone = predictor.description().time_zone();
    let (predictions, inputs) = forecast(predictor, &past, &dataset.conditions)?;
    let baselines = Baselines::learn(&past, *start, time_zone);
    let mut scores = Scores::default();

    let mut parts = Slices::default();

    for (row, prediction) in predictions.iter().enumerate() {
        let last_week = scores.add(dataset, row, prediction, &past, &baselines);

        parts.add(
            &dataset.conditions,
            row,
            time_zone,
            prediction,
            dataset.departures[row] as f32,
            last_week,
        );
    }

    let truths = dataset
        .departures
        .iter()
        .map(|departures| *departures as f32)
        .collect();

    Ok(Measured {
        evaluation: scores.evaluation(),
        slices: parts.worst_first(&dataset.conditions.stations),
        days: scores.days(),
        inputs,
        truths,
    })
}

/// Forecasts the rows of `input`, in order, from what `history` counted at least 24 hours before
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
    let mut past = History::default();
    remember(&mut past, history)?;
    remember_conditions(&mut past, input)?;
    let (predictions, _) = forecast(&predictor, &past, input)?;

    let rows =
        predictions
            .iter()
            .enumerate()
            .map(|(row, prediction)| filrouge_dataset::Prediction {
                station_id: input.stations[input.station[row] as usize].clone(),
                hour: input.hour[row],
                demand: prediction.demand,
                demand_p10: prediction.demand_p10,
                demand_p90: prediction.demand_p90,
            });

    Ok(rows.collect())
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

    (0..table.len())
        .for_each(|row| inputs.extend(features_of(table, row, history, &expected).to_array()));
    let mut predictions = Vec::with_capacity(table.len());

    for batch in inputs.chunks(BATCH * FEATURE_COUNT) {
        predictions.extend(predictor.predict(batch)?);
    }
    Ok((predictions, inputs))
}
