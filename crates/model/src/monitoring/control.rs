//! Control limits, as on a Shewhart chart of individual days (Montgomery, Statistical Quality
//! Control, chapter 6), from robust statistics.

use serde::Serialize;

use super::metric::{Metric, Window};
use super::robust::{mad_sigma, median};
use crate::evaluation::{LEAST_DISPERSION, WindowStats};
use crate::system_demand::SystemDemandModel;

/// Standard deviations from the center to a limit. The window slides every hour, hence more than
/// the usual three.
const SIGMAS: f64 = 4.0;

/// The same where one odd hour is enough to move the day: it takes many intervals at once, and is
/// far from its share of the day, so that the tails are heavier than normal.
const SIGMAS_OF_HEAVY_TAILS: f64 = 5.0;

/// Days of backtest without which no limit is drawn.
const FEWEST_DAYS: usize = 14;

/// Forecasts with a count below which a window is not judged: half a day of one station.
const FEWEST_ROWS: usize = 12;

/// The values of a metric on a day in control.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ControlLimits {
    /// The metric that they bound.
    pub metric: Metric,
    /// Median of the days of the backtest.
    pub center: f64,
    /// Below this, an alarm.
    pub lower: f64,
    /// Above this, an alarm.
    pub upper: f64,
}

/// A metric of a window outside its control limits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Alarm {
    /// The value of the metric.
    pub observed: f64,
    /// Its control limits.
    #[serde(flatten)]
    pub limits: ControlLimits,
}

/// The control limits of one version, drawn from its backtest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ControlChart {
    stable: Vec<StableDays>,
}

/// Center and standard deviation of a metric over stable days, in its unit ([`Metric::unit`]).
///
/// The day is the sample, not the hour: the hours of one day go together (rain, a strike), and
/// would count as 24 proofs of the same thing.
#[derive(Debug, Clone, Copy, PartialEq)]
struct StableDays {
    metric: Metric,
    center: f64,
    sigma: f64,
}

impl ControlChart {
    /// Learns from the days of a backtest; no limit of the forecasts when there are fewer than
    /// fourteen, none of the system without the scale of its residuals.
    pub fn learn(days: &[WindowStats], model: Option<&SystemDemandModel>) -> Self {
        let days: Vec<Window> = days.iter().map(|day| Window::from(*day)).collect();
        let of_forecasts = Metric::OF_FORECASTS
            .into_iter()
            .filter_map(|metric| StableDays::learn(metric, &days));

        let sigma = model.and_then(|model| model.residual_scale);
        let of_system = sigma.map(|sigma| StableDays {
            metric: Metric::SystemResidual,
            center: 0.0,
            sigma,
        });

        Self {
            stable: of_forecasts.chain(of_system).collect(),
        }
    }

    /// The limits on a day of as many departures as `window`: one for each metric that was learnt
    /// and that the window lets judge.
    pub fn limits(&self, window: &Window) -> Vec<ControlLimits> {
        self.stable
            .iter()
            .filter_map(|stable| Some(stable.limits(stable.metric.unit(window)?)))
            .collect()
    }

    /// The alarms of a window of one day. A window with too few counts raises none: it says nothing
    /// yet.
    pub fn judge(&self, window: &Window) -> Vec<Alarm> {
        if window.forecasts.rows < FEWEST_ROWS {
            return Vec::new();
        }

        self.limits(window)
            .into_iter()
            .filter_map(|limits| {
                let observed = limits.metric.of(window)?;
                let is_stable = (limits.lower..=limits.upper).contains(&observed);
                (!is_stable).then_some(Alarm { observed, limits })
            })
            .collect()
    }
}

impl StableDays {
    fn learn(metric: Metric, days: &[Window]) -> Option<Self> {
        let values: Vec<f64> = days
            .iter()
            .filter_map(|day| Some(metric.of(day)? / metric.unit(day)?))
            .collect();
        if values.len() < FEWEST_DAYS {
            return None;
        }

        // Median and MAD, so that a few odd days of the backtest do not widen the limits.
        let center = median(values.iter().copied());
        Some(Self {
            metric,
            center,
            sigma: mad_sigma(values.iter().map(|value| value - center)),
        })
    }

    /// `center ± k σ`, in the unit of the day, on the sides where a day can be worse.
    fn limits(&self, unit: f64) -> ControlLimits {
        let center = self.center * unit;
        let distance = (sigmas(self.metric) * self.sigma * unit).max(least_distance(self.metric));

        let (lower, upper) = match self.metric {
            // A smaller error or a wider coverage than usual hurts nobody.
            Metric::RelativeError => (0.0, center + distance),
            Metric::RelativeBias | Metric::SystemResidual => (center - distance, center + distance),
            Metric::Coverage => (center - distance, 1.0),
            // Nor does a day that follows its forecasts closely.
            Metric::HourlyDispersion => (LEAST_DISPERSION, center + distance),
        };

        ControlLimits {
            metric: self.metric,
            center,
            lower,
            upper,
        }
    }
}

fn sigmas(metric: Metric) -> f64 {
    match metric {
        Metric::RelativeError | Metric::RelativeBias | Metric::SystemResidual => SIGMAS,
        Metric::Coverage | Metric::HourlyDispersion => SIGMAS_OF_HEAVY_TAILS,
    }
}

/// The least distance from the center that deserves an alarm, however regular the backtest was.
fn least_distance(metric: Metric) -> f64 {
    match metric {
        Metric::RelativeError => 0.1,
        Metric::RelativeBias => 0.15,
        Metric::Coverage => 0.05,
        Metric::HourlyDispersion => 0.5,
        Metric::SystemResidual => 0.12,
    }
}
