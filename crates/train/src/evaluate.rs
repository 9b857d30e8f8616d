use std::path::Path;

use anyhow::{Context, Result, ensure};
use filrouge_dataset::{ConditionTable, Dataset};
use filrouge_model::evaluation::{Baselines, Evaluation};
use filrouge_model::{FEATURE_COUNT, History, Prediction, Predictor, Runtime};

use crate::examples::{features_of, remember, remember_conditions};
use crate::score::Scores;

/// Rows sent to ONNX Runtime at once.
const BATCH: usize = 4096;

/// Measures the version in `model` on `dataset`, beside the baselines.
///
/// Each row is forecast from what was known a day before it: the rows of `history`, and those of `dataset` that are 24
/// hours older or more. The baseline of means learns from `history` alone (from the first hour of `dataset` back).
///
/// # Errors
/// A version that cannot be loaded, an empty data set, a row with an impossible hour.
pub fn evaluate(runtime: &Runtime, model: &Path, history: &Dataset, dataset: &Dataset) -> Result<Evaluation> {
    ensure!(!dataset.is_empty(), "the data set to evaluate on has no row");
    let predictor = load(runtime, model)?;
    let mut past = History::default();
    remember(&mut past, history)?;
    remember(&mut past, dataset)?;
    let predictions = forecast(&predictor, &past, &dataset.conditions)?;
    let start = dataset.conditions.hour.iter().min().context("the data set to evaluate on has no row")?;
    let baselines = Baselines::learn(&past, *start, predictor.description().time_zone());
    let mut scores = Scores::default();
    for (row, prediction) in predictions.iter().enumerate() {
        scores.add(dataset, row, prediction, &past, &baselines);
    }
    Ok(scores.evaluation())
}

/// Forecasts the rows of `input`, in order, from what `history` counted at least 24 hours before each of them.
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
    let predictions = forecast(&predictor, &past, input)?;
    let rows = predictions.iter().enumerate().map(|(row, prediction)| filrouge_dataset::Prediction {
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
    Predictor::load(runtime, model, threads).with_context(|| format!("cannot load the model `{}`", model.display()))
}

fn forecast(predictor: &Predictor, history: &History, table: &ConditionTable) -> Result<Vec<Prediction>> {
    let time_zone = predictor.description().time_zone();
    let mut predictions = Vec::with_capacity(table.len());
    let mut rows = Vec::with_capacity(BATCH * FEATURE_COUNT);
    for row in 0..table.len() {
        rows.extend(features_of(table, row, history, time_zone).to_array());
        if rows.len() == BATCH * FEATURE_COUNT || row + 1 == table.len() {
            predictions.extend(predictor.predict(&rows)?);
            rows.clear();
        }
    }
    Ok(predictions)
}
