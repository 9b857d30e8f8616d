//! Statistics of forecasts beside their counts, over one hour or one day.
//!
//! `y` is a count, `ŷ` its forecast. Riders come together, so that a count is spread more widely
//! than Poisson's: its variance is that of a negative binomial, `ŷ (1 + ŷ / 10)` (NB2, Cameron and
//! Trivedi, 1998). With the weight `w = 1 / (1 + ŷ / 10)`, the variance of `Σwy` is `Σwŷ`.

use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::prediction::Prediction;

/// `α` of the variance `ŷ (1 + αŷ)`, measured on cities of the simulation other than those of the
/// benchmarks.
const OVERDISPERSION: f64 = 0.1;

/// Added under the square root: an hour whose forecast is zero may still count a departure.
const VARIANCE_FLOOR: f64 = 0.1;

/// Standard deviations at which the residual of one hour is clipped: an event or a storm fills an
/// hour, a change of demand fills the day.
const CLIP_SIGMAS: f64 = 4.0;

/// Half a day of hours, below which the profile of a day is not known.
const FEWEST_HOURS: usize = 12;

/// The dispersion of a day that follows its forecasts exactly, whose logarithm does not exist.
pub(crate) const LEAST_DISPERSION: f64 = -7.0;

/// Sums over the forecasts of one hour, or of the hours of one day, all stations together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct WindowStats {
    /// First hour, UTC.
    pub from: Hour,
    /// Forecasts whose count is known.
    pub rows: usize,
    /// `Σŷ`, departures.
    pub forecast: f64,
    /// `Σy`, departures.
    pub counted: f64,
    /// `Σ√(ŷ + 0.1)`: the Poisson standard deviations, which scale the absolute error.
    pub poisson_scale: f64,
    /// `Σ|y − ŷ|`, departures.
    pub absolute_error: f64,
    /// `Σ|y − y₋₁₆₈|`, departures: the error of repeating the hour a week before.
    pub last_week_error: f64,
    /// Forecasts whose interval holds the count.
    pub covered: usize,
    /// `Σwŷ`, which is the variance of `Σwy` too.
    pub weighted_forecast: f64,
    /// `Σwy`.
    pub weighted_counted: f64,
    /// Hours that were added.
    pub hours: usize,
    /// Sum over those hours of `Σwy − Σwŷ`, each clipped at `± 4 √Σwŷ`.
    pub clipped_residual: f64,
    /// Sum over those hours of `(Σwy)² / Σwŷ`, from which the dispersion is computed.
    pub second_moment: f64,
}

impl WindowStats {
    /// An hour or a day without any forecast yet.
    pub fn starting(from: Hour) -> Self {
        Self {
            from,
            ..Self::default()
        }
    }

    /// Adds one forecast of an hour beside its count and the count a week before.
    pub fn add(&mut self, prediction: &Prediction, actual: f32, last_week: f32) {
        let (forecast, counted) = (f64::from(prediction.demand), f64::from(actual));
        let weight = 1.0 / (1.0 + OVERDISPERSION * forecast);

        self.rows += 1;
        self.forecast += forecast;
        self.counted += counted;
        self.weighted_forecast += weight * forecast;
        self.weighted_counted += weight * counted;

        // Differences of 32-bit numbers, as the training measures them.
        self.absolute_error += f64::from((prediction.demand - actual).abs());
        self.last_week_error += f64::from((last_week - actual).abs());
        self.poisson_scale += (forecast + VARIANCE_FLOOR).sqrt();
        self.covered += usize::from(prediction.holds(actual));
    }

    /// Adds an hour, all of whose forecasts were added, to its day.
    pub fn add_hour(&mut self, hour: &Self) {
        self.rows += hour.rows;
        self.forecast += hour.forecast;
        self.counted += hour.counted;
        self.poisson_scale += hour.poisson_scale;
        self.absolute_error += hour.absolute_error;
        self.last_week_error += hour.last_week_error;
        self.covered += hour.covered;
        self.weighted_forecast += hour.weighted_forecast;
        self.weighted_counted += hour.weighted_counted;

        // A forecast of zero has no variance to divide by.
        if hour.weighted_forecast > 0.0 {
            self.add_residual(hour);
        }
    }

    fn add_residual(&mut self, hour: &Self) {
        let residual = hour.weighted_counted - hour.weighted_forecast;
        let most = CLIP_SIGMAS * hour.weighted_forecast.sqrt();

        self.hours += 1;
        self.clipped_residual += residual.clamp(-most, most);
        self.second_moment += hour.weighted_counted.powi(2) / hour.weighted_forecast;
    }

    /// Adds up hours, given in order, into their days (UTC); a day without an hour is left out.
    pub fn by_day<'a>(hours: impl IntoIterator<Item = &'a Self>) -> Vec<Self> {
        let mut days: Vec<Self> = Vec::new();

        for hour in hours {
            let day = hour.from.hours_since_epoch().div_euclid(24);
            let start = Hour::from_hours_since_epoch(24 * day);

            if days.last().is_none_or(|day| day.from != start) {
                days.push(Self::starting(start));
            }
            if let Some(day) = days.last_mut() {
                day.add_hour(hour);
            }
        }

        days
    }

    /// `Σ|y − ŷ| / n`: mean absolute error, departures. Absent without a row.
    pub fn mae(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.absolute_error / self.rows as f64)
    }

    /// `1 − Σ|y − ŷ| / Σ|y − y₋₁₆₈|`: share of the error of the same hour a week before that the
    /// model avoids. Absent when that error is zero.
    pub fn skill(&self) -> Option<f64> {
        (self.last_week_error > 0.0).then(|| 1.0 - self.absolute_error / self.last_week_error)
    }

    /// `Σ|y − ŷ| / Σ√(ŷ + 0.1)`: absolute error in Poisson standard deviations, comparable from a
    /// rainy day, whose few departures are mostly noise, to a sunny one. Absent without a row.
    pub fn relative_error(&self) -> Option<f64> {
        (self.poisson_scale > 0.0).then(|| self.absolute_error / self.poisson_scale)
    }

    /// `Σ clip(Σwy − Σwŷ) / Σwŷ`: relative bias of the day, the estimate of least variance of one
    /// change of all the demand, single odd hours clipped. Absent without an hour.
    pub fn relative_bias(&self) -> Option<f64> {
        (self.hours > 0).then(|| self.clipped_residual / self.weighted_forecast)
    }

    /// `ln(χ² / (h − 1))`, with Pearson's `χ² = Σ (Y − rŶ)² / rŶ` over the `h` hours of the day, `Y
    /// = Σwy` and `Ŷ = Σwŷ` of an hour, `r` their ratio over the day.
    ///
    /// Zero when the hours share the day as forecast, whatever its total. Absent before half a day,
    /// or when nothing was counted.
    pub fn hourly_dispersion(&self) -> Option<f64> {
        let is_known = self.hours >= FEWEST_HOURS && self.weighted_counted > 0.0;
        let ratio = self.weighted_counted / self.weighted_forecast;

        // The square expanded: ΣY²/rŶ − 2ΣY + rΣŶ, and rΣŶ is ΣY.
        let chi_square = self.second_moment / ratio - self.weighted_counted;
        let dispersion = chi_square / (self.hours as f64 - 1.0);
        is_known.then(|| dispersion.ln().max(LEAST_DISPERSION))
    }

    /// Share of the counts inside their interval, 0 to 1. Absent without a row.
    pub fn coverage(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.covered as f64 / self.rows as f64)
    }
}
