//! Whether a model still does what it did: the last day's realised quality beside the days of its rehearsals, and how the
//! distribution of what it reads has moved.
//!
//! Two things are kept apart. An **alarm** is raised by what happened only (error, excess of the counts over the
//! forecasts, interval coverage, total of the system): something is wrong for riders. A **notice** is about inputs: it explains an alarm, or
//! comes before one, and wakes nobody up.

mod distribution;
mod inputs;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::evaluation::DayQuality;
use crate::law::TotalLaw;

pub use distribution::{jensen_shannon, kolmogorov_smirnov, population_stability, psi_threshold, rejected};
pub use inputs::{InputWatch, NoticeKind};

/// Spreads of a stable day's statistic beyond which a day is not a stable one. Days are the unit, so that hours of one
/// day, which go together, count once; the spread is the median absolute deviation, so that a few odd days of the
/// rehearsals do not widen it. The window slides every hour, hence more than the usual three.
const SPREADS: f64 = 4.0;

/// The median absolute deviation of a normal law is 0.6745 of its standard deviation.
const NORMAL: f64 = 1.4826;

/// Days of rehearsal without which no threshold is drawn.
const FEWEST_DAYS: usize = 14;

/// Forecasts of which the truth is known without which a window is not judged: half a day of one station.
const FEWEST_ROWS: usize = 12;

/// What is judged of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Absolute error relative to what chance makes counts stray.
    RelativeError,
    /// Counts over forecasts, less one.
    Excess,
    /// Share of the counts inside their interval.
    Coverage,
    /// Counts of the whole system over what the calendar and the weather let expect, less one.
    Total,
}

/// What a stable day may measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// The quality.
    pub quality: Quality,
    /// Median of the rehearsed days.
    pub usual: f64,
    /// Below this, an alarm.
    pub lowest: f64,
    /// Above this, an alarm.
    pub highest: f64,
}

/// A window that no stable day looks like.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Alarm {
    /// What was measured.
    pub observed: f64,
    /// What a stable day may measure.
    #[serde(flatten)]
    pub bounds: Bounds,
}

/// The thresholds of one version, drawn from its rehearsals.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Thresholds {
    /// One for each quality that could be learnt.
    pub bounds: Vec<Bounds>,
}

impl Thresholds {
    /// Learns what stable days measure; no threshold of the forecasts when there are fewer than fourteen days, none of the
    /// total without its law.
    pub fn learn(days: &[DayQuality], law: Option<&TotalLaw>) -> Self {
        let all = [Quality::RelativeError, Quality::Excess, Quality::Coverage];
        let bounds = all.into_iter().filter_map(|quality| {
            let values: Vec<f64> = days.iter().filter_map(|day| quality.of(&Window::from(*day))).collect();
            (values.len() >= FEWEST_DAYS).then(|| quality.bounds(values))
        });
        let total = law.and_then(|law| law.spread).map(|spread| Quality::Total.around(0.0, spread));
        Self { bounds: bounds.chain(total).collect() }
    }

    /// The alarms of a window of one day. A window with too few truths raises none: it says nothing yet.
    pub fn judge(&self, window: &Window) -> Vec<Alarm> {
        if window.forecasts.rows < FEWEST_ROWS {
            return Vec::new();
        }
        let outside = self.bounds.iter().filter_map(|bounds| {
            let observed = bounds.quality.of(window)?;
            let is_stable = (bounds.lowest..=bounds.highest).contains(&observed);
            (!is_stable).then_some(Alarm { observed, bounds: *bounds })
        });
        outside.collect()
    }
}

/// What a day measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Of the forecasts.
    pub forecasts: DayQuality,
    /// Of the whole system ([`TotalLaw::excess`]), when it can be.
    pub total: Option<f64>,
}

impl From<DayQuality> for Window {
    fn from(forecasts: DayQuality) -> Self {
        Self { forecasts, total: None }
    }
}

impl Quality {
    fn of(self, window: &Window) -> Option<f64> {
        match self {
            Self::RelativeError => window.forecasts.relative_error(),
            Self::Excess => window.forecasts.excess(),
            Self::Coverage => window.forecasts.coverage(),
            Self::Total => window.total,
        }
    }

    /// The least distance from the usual that deserves an alarm, however regular the rehearsals were.
    fn least_distance(self) -> f64 {
        match self {
            Self::RelativeError => 0.1,
            Self::Excess => 0.15,
            Self::Coverage => 0.05,
            Self::Total => 0.12,
        }
    }

    fn bounds(self, values: Vec<f64>) -> Bounds {
        let usual = median(values.clone());
        self.around(usual, NORMAL * median(values.iter().map(|value| (value - usual).abs()).collect()))
    }

    fn around(self, usual: f64, spread: f64) -> Bounds {
        let distance = (SPREADS * spread).max(self.least_distance());
        let (lowest, highest) = match self {
            // A smaller error or a wider coverage than usual hurts nobody.
            Self::RelativeError => (0.0, usual + distance),
            Self::Excess | Self::Total => (usual - distance, usual + distance),
            Self::Coverage => (usual - distance, 1.0),
        };
        Bounds { quality: self, usual, lowest, highest }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
