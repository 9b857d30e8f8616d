use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::predictor::Prediction;

/// Added under the root: an hour without departures strays too.
const LEAST_CHANCE: f64 = 0.1;

/// What the forecasts of one day were worth, all stations together. Sums, so that days add up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DayQuality {
    /// First hour of the day, UTC.
    pub from: Hour,
    /// Forecasts whose truth is known.
    pub rows: usize,
    /// Departures forecast.
    pub forecast: f64,
    /// Departures counted.
    pub counted: f64,
    /// Sum of what chance alone makes a count stray, up to a factor: `√(ŷ + 0.1)`.
    #[serde(default)]
    pub chance: f64,
    /// Sum of the absolute errors, departures.
    pub absolute_error: f64,
    /// The same for the hour a week before.
    pub last_week_error: f64,
    /// Forecasts whose interval held the truth.
    pub covered: usize,
}

impl DayQuality {
    /// A day without any forecast yet.
    pub fn starting(from: Hour) -> Self {
        Self {
            from,
            rows: 0,
            forecast: 0.0,
            counted: 0.0,
            chance: 0.0,
            absolute_error: 0.0,
            last_week_error: 0.0,
            covered: 0,
        }
    }

    /// Adds one forecast beside its truth and the truth a week before.
    pub fn add(&mut self, prediction: &Prediction, truth: f32, last_week: f32) {
        self.rows += 1;
        self.forecast += f64::from(prediction.demand);
        self.counted += f64::from(truth);
        self.chance += (f64::from(prediction.demand) + LEAST_CHANCE).sqrt();
        self.absolute_error += f64::from((prediction.demand - truth).abs());
        self.last_week_error += f64::from((last_week - truth).abs());
        self.covered += usize::from(prediction.demand_p10 <= truth && truth <= prediction.demand_p90);
    }

    /// Adds all the forecasts of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.forecast += other.forecast;
        self.counted += other.counted;
        self.chance += other.chance;
        self.absolute_error += other.absolute_error;
        self.last_week_error += other.last_week_error;
        self.covered += other.covered;
    }

    /// Mean absolute error, departures. Absent without a row.
    pub fn mae(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.absolute_error / self.rows as f64)
    }

    /// By how much the counts exceed the forecasts, relative to them: `Σy / Σŷ − 1`. Absent when nothing was forecast.
    pub fn excess(&self) -> Option<f64> {
        (self.forecast > 0.0).then(|| self.counted / self.forecast - 1.0)
    }

    /// Share of the error of the same hour a week before that the model avoids. Absent when that error is zero.
    pub fn skill(&self) -> Option<f64> {
        (self.last_week_error > 0.0).then(|| 1.0 - self.absolute_error / self.last_week_error)
    }

    /// Absolute error relative to what chance makes counts stray: `Σ|y − ŷ| / Σ√(ŷ + 0.1)`. A count of mean ŷ strays by its
    /// root, so that a rainy day, whose few departures are mostly chance, is not a worse day than a sunny one. Absent
    /// without a row.
    pub fn relative_error(&self) -> Option<f64> {
        (self.chance > 0.0).then(|| self.absolute_error / self.chance)
    }

    /// Share of the truths inside their interval, 0 to 1. Absent without a row.
    pub fn coverage(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.covered as f64 / self.rows as f64)
    }
}
