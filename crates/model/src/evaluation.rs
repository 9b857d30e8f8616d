//! Measures of a forecast, each with its formula, and the two baselines they are read beside.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

mod baseline;
mod measures;
#[cfg(test)]
mod tests;
mod window;

pub use baseline::{Baselines, MEAN_BY_HOUR_AND_WORKING_DAY, SAME_HOUR_LAST_WEEK};
pub use measures::Measures;
pub(crate) use window::LEAST_DISPERSION;
pub use window::WindowStats;

/// The measures of a model on held-out rows, beside those of the baselines on the same rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Number of rows.
    pub rows: usize,
    /// The model's measures.
    #[serde(flatten)]
    pub measures: Measures,
    /// Share of the rows whose count lies in the 80 % interval, bounds included, 0 to 1.
    pub coverage_80: f64,
    /// The measures of each baseline, by name.
    pub baselines: BTreeMap<String, Measures>,
}

impl Evaluation {
    /// `1 − MAE / MAE(baseline)`: skill score against one baseline. Absent when the baseline is not
    /// there or makes no error.
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

/// Share of the counts that lie between their bounds, included. Zero when there is no row.
pub fn coverage(actuals: &[f32], lower: &[f32], upper: &[f32]) -> f64 {
    if actuals.is_empty() {
        return 0.0;
    }

    let bounds = lower.iter().zip(upper);
    let inside = actuals
        .iter()
        .zip(bounds)
        .filter(|(actual, (lower, upper))| lower <= actual && actual <= upper)
        .count();
    inside as f64 / actuals.len() as f64
}
