//! How good a forecast is: the measures, the two baselines, and what they say together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

mod baseline;
mod day;
mod measures;
#[cfg(test)]
mod tests;

pub use baseline::{Baselines, MEAN_BY_HOUR_AND_WORKING_DAY, SAME_HOUR_LAST_WEEK};
pub use day::DayQuality;
pub(crate) use day::LEAST_RHYTHM;
pub use measures::Measures;

/// The measures of a model on held-out rows, beside those of the baselines on the same rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Number of rows.
    pub rows: usize,
    /// The model's measures.
    #[serde(flatten)]
    pub measures: Measures,
    /// Share of the rows whose truth lies in the interval, bounds included, 0 to 1.
    pub coverage_80: f64,
    /// The measures of each baseline, by name.
    pub baselines: BTreeMap<String, Measures>,
}

impl Evaluation {
    /// By how much the model's mean absolute error is below that of the baseline: `1 − MAE /
    /// MAE(baseline)`.
    pub fn skill(&self, baseline: &str) -> Option<f64> {
        let baseline = self.baselines.get(baseline)?;
        (baseline.mae > 0.0).then(|| 1.0 - self.measures.mae / baseline.mae)
    }

    /// The skill against the better baseline.
    pub fn lowest_skill(&self) -> Option<f64> {
        self.baselines
            .keys()
            .filter_map(|name| self.skill(name))
            .min_by(f64::total_cmp)
    }
}

/// Share of the truths that lie between their bounds, included. Zero when there is no row.
pub fn coverage(truths: &[f32], lower: &[f32], upper: &[f32]) -> f64 {
    if truths.is_empty() {
        return 0.0;
    }
    let bounds = lower.iter().zip(upper);
    let inside = truths
        .iter()
        .zip(bounds)
        .filter(|(truth, (lower, upper))| *lower <= truth && truth <= upper)
        .count();
    inside as f64 / truths.len() as f64
}
