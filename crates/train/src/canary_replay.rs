//! A canary replayed on hours that neither version has seen: the same verdict as in service, before
//! any client is answered.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use filrouge_dataset::Dataset;
use filrouge_model::canary::{
    CanaryBounds, CanaryDecision, CanaryEvidence, CanaryVerdict, PairedHour, PairedTimes,
};
use filrouge_model::evaluation::WindowStats;
use filrouge_model::{FEATURE_COUNT, Predictor};
use filrouge_onnx_runtime::{PoolSize, Runtime};
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::evaluate::{SlicedEvaluation, measure};

/// Batches that both versions are timed on.
const TIMED_BATCHES: u64 = 60;

/// Rows of such a batch: a city's stations for one hour.
const TIMED_ROWS: usize = 40;

/// Two versions, and the hours that they are compared on.
#[derive(Debug, Clone, Copy)]
pub struct ReplayInputs<'a> {
    /// The folder of the version that would be the canary.
    pub canary: &'a Path,
    /// The version that was in service.
    pub champion: &'a Path,
    /// The hours before.
    pub history: &'a Dataset,
    /// Hours that neither has learnt from.
    pub dataset: &'a Dataset,
    /// For the draws of the verdict.
    pub seed: u64,
}

/// The verdict of a replay, and its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CanaryReplay {
    /// The version that would be the canary.
    pub version: String,
    /// The champion.
    pub champion: String,
    /// First hour compared.
    pub from: Hour,
    /// The bounds of the judgement.
    pub bounds: CanaryBounds,
    /// The first verdict that decides, else the last one.
    pub verdict: CanaryVerdict,
    /// The times of both.
    pub times: PairedTimes,
    /// The hours compared.
    pub hours: Vec<PairedHour>,
}

/// Judges a version day after day, as the model API would.
///
/// # Errors
/// A version that cannot be loaded, or a data set that begins before one of them stopped learning.
pub fn replay_canary(
    runtime: &Runtime,
    inputs: &ReplayInputs<'_>,
    bounds: &CanaryBounds,
) -> Result<CanaryReplay> {
    let canary = Predictor::load(runtime, inputs.canary, PoolSize::SINGLE)?;
    let champion = Predictor::load(runtime, inputs.champion, PoolSize::SINGLE)?;
    let measured = measured(&canary, inputs)?;
    let times = times(&canary, &champion, &measured.inputs, bounds.most_slowdown)?;
    let hours = paired(&measured.hours, &self::measured(&champion, inputs)?.hours);

    let from = hours.first().map(|pair| pair.hour).unwrap_or_default();
    let last_day = hours.last().map_or(0, |pair| (pair.hour - from + 1) / 24);
    let verdict = |day: i64| {
        let evidence = CanaryEvidence {
            from,
            last_counted: from + 24 * day - 1,
            hours: &hours,
            times,
        };
        bounds.judge(&evidence, inputs.seed)
    };
    let last_day = last_day.min(i64::from(bounds.most_days));
    let decided = (1..=last_day)
        .map(verdict)
        .find(|verdict| verdict.decision != CanaryDecision::Wait);

    Ok(CanaryReplay {
        version: canary.description().version.clone(),
        champion: champion.description().version.clone(),
        from,
        bounds: bounds.clone(),
        verdict: decided.unwrap_or_else(|| verdict(last_day)),
        times,
        hours,
    })
}

fn measured(predictor: &Predictor, inputs: &ReplayInputs<'_>) -> Result<SlicedEvaluation> {
    let learnt_until = predictor.description().training.to;
    let first = inputs.dataset.conditions.hour.iter().min();
    ensure!(
        first.is_some_and(|first| *first > learnt_until),
        "version {} learnt until {learnt_until}: these hours are not unseen",
        predictor.description().version
    );
    measure(predictor, inputs.history, inputs.dataset)
}

/// The hours of which both forecast as many rows.
fn paired(canary: &[WindowStats], champion: &[WindowStats]) -> Vec<PairedHour> {
    let pairs = canary.iter().zip(champion);
    pairs
        .filter(|(canary, champion)| canary.from == champion.from && canary.rows == champion.rows)
        .map(|(canary, champion)| PairedHour {
            hour: canary.from,
            champion_error: champion.absolute_error,
            canary_error: canary.absolute_error,
        })
        .collect()
}

/// The times of both for the same rows, one after the other.
fn times(
    canary: &Predictor,
    champion: &Predictor,
    rows: &[f32],
    most_slowdown: f64,
) -> Result<PairedTimes> {
    let batch = &rows[..rows.len().min(TIMED_ROWS * FEATURE_COUNT)];
    let mut times = PairedTimes::default();

    for _ in 0..TIMED_BATCHES {
        let most = time(champion, batch)?.mul_f64(most_slowdown);
        times.pairs += 1;
        times.too_slow += u64::from(time(canary, batch)? > most);
    }
    Ok(times)
}

fn time(predictor: &Predictor, rows: &[f32]) -> Result<Duration> {
    let began = Instant::now();
    predictor.predict(rows)?;
    Ok(began.elapsed())
}
