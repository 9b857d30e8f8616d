use filrouge_types::{Hour, StationId};
use serde::Serialize;

use super::distribution::{
    jensen_shannon, kolmogorov_smirnov, population_stability, psi_threshold, rejected,
};
use crate::features::HORIZON_HOURS;
use crate::history::{History, Known};

/// Days to which the last day is compared: recent enough to be of the same season.
const REFERENCE_DAYS: i64 = 28;

/// Bins of an index: as many as a day of hours can fill.
const BINS: usize = 5;

/// Identical hours in a row that a live sensor does not give.
const FROZEN_HOURS: usize = 10;

/// Share of false notices accepted among those given.
const FALSE_NOTICES: f64 = 0.001;

/// Days without which no chance is computed.
const FEWEST_DAYS: usize = 8;

/// What an input does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// It repeats itself.
    Frozen,
    /// It is not distributed as in the weeks before.
    Moved,
    /// It is missing more than before.
    Missing,
}

/// How one input of the last day is distributed beside the four weeks before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputWatch {
    /// The input.
    pub input: &'static str,
    /// Values of the last day.
    pub samples: usize,
    /// Share of missing values in the last day, 0 to 1.
    pub missing_share: f64,
    /// Population stability index; nothing without a value.
    pub psi: Option<f64>,
    /// What the index of a day exceeds by chance once in a hundred, were its hours independent.
    pub psi_threshold: f64,
    /// Kolmogorov–Smirnov distance.
    pub ks: Option<f64>,
    /// Jensen–Shannon divergence, bits.
    pub js: Option<f64>,
    /// What is odd, if anything.
    pub notice: Option<NoticeKind>,
}

type Reading = (&'static str, fn(&Known) -> f32);

/// The inputs that come from elsewhere and are the same at every station.
const INPUTS: [Reading; 4] = [
    ("temperature", |known| known.temperature_c),
    ("relative_humidity", |known| known.relative_humidity_pct),
    ("wind_speed", |known| known.wind_speed_kmh),
    // On its root: a wet day would otherwise be further from the dry ones than any chance allows.
    ("precipitation", |known| known.precipitation_mm.sqrt()),
];

impl InputWatch {
    /// Watches the weather that `history` knows for `station` over the day that ends with `last`.
    ///
    /// The day's mean is compared with those of the 28 days before it: the hours of one day go
    /// together, so the day is the unit of chance, not the hour. An input has moved when its
    /// p-value stands the false-discovery rate over the inputs.
    pub fn of(history: &History, station: &StationId, last: Hour) -> Vec<Self> {
        let days: Vec<Vec<Known>> = (0..=REFERENCE_DAYS)
            .map(|day| day_of(history, station, last - 24 * day))
            .collect();
        let watches: Vec<(Self, f64)> = INPUTS
            .iter()
            .map(|(input, read)| watch(input, *read, &days))
            .collect();

        let p_values: Vec<f64> = watches.iter().map(|(_, p_value)| *p_value).collect();
        let odd = rejected(&p_values, FALSE_NOTICES);

        let judged = watches.into_iter().zip(odd).map(|((watch, _), is_odd)| {
            let moved = is_odd.then_some(NoticeKind::Moved);
            Self {
                notice: watch.notice.or(moved),
                ..watch
            }
        });

        judged.collect()
    }
}

fn day_of(history: &History, station: &StationId, last: Hour) -> Vec<Known> {
    (0..HORIZON_HOURS)
        .rev()
        .map(|ago| history.known(station, last - ago))
        .collect()
}

fn watch(input: &'static str, read: fn(&Known) -> f32, days: &[Vec<Known>]) -> (InputWatch, f64) {
    let values: Vec<Vec<f32>> = days.iter().map(|day| known_values(day, read)).collect();
    let (live, before) = (&values[0], values[1..].concat());
    let missing_share = 1.0 - live.len() as f64 / HORIZON_HOURS as f64;
    let edges = edges(&before);
    let (reference_shares, live_shares) = (shares(&before, &edges), shares(live, &edges));
    let is_measured = !live.is_empty() && !before.is_empty();
    let measure =
        |of: fn(&[f64], &[f64]) -> f64| is_measured.then(|| of(&reference_shares, &live_shares));

    let usually_missing = 1.0 - before.len() as f64 / (REFERENCE_DAYS * HORIZON_HOURS) as f64;
    let notice = if is_frozen(live, input) {
        Some(NoticeKind::Frozen)
    } else {
        (missing_share > usually_missing + 0.5).then_some(NoticeKind::Missing)
    };

    let watch = InputWatch {
        input,
        samples: live.len(),
        missing_share,
        psi: measure(population_stability),
        psi_threshold: psi_threshold(live.len(), before.len(), edges.len() + 1, 0.01),
        ks: measure(kolmogorov_smirnov),
        js: measure(jensen_shannon),
        notice,
    };

    (watch, chance_of(&values))
}

fn known_values(day: &[Known], read: fn(&Known) -> f32) -> Vec<f32> {
    day.iter()
        .map(read)
        .filter(|value| !value.is_nan())
        .collect()
}

/// No rain for a day is weather; the same temperature for ten hours is a sensor.
fn is_frozen(values: &[f32], input: &str) -> bool {
    let mut run = 1;
    let longest = values.windows(2).map(|pair| {
        run = if pair[0] == pair[1] { run + 1 } else { 1 };
        run
    });
    input != "precipitation" && longest.max().unwrap_or(0) >= FROZEN_HOURS
}

/// How likely a day whose mean is as far from the others' is, were all days alike: the normal tail,
/// by the bound of Mills, of a mean that days of that spread give.
fn chance_of(days: &[Vec<f32>]) -> f64 {
    let mean =
        |day: &Vec<f32>| day.iter().map(|value| f64::from(*value)).sum::<f64>() / day.len() as f64;
    let before: Vec<f64> = days[1..]
        .iter()
        .filter(|day| !day.is_empty())
        .map(mean)
        .collect();

    if before.len() < FEWEST_DAYS || days[0].is_empty() {
        return 1.0;
    }

    let count = before.len() as f64;
    let middle = before.iter().sum::<f64>() / count;
    let variance = before
        .iter()
        .map(|mean| (mean - middle).powi(2))
        .sum::<f64>()
        / (count - 1.0);

    let spread = (variance * (1.0 + 1.0 / count)).sqrt().max(f64::EPSILON);
    let distance = (mean(&days[0]) - middle).abs() / spread;
    if distance < 1.0 {
        1.0
    } else {
        (0.8 * (-distance.powi(2) / 2.0).exp() / distance).min(1.0)
    }
}

/// Inner edges of bins that hold as many of `values` each, equal ones removed.
fn edges(values: &[f32]) -> Vec<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let mut edges: Vec<f32> = (1..BINS)
        .filter_map(|bin| sorted.get(bin * sorted.len() / BINS).copied())
        .collect();
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
