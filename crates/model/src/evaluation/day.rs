use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::predictor::Prediction;

/// Added under the root: an hour without departures strays too.
const LEAST_CHANCE: f64 = 0.1;

/// A count of mean ŷ has variance `ŷ (1 + ŷ / 10)`: riders come together, so that large counts
/// stray more than those of Poisson. Measured on cities of the simulation other than those of the
/// benchmarks.
const DISPERSION: f64 = 0.1;

/// What one hour says of the day's excess, at most, in standard deviations: an event or a storm
/// fills an hour, a change of demand fills the day.
const MOST_OF_AN_HOUR: f64 = 4.0;

/// Hours of a day without which its rhythm is not known.
const FEWEST_HOURS: usize = 12;

/// The rhythm of a day that follows its forecasts exactly, which has no logarithm.
pub(crate) const LEAST_RHYTHM: f64 = -7.0;

/// What the forecasts of one hour, or of the hours of one day, were worth, all stations together.
/// Sums, so that they add up.
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
    /// Departures forecast, each forecast weighing what chance leaves of it: `Σwŷ`, with `w = 1 /
    /// (1 + ŷ / 10)`. It is the variance of `Σwy` too.
    #[serde(default)]
    pub weighed_forecast: f64,
    /// Departures counted, with the same weights: `Σwy`.
    #[serde(default)]
    pub weighed_counted: f64,
    /// Hours that were added.
    #[serde(default)]
    pub hours: usize,
    /// Sum over those hours of `Σwy − Σwŷ`, none more than four standard deviations.
    #[serde(default)]
    pub strayed: f64,
    /// Sum over those hours of `(Σwy)² / Σwŷ`.
    #[serde(default)]
    pub unevenness: f64,
}

impl DayQuality {
    /// An hour or a day without any forecast yet.
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
            weighed_forecast: 0.0,
            weighed_counted: 0.0,
            hours: 0,
            strayed: 0.0,
            unevenness: 0.0,
        }
    }

    /// Adds one forecast of an hour beside its truth and the truth a week before.
    pub fn add(&mut self, prediction: &Prediction, truth: f32, last_week: f32) {
        let weight = 1.0 / (1.0 + DISPERSION * f64::from(prediction.demand));
        self.weighed_forecast += weight * f64::from(prediction.demand);
        self.weighed_counted += weight * f64::from(truth);
        self.rows += 1;
        self.forecast += f64::from(prediction.demand);
        self.counted += f64::from(truth);
        self.chance += (f64::from(prediction.demand) + LEAST_CHANCE).sqrt();
        self.absolute_error += f64::from((prediction.demand - truth).abs());
        self.last_week_error += f64::from((last_week - truth).abs());
        self.covered +=
            usize::from(prediction.demand_p10 <= truth && truth <= prediction.demand_p90);
    }

    /// Adds an hour, all of whose forecasts were added, to its day.
    pub fn add_hour(&mut self, hour: &Self) {
        self.rows += hour.rows;
        self.forecast += hour.forecast;
        self.counted += hour.counted;
        self.chance += hour.chance;
        self.absolute_error += hour.absolute_error;
        self.last_week_error += hour.last_week_error;
        self.covered += hour.covered;

        self.weighed_forecast += hour.weighed_forecast;
        self.weighed_counted += hour.weighed_counted;

        if hour.weighed_forecast > 0.0 {
            let most = MOST_OF_AN_HOUR * hour.weighed_forecast.sqrt();
            self.hours += 1;
            self.strayed += (hour.weighed_counted - hour.weighed_forecast).clamp(-most, most);
            self.unevenness += hour.weighed_counted.powi(2) / hour.weighed_forecast;
        }
    }

    /// Mean absolute error, departures. Absent without a row.
    pub fn mae(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.absolute_error / self.rows as f64)
    }

    /// By how much the counts of a day exceed the forecasts, relative to them, each weighing what
    /// chance leaves of it. The estimate of least variance of one change of all the demand, but for
    /// the hours that stray alone. Absent without an hour.
    pub fn excess(&self) -> Option<f64> {
        (self.hours > 0).then(|| self.strayed / self.weighed_forecast)
    }

    /// How far the hours of a day are from sharing its departures as forecast, whatever their
    /// total: the logarithm of the mean square of what each strays by, 0 when chance alone makes
    /// them stray. With `r = Σwy / Σwŷ` of the day, the mean over its hours of `(Σwy − r Σwŷ)² / (r
    /// Σwŷ)`. Absent before half a day, or when nothing was counted.
    pub fn rhythm(&self) -> Option<f64> {
        let is_known = self.hours >= FEWEST_HOURS && self.weighed_counted > 0.0;
        let ratio = self.weighed_counted / self.weighed_forecast;
        let square = (self.unevenness / ratio - self.weighed_counted) / (self.hours as f64 - 1.0);
        is_known.then(|| square.ln().max(LEAST_RHYTHM))
    }

    /// Share of the error of the same hour a week before that the model avoids. Absent when that
    /// error is zero.
    pub fn skill(&self) -> Option<f64> {
        (self.last_week_error > 0.0).then(|| 1.0 - self.absolute_error / self.last_week_error)
    }

    /// Absolute error relative to what chance makes counts stray: `Σ|y − ŷ| / Σ√(ŷ + 0.1)`. A count
    /// of mean ŷ strays by its root, so that a rainy day, whose few departures are mostly chance,
    /// is not a worse day than a sunny one. Absent without a row.
    pub fn relative_error(&self) -> Option<f64> {
        (self.chance > 0.0).then(|| self.absolute_error / self.chance)
    }

    /// Share of the truths inside their interval, 0 to 1. Absent without a row.
    pub fn coverage(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.covered as f64 / self.rows as f64)
    }
}
