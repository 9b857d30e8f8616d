//! The city's counters: bicycles seen in the streets, whoever owns them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use serde::{Deserialize, Serialize};

use crate::AggregateError;
use crate::source::read_json_lines;

/// Fewer days say nothing of a correlation.
const LEAST_DAYS: usize = 7;

/// A day has 23 local hours at least, when clocks go forward.
const WHOLE_DAY_HOURS: usize = 23;

/// Farther than this from the usual ratio, in either direction, a day is looked at: half more, or a
/// third less. Rain and holidays move both counts together.
const MOST_APART: f64 = 1.5;

/// Days shown in a sentence: the others are in `summary.json`.
const SHOWN: usize = 5;

/// Daily departures beside daily counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CounterCheck {
    /// Whole local days that both know.
    pub days: u64,
    /// Pearson correlation of the two counts, to three decimals; `None` for too few days or counts
    /// that never move.
    pub correlation: Option<f64>,
    /// Days whose departures are far from the usual share of the counts: trips that lack, a counter
    /// that broke down, a day unlike any other.
    pub days_apart: Vec<NaiveDate>,
}

/// Bicycles counted on each whole local day.
pub(super) type Counted = BTreeMap<NaiveDate, f64>;

#[derive(Deserialize)]
struct Record {
    /// Local time: its first ten characters are the day, its first thirteen the hour.
    hour_local: Option<String>,
    count: Option<f64>,
}

/// The counts of a run by day, or `None` when it has none. A line without an instant or a count
/// belongs to no day.
pub(super) fn read(path: &Path) -> Result<Option<Counted>, AggregateError> {
    let records = read_json_lines::<Record>(path)?;
    Ok(records.map(|records| by_day(&records)))
}

fn by_day(records: &[Record]) -> Counted {
    let (mut sums, mut hours) = (Counted::new(), BTreeMap::<_, BTreeSet<&str>>::new());

    for record in records {
        let (Some(hour), Some(count)) = (record.hour_local.as_deref(), record.count) else {
            continue;
        };
        let Some((day, hour)) = hour.get(..10).zip(hour.get(11..13)) else {
            continue;
        };
        if let Ok(day) = day.parse() {
            *sums.entry(day).or_default() += count;
            hours.entry(day).or_default().insert(hour);
        }
    }

    // The day of the collection is not over.
    sums.retain(|day, _| hours[day].len() >= WHOLE_DAY_HOURS);
    sums
}

impl CounterCheck {
    pub(super) fn new(dataset: &Dataset, counted: &Counted, time_zone: Tz) -> Self {
        let departures = departures_by_day(dataset, time_zone);
        let days: Vec<(NaiveDate, f64, f64)> = departures
            .into_iter()
            .filter_map(|(day, left)| Some((day, left, *counted.get(&day)?)))
            .filter(|(_, _, counted)| *counted > 0.0)
            .collect();

        Self {
            days: days.len() as u64,
            correlation: correlation(&days),
            days_apart: days_apart(&days),
        }
    }
}

/// Departures of the whole system on each whole local day.
fn departures_by_day(dataset: &Dataset, time_zone: Tz) -> Counted {
    let mut departures = Counted::new();
    for (hour, count) in dataset.conditions.hour.iter().zip(&dataset.departures) {
        let day = hour.start().with_timezone(&time_zone).date_naive();
        *departures.entry(day).or_default() += f64::from(*count);
    }

    // The first and the last day are rarely whole.
    departures.pop_first();
    departures.pop_last();
    departures
}

/// Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²)
fn correlation(days: &[(NaiveDate, f64, f64)]) -> Option<f64> {
    if days.len() < LEAST_DAYS {
        return None;
    }
    let mean = |value: fn(&(NaiveDate, f64, f64)) -> f64| {
        days.iter().map(value).sum::<f64>() / days.len() as f64
    };
    let (left, counted) = (mean(|day| day.1), mean(|day| day.2));

    let (mut together, mut of_left, mut of_counted) = (0.0, 0.0, 0.0);
    for (_, x, y) in days {
        together += (x - left) * (y - counted);
        of_left += (x - left).powi(2);
        of_counted += (y - counted).powi(2);
    }

    let scale = (of_left * of_counted).sqrt();
    (scale > 0.0).then(|| (together / scale * 1000.0).round() / 1000.0)
}

fn days_apart(days: &[(NaiveDate, f64, f64)]) -> Vec<NaiveDate> {
    if days.len() < LEAST_DAYS {
        return Vec::new();
    }
    let mut ratios: Vec<f64> = days
        .iter()
        .map(|(_, left, counted)| left / counted)
        .collect();
    ratios.sort_by(f64::total_cmp);
    let usual = ratios[ratios.len() / 2];

    let is_apart = |ratio: f64| ratio > usual * MOST_APART || ratio < usual / MOST_APART;
    days.iter()
        .filter(|(_, left, counted)| is_apart(left / counted))
        .map(|(day, ..)| *day)
        .collect()
}

impl fmt::Display for CounterCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "compteurs : {} jours comparés", self.days)?;
        if let Some(correlation) = self.correlation {
            let correlation = format!("{correlation:.3}").replace('.', ",");
            write!(f, ", corrélation {correlation} avec les départs")?;
        }

        let shown: Vec<_> = self
            .days_apart
            .iter()
            .take(SHOWN)
            .map(NaiveDate::to_string)
            .collect();
        match self.days_apart.len() {
            0 => write!(f, ", aucun jour à part"),
            all if all > SHOWN => write!(f, ", {all} jours à part, dont {}", shown.join(", ")),
            all => write!(f, ", {all} jours à part : {}", shown.join(", ")),
        }
    }
}
