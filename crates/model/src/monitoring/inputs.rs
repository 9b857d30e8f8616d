//! Drift of the inputs: the last day of each beside the four weeks before.

use filrouge_types::{Hour, StationId};
use serde::Serialize;

use super::distribution::{
    jensen_shannon, kolmogorov_smirnov, population_stability, psi_threshold, rejected,
};
use crate::history::{ConditionValues, HORIZON_HOURS, History};

/// Days to which the last day is compared: recent enough to be of the same season.
const REFERENCE_DAYS: i64 = 28;

/// Bins of an index: as many as a day of hours can fill.
const BINS: usize = 5;

/// Identical hours in a row that a live sensor does not give within its scale.
const FROZEN_HOURS: usize = 10;

/// False-discovery rate accepted over the inputs.
const FALSE_DISCOVERY_RATE: f64 = 0.001;

/// Days below which no p-value is computed.
const FEWEST_DAYS: usize = 8;

/// The way in which an input drifts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftWarning {
    /// It repeats itself.
    Frozen,
    /// It is not distributed as in the weeks before.
    Moved,
    /// It is missing more than before.
    Missing,
}

/// The distribution of one input over the last day, beside the four weeks before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputDrift {
    /// Its name, as in `feature_names`.
    pub input: &'static str,
    /// Values of the last day.
    pub samples: usize,
    /// Share of missing values in the last day, 0 to 1.
    pub missing_share: f64,
    /// Population stability index; nothing without a value.
    pub psi: Option<f64>,
    /// The index that a day exceeds once in a hundred, were its hours independent.
    pub psi_threshold: f64,
    /// Kolmogorov–Smirnov distance.
    pub ks: Option<f64>,
    /// Jensen–Shannon divergence, bits.
    pub js: Option<f64>,
    /// The drift, if any.
    pub warning: Option<DriftWarning>,
}

/// An input that comes from elsewhere.
struct Input {
    name: &'static str,
    read: fn(&ConditionValues) -> f32,
    /// True of a value that the weather itself repeats for hours.
    may_last: fn(f32) -> bool,
}

/// Below one knot the wind is calm, Beaufort 0 (WMO-No. 306, table 1100).
const CALM_KMH: f32 = 1.852;

/// The inputs that are the same at every station.
const INPUTS: [Input; 4] = [
    Input {
        name: "temperature",
        read: |conditions| conditions.temperature_c,
        may_last: |_| false,
    },
    Input {
        name: "relative_humidity",
        read: |conditions| conditions.relative_humidity_pct,
        // Fog.
        may_last: |percent| percent >= 100.0,
    },
    Input {
        name: "wind_speed",
        read: |conditions| conditions.wind_speed_kmh,
        may_last: |kmh| kmh < CALM_KMH,
    },
    Input {
        name: "precipitation",
        // Its square root: a wet day would otherwise be an outlier among dry ones, whatever the season.
        read: |conditions| conditions.precipitation_mm.sqrt(),
        // A dry day, or a drizzle.
        may_last: |_| true,
    },
];

impl InputDrift {
    /// Compares the weather that `history` knows for `station` over the day that ends with `last`
    /// with the 28 days before it.
    ///
    /// The hours of one day go together: the day's mean is compared with the means of the other
    /// days, so that the sample is the day, not the hour. An input has moved when its p-value is
    /// rejected at the false-discovery rate over the inputs.
    pub fn of(history: &History, station: &StationId, last: Hour) -> Vec<Self> {
        let days: Vec<Vec<ConditionValues>> = (0..=REFERENCE_DAYS)
            .map(|day| day_of(history, station, last - 24 * day))
            .collect();
        let values = INPUTS.map(|input| {
            let known = days.iter().map(|day| known_values(day, input.read));
            known.collect::<Vec<_>>()
        });

        let p_values = values.each_ref().map(|days| p_value(days));
        let moved = rejected(&p_values, FALSE_DISCOVERY_RATE);

        INPUTS
            .into_iter()
            .zip(&values)
            .zip(moved)
            .map(|((input, days), is_moved)| Self::compare(&input, days, is_moved))
            .collect()
    }

    /// Compares the first of `days` with the others.
    fn compare(input: &Input, days: &[Vec<f32>], is_moved: bool) -> Self {
        let (live, before) = (&days[0], days[1..].concat());
        let edges = edges(&before);
        let (reference_shares, live_shares) = (shares(&before, &edges), shares(live, &edges));

        let is_measured = !live.is_empty() && !before.is_empty();
        let measure = |of: fn(&[f64], &[f64]) -> f64| {
            is_measured.then(|| of(&reference_shares, &live_shares))
        };
        // A source that always misses some hours is not one that fails today.
        let missing =
            |values: usize, days: i64| 1.0 - values as f64 / (days * HORIZON_HOURS) as f64;
        let missing_share = missing(live.len(), 1);
        let is_missing = missing_share > missing(before.len(), REFERENCE_DAYS) + 0.5;

        Self {
            input: input.name,
            samples: live.len(),
            missing_share,
            psi: measure(population_stability),
            psi_threshold: psi_threshold(live.len(), before.len(), edges.len() + 1, 0.01),
            ks: measure(kolmogorov_smirnov),
            js: measure(jensen_shannon),
            warning: warning(is_frozen(live, input.may_last), is_missing, is_moved),
        }
    }
}

/// The first that holds: a frozen sensor moves too, and its repair is another one.
fn warning(is_frozen: bool, is_missing: bool, is_moved: bool) -> Option<DriftWarning> {
    [
        (is_frozen, DriftWarning::Frozen),
        (is_missing, DriftWarning::Missing),
        (is_moved, DriftWarning::Moved),
    ]
    .into_iter()
    .find_map(|(holds, warning)| holds.then_some(warning))
}

fn day_of(history: &History, station: &StationId, last: Hour) -> Vec<ConditionValues> {
    (0..HORIZON_HOURS)
        .rev()
        .map(|ago| history.conditions(station, last - ago))
        .collect()
}

fn known_values(day: &[ConditionValues], read: fn(&ConditionValues) -> f32) -> Vec<f32> {
    day.iter()
        .map(read)
        .filter(|value| !value.is_nan())
        .collect()
}

/// At an end of its scale an instrument repeats itself too: that is weather.
fn is_frozen(values: &[f32], may_last: fn(f32) -> bool) -> bool {
    values
        .chunk_by(|one, next| one == next)
        .any(|run| run.len() >= FROZEN_HOURS && !may_last(run[0]))
}

/// `0.8 φ(z) √(2π) / z`, with `z = |m₀ − m̄| / (s √(1 + 1/n))`: probability of a daily mean as far
/// from those of the `n` days before, were all days alike. An approximation of Mills' ratio for the
/// tail of a normal distribution; 1 below one standard deviation.
fn p_value(days: &[Vec<f32>]) -> f64 {
    let mean =
        |day: &Vec<f32>| day.iter().map(|value| f64::from(*value)).sum::<f64>() / day.len() as f64;
    let known = days[1..].iter().filter(|day| !day.is_empty());
    let before: Vec<f64> = known.map(mean).collect();
    if before.len() < FEWEST_DAYS || days[0].is_empty() {
        return 1.0;
    }

    let count = before.len() as f64;
    let center = before.iter().sum::<f64>() / count;
    let squares: f64 = before.iter().map(|mean| (mean - center).powi(2)).sum();
    let variance = squares / (count - 1.0);

    // √(1 + 1/n), since the mean of the days before is uncertain too; ε for days that are all equal.
    let sigma = (variance * (1.0 + 1.0 / count)).sqrt().max(f64::EPSILON);
    let z = (mean(&days[0]) - center).abs() / sigma;
    if z < 1.0 {
        1.0
    } else {
        (0.8 * (-z.powi(2) / 2.0).exp() / z).min(1.0)
    }
}

/// Inner edges of bins that hold as many of `values` each, equal ones removed.
fn edges(values: &[f32]) -> Vec<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);

    let quantile = |bin: usize| sorted.get(bin * sorted.len() / BINS).copied();
    let mut edges: Vec<f32> = (1..BINS).filter_map(quantile).collect();
    edges.dedup();
    edges
}

fn shares(values: &[f32], edges: &[f32]) -> Vec<f64> {
    let mut shares = vec![0.0; edges.len() + 1];
    for value in values {
        shares[edges.partition_point(|edge| edge <= value)] += 1.0 / values.len() as f64;
    }
    shares
}

#[cfg(test)]
mod tests;
