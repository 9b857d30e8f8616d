//! Whether a model still does what it did: the last day's realised quality beside the days of its
//! rehearsals, and how the distribution of what it reads has moved.
//!
//! Two things are kept apart. An **alarm** is raised by what happened only (error, excess of the
//! counts over the forecasts, interval coverage, rhythm of the day, total of the system): something
//! is wrong for riders. A **notice** is about inputs: it explains an alarm, or comes before one,
//! and wakes nobody up.

mod distribution;
mod inputs;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::evaluation::{DayQuality, LEAST_RHYTHM};
use crate::law::{TotalExcess, TotalLaw};

pub use distribution::{
    jensen_shannon, kolmogorov_smirnov, population_stability, psi_threshold, rejected,
};
pub use inputs::{InputWatch, NoticeKind};

/// Spreads of a stable day's statistic beyond which a day is not a stable one. Days are the unit,
/// so that hours of one day, which go together, count once; the spread is the median absolute
/// deviation, so that a few odd days of the rehearsals do not widen it. The window slides every
/// hour, hence more than the usual three.
const SPREADS: f64 = 4.0;

/// The same where one odd hour is enough: it takes many intervals at once, and strays far from its
/// share of the day, so that odd days are odder than a normal law's.
const SPREADS_WHERE_AN_HOUR_IS_ENOUGH: f64 = 5.0;

/// The median absolute deviation of a normal law is 0.6745 of its standard deviation.
const NORMAL: f64 = 1.4826;

/// Days of rehearsal without which no threshold is drawn.
const FEWEST_DAYS: usize = 14;

/// Forecasts of which the truth is known without which a window is not judged: half a day of one
/// station.
const FEWEST_ROWS: usize = 12;

/// What is judged of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Absolute error relative to what chance makes counts stray.
    RelativeError,
    /// Counts over forecasts, less one, each weighing what chance leaves of it.
    Excess,
    /// Share of the counts inside their interval.
    Coverage,
    /// How far the hours of the day are from sharing its departures as forecast.
    Rhythm,
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
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thresholds {
    stable: Vec<StableDays>,
}

/// What stable days measure of one quality, in units of its chance ([`Quality::chance`]).
#[derive(Debug, Clone, Copy, PartialEq)]
struct StableDays {
    quality: Quality,
    usual: f64,
    spread: f64,
}

impl Thresholds {
    /// Learns what stable days measure; no threshold of the forecasts when there are fewer than
    /// fourteen days, none of the total without its law.
    pub fn learn(days: &[DayQuality], law: Option<&TotalLaw>) -> Self {
        let all = [
            Quality::RelativeError,
            Quality::Excess,
            Quality::Coverage,
            Quality::Rhythm,
        ];

        let days: Vec<Window> = days.iter().map(|day| Window::from(*day)).collect();
        let of_forecasts = all.into_iter().filter_map(|quality| {
            let values: Vec<f64> = days
                .iter()
                .filter_map(|day| Some(quality.of(day)? / quality.chance(day)?))
                .collect();
            (values.len() >= FEWEST_DAYS).then(|| StableDays::of(quality, values))
        });

        let spread = law.and_then(|law| law.chance_spread);
        let total = spread.map(|spread| StableDays {
            quality: Quality::Total,
            usual: 0.0,
            spread,
        });

        Self {
            stable: of_forecasts.chain(total).collect(),
        }
    }

    /// What a stable day may measure, on a day of as many departures as `window`: one for each
    /// quality that was learnt and that the window lets judge.
    pub fn bounds(&self, window: &Window) -> Vec<Bounds> {
        self.stable
            .iter()
            .filter_map(|stable| Some(stable.bounds(stable.quality.chance(window)?)))
            .collect()
    }

    /// The alarms of a window of one day. A window with too few truths raises none: it says nothing
    /// yet.
    pub fn judge(&self, window: &Window) -> Vec<Alarm> {
        if window.forecasts.rows < FEWEST_ROWS {
            return Vec::new();
        }
        let outside = self.bounds(window).into_iter().filter_map(|bounds| {
            let observed = bounds.quality.of(window)?;
            let is_stable = (bounds.lowest..=bounds.highest).contains(&observed);
            (!is_stable).then_some(Alarm { observed, bounds })
        });
        outside.collect()
    }
}

impl StableDays {
    fn of(quality: Quality, values: Vec<f64>) -> Self {
        let usual = median(values.clone());
        let spread = NORMAL * median(values.iter().map(|value| (value - usual).abs()).collect());
        Self {
            quality,
            usual,
            spread,
        }
    }

    fn bounds(&self, chance: f64) -> Bounds {
        let Self {
            quality,
            usual,
            spread,
        } = *self;
        let usual = usual * chance;
        let distance = (quality.spreads() * spread * chance).max(quality.least_distance());

        let (lowest, highest) = match quality {
            // A smaller error or a wider coverage than usual hurts nobody.
            Quality::RelativeError => (0.0, usual + distance),
            Quality::Excess | Quality::Total => (usual - distance, usual + distance),
            Quality::Coverage => (usual - distance, 1.0),
            // Nor does a day that follows its forecasts closely.
            Quality::Rhythm => (LEAST_RHYTHM, usual + distance),
        };

        Bounds {
            quality,
            usual,
            lowest,
            highest,
        }
    }
}

/// What a day measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Of the forecasts.
    pub forecasts: DayQuality,
    /// Of the whole system ([`TotalLaw::excess`]), when it can be.
    pub total: Option<TotalExcess>,
}

impl From<DayQuality> for Window {
    fn from(forecasts: DayQuality) -> Self {
        Self {
            forecasts,
            total: None,
        }
    }
}

impl Quality {
    fn of(self, window: &Window) -> Option<f64> {
        match self {
            Self::RelativeError => window.forecasts.relative_error(),
            Self::Excess => window.forecasts.excess(),
            Self::Coverage => window.forecasts.coverage(),
            Self::Rhythm => window.forecasts.rhythm(),
            Self::Total => window.total.map(|total| total.relative),
        }
    }

    /// What one spread of the quality is worth in this window. A count of mean `n` strays by its
    /// root, hence by `1/√n` of itself: the few departures of a rainy day stray more from what was
    /// expected of them than those of a sunny one, and that is no change of demand.
    fn chance(self, window: &Window) -> Option<f64> {
        let of_counts = |expected: f64| (expected > 0.0).then(|| 1.0 / expected.sqrt());
        match self {
            Self::RelativeError | Self::Coverage | Self::Rhythm => Some(1.0),
            Self::Excess => of_counts(window.forecasts.weighed_forecast),
            Self::Total => window.total.and_then(|total| of_counts(total.expected)),
        }
    }

    fn spreads(self) -> f64 {
        match self {
            Self::RelativeError | Self::Excess | Self::Total => SPREADS,
            Self::Coverage | Self::Rhythm => SPREADS_WHERE_AN_HOUR_IS_ENOUGH,
        }
    }

    /// The least distance from the usual that deserves an alarm, however regular the rehearsals
    /// were.
    fn least_distance(self) -> f64 {
        match self {
            Self::RelativeError => 0.1,
            Self::Excess => 0.15,
            Self::Coverage => 0.05,
            Self::Rhythm => 0.5,
            Self::Total => 0.12,
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
