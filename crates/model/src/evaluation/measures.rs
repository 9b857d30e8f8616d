use serde::{Deserialize, Serialize};

/// The smallest forecast in the Poisson deviance: without a floor, one departure where a baseline
/// said zero would make it infinite.
const LOWEST_FORECAST: f64 = 1e-3;

/// Errors of a forecast ŷ of counts y over n rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Mean absolute error, departures: `Σ|ŷ − y| / n`.
    pub mae: f64,
    /// Root of the mean squared error, departures: `√(Σ(ŷ − y)² / n)`.
    pub rmse: f64,
    /// Root of the mean squared logarithmic error: `√(Σ(ln(1 + ŷ) − ln(1 + y))² / n)`.
    pub rmsle: f64,
    /// Weighted absolute percentage error: `Σ|ŷ − y| / Σy`. Absent when nothing departed.
    pub wape: Option<f64>,
    /// Coefficient of determination: `1 − Σ(ŷ − y)² / Σ(y − ȳ)²`. Absent when every truth is the
    /// same.
    pub r2: Option<f64>,
    /// Mean Poisson deviance: `2 Σ(y ln(y / ŷ) − y + ŷ) / n`, with `0 ln 0 = 0` and ŷ raised to
    /// 0.001 at least.
    pub poisson_deviance: f64,
    /// Mean error, departures: `Σ(ŷ − y) / n`. Positive when the forecast is too high.
    pub bias: f64,
}

impl Measures {
    /// Measures `forecasts` against `truths`, row by row. All zero when there is no row.
    pub fn of(truths: &[f32], forecasts: &[f32]) -> Self {
        let rows = truths.len().min(forecasts.len());
        if rows == 0 {
            return Self::default();
        }

        let pairs = || {
            truths
                .iter()
                .zip(forecasts)
                .map(|(y, f)| (f64::from(*y), f64::from(*f)))
        };

        let sum = |term: &dyn Fn(f64, f64) -> f64| pairs().map(|(y, f)| term(y, f)).sum::<f64>();
        let n = rows as f64;
        let mean = sum(&|y, _| y) / n;
        let absolute = sum(&|y, f| (f - y).abs());
        let squared = sum(&|y, f| (f - y).powi(2));
        let total = sum(&|y, _| y);
        let variation = sum(&|y, _| (y - mean).powi(2));

        Self {
            mae: absolute / n,
            rmse: (squared / n).sqrt(),
            rmsle: (sum(&|y, f| (f.max(0.0).ln_1p() - y.ln_1p()).powi(2)) / n).sqrt(),
            wape: (total > 0.0).then(|| absolute / total),
            r2: (variation > 0.0).then(|| 1.0 - squared / variation),
            poisson_deviance: 2.0 * sum(&deviance) / n,
            bias: sum(&|y, f| f - y) / n,
        }
    }
}

fn deviance(truth: f64, forecast: f64) -> f64 {
    let forecast = forecast.max(LOWEST_FORECAST);
    let logarithm = if truth > 0.0 {
        truth * (truth / forecast).ln()
    } else {
        0.0
    };
    logarithm - truth + forecast
}
