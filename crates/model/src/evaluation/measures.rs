use serde::{Deserialize, Serialize};

/// The smallest forecast in the Poisson deviance: without a floor, one departure where a baseline
/// said zero would make it infinite.
const LOWEST_FORECAST: f64 = 1e-3;

/// Errors of a forecast ŷ of counts y over n rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// `Σ|ŷ − y| / n`: mean absolute error, departures.
    pub mae: f64,
    /// `√(Σ(ŷ − y)² / n)`: root mean squared error, departures.
    pub rmse: f64,
    /// `√(Σ(ln(1 + ŷ) − ln(1 + y))² / n)`: root mean squared logarithmic error.
    pub rmsle: f64,
    /// `Σ|ŷ − y| / Σy`: weighted absolute percentage error. Absent when nothing departed.
    pub wape: Option<f64>,
    /// `1 − Σ(ŷ − y)² / Σ(y − ȳ)²`: coefficient of determination. Absent when every count is the
    /// same.
    pub r2: Option<f64>,
    /// `2 Σ(y ln(y / ŷ) − y + ŷ) / n`: mean Poisson deviance, with `0 ln 0 = 0` and ŷ raised to
    /// 0.001 at least.
    pub poisson_deviance: f64,
    /// `Σ(ŷ − y) / n`: mean error, departures. Positive when the forecast is too high.
    pub bias: f64,
}

impl Measures {
    /// Measures `forecasts` against `actuals`, row by row. All zero when there is no row.
    pub fn of(actuals: &[f32], forecasts: &[f32]) -> Self {
        let rows = actuals.len().min(forecasts.len());
        if rows == 0 {
            return Self::default();
        }

        // In 64 bits: a sum of a million squares in 32 would lose the small ones.
        let pairs = || actuals.iter().zip(forecasts);
        let sum = |term: &dyn Fn(f64, f64) -> f64| {
            pairs()
                .map(|(y, f)| term(f64::from(*y), f64::from(*f)))
                .sum::<f64>()
        };

        let n = rows as f64;
        let total = sum(&|y, _| y);
        let mean = total / n;
        let absolute = sum(&|y, f| (f - y).abs());
        let squared = sum(&|y, f| (f - y).powi(2));
        let variation = sum(&|y, _| (y - mean).powi(2));

        Self {
            mae: absolute / n,
            rmse: (squared / n).sqrt(),
            // A forecast below −1 has no logarithm.
            rmsle: (sum(&|y, f| (f.max(0.0).ln_1p() - y.ln_1p()).powi(2)) / n).sqrt(),
            wape: (total > 0.0).then(|| absolute / total),
            r2: (variation > 0.0).then(|| 1.0 - squared / variation),
            poisson_deviance: 2.0 * sum(&deviance) / n,
            bias: sum(&|y, f| f - y) / n,
        }
    }
}

/// `y ln(y / ŷ) − y + ŷ`
fn deviance(actual: f64, forecast: f64) -> f64 {
    let forecast = forecast.max(LOWEST_FORECAST);
    let logarithm = if actual > 0.0 {
        actual * (actual / forecast).ln()
    } else {
        0.0
    };
    logarithm - actual + forecast
}
