use filrouge_types::{Hour, StationId};
use serde::Serialize;

use super::distribution::{jensen_shannon, kolmogorov_smirnov, population_stability, psi_threshold, rejected};
use crate::features::HORIZON_HOURS;
use crate::history::{History, Known};

/// Days to which the last day is compared: recent enough to be of the same season.
const REFERENCE_DAYS: i64 = 28;

/// Bins of an index: as many as a day of hours can fill.
const BINS: usize = 5;

/// Identical hours in a row that a live sensor does not give.
const FROZEN_HOURS: usize = 10;

/// Share of false notices accepted among those given.
const FALSE_NOTICES: f64 = 0.01;

/// Days are the unit of chance: a day must be further from the others than any of them is from the rest, by this much.
const BEYOND: f64 = 1.25;

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

/// Something odd about one input over the last day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputNotice {
    /// The input.
    pub input: &'static str,
    /// What it does.
    pub kind: NoticeKind,
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
    ("precipitation", |known| known.precipitation_mm),
];

impl InputWatch {
    /// Watches the weather that `history` knows for `station` over the day that ends with `last`.
    ///
    /// The day is compared with each of the 28 before it. An input has moved when the day is further from the others
    /// than any of them is from the rest (a permutation by whole days: the hours of one day go together), and its
    /// p-value stands the false-discovery rate over the inputs.
    pub fn of(history: &History, station: &StationId, last: Hour) -> Vec<Self> {
        let days: Vec<Vec<Known>> = (0..=REFERENCE_DAYS).map(|day| day_of(history, station, last - 24 * day)).collect();
        let watches: Vec<(Self, f64)> = INPUTS.iter().map(|(input, read)| watch(input, *read, &days)).collect();
        let p_values: Vec<f64> = watches.iter().map(|(_, p_value)| *p_value).collect();
        let odd = rejected(&p_values, FALSE_NOTICES.max(1.0 / (REFERENCE_DAYS + 1) as f64));
        let judged = watches.into_iter().zip(odd).map(|((watch, _), is_odd)| {
            let moved = is_odd.then_some(NoticeKind::Moved);
            Self { notice: watch.notice.or(moved), ..watch }
        });
        judged.collect()
    }

    /// What is odd about this input.
    pub fn to_notice(&self) -> Option<InputNotice> {
        self.notice.map(|kind| InputNotice { input: self.input, kind })
    }
}

fn day_of(history: &History, station: &StationId, last: Hour) -> Vec<Known> {
    (0..HORIZON_HOURS).rev().map(|ago| history.known(station, last - ago)).collect()
}

fn watch(input: &'static str, read: fn(&Known) -> f32, days: &[Vec<Known>]) -> (InputWatch, f64) {
    let values: Vec<Vec<f32>> = days.iter().map(|day| known_values(day, read)).collect();
    let (live, before) = (&values[0], values[1..].concat());
    let missing_share = 1.0 - live.len() as f64 / HORIZON_HOURS as f64;
    let edges = edges(&before);
    let (reference_shares, live_shares) = (shares(&before, &edges), shares(live, &edges));
    let is_measured = !live.is_empty() && !before.is_empty();
    let measure = |of: fn(&[f64], &[f64]) -> f64| is_measured.then(|| of(&reference_shares, &live_shares));
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
    day.iter().map(read).filter(|value| !value.is_nan()).collect()
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

/// How likely a day as far from the others is when all days are alike: 1 over the number of days when it is the
/// furthest by far, 1 when it is not.
fn chance_of(days: &[Vec<f32>]) -> f64 {
    let means: Vec<f32> =
        days.iter().filter(|day| !day.is_empty()).map(|day| day.iter().sum::<f32>() / day.len() as f32).collect();
    if means.len() < 8 || days[0].is_empty() {
        return 1.0;
    }
    let (live, before) = (means[0], &means[1..]);
    let (low, high) = before.iter().fold((f32::MAX, f32::MIN), |(low, high), mean| (low.min(*mean), high.max(*mean)));
    let (middle, half) = (f32::midpoint(low, high), (high - low) / 2.0);
    let is_far = f64::from((live - middle).abs()) > BEYOND * f64::from(half).max(f64::EPSILON);
    if is_far { 1.0 / (means.len() as f64 * means.len() as f64) } else { 1.0 }
}

/// Inner edges of bins that hold as many of `values` each, equal ones removed.
fn edges(values: &[f32]) -> Vec<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let mut edges: Vec<f32> = (1..BINS).filter_map(|bin| sorted.get(bin * sorted.len() / BINS).copied()).collect();
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
