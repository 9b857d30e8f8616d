use serde::Serialize;

use crate::evaluation::WindowStats;
use crate::system_demand::SystemResidual;

/// A statistic of a day that has control limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Absolute error in Poisson standard deviations ([`WindowStats::relative_error`]).
    RelativeError,
    /// Counts over forecasts, less one ([`WindowStats::relative_bias`]).
    RelativeBias,
    /// Share of the counts inside their interval ([`WindowStats::coverage`]).
    Coverage,
    /// Dispersion of the hours around the day's profile ([`WindowStats::hourly_dispersion`]).
    HourlyDispersion,
    /// Counts of the system over its regression, less one
    /// ([`SystemDemandModel::residual`](crate::SystemDemandModel::residual)).
    SystemResidual,
}

/// The statistics of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Those of the forecasts.
    pub forecasts: WindowStats,
    /// That of the whole system, when it is known.
    pub system: Option<SystemResidual>,
}

impl From<WindowStats> for Window {
    fn from(forecasts: WindowStats) -> Self {
        Self {
            forecasts,
            system: None,
        }
    }
}

impl Metric {
    /// The metrics of the forecasts alone.
    pub(super) const OF_FORECASTS: [Self; 4] = [
        Self::RelativeError,
        Self::RelativeBias,
        Self::Coverage,
        Self::HourlyDispersion,
    ];

    /// The value of the metric in `window`.
    pub(super) fn of(self, window: &Window) -> Option<f64> {
        match self {
            Self::RelativeError => window.forecasts.relative_error(),
            Self::RelativeBias => window.forecasts.relative_bias(),
            Self::Coverage => window.forecasts.coverage(),
            Self::HourlyDispersion => window.forecasts.hourly_dispersion(),
            Self::SystemResidual => window.system.map(|system| system.relative),
        }
    }

    /// `1 / √n` for a relative count of mean `n`, else 1: the unit in which days are comparable.
    ///
    /// The few departures of a rainy day vary more, relative to their expectation, than those of a
    /// sunny one, and that is no change of demand.
    pub(super) fn unit(self, window: &Window) -> Option<f64> {
        let of_count = |expected: f64| (expected > 0.0).then(|| 1.0 / expected.sqrt());

        match self {
            Self::RelativeError | Self::Coverage | Self::HourlyDispersion => Some(1.0),
            Self::RelativeBias => of_count(window.forecasts.weighted_forecast),
            Self::SystemResidual => window.system.and_then(|system| of_count(system.expected)),
        }
    }
}
