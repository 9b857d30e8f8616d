//! What the whole system counts, beside what the calendar and the weather let expect of it.
//!
//! One station's hour is mostly chance; the sum of all of them is not. Its mean follows a
//! log-linear law of the hour, the day, the temperature, the wind and the sky, in which effects
//! multiply each other as they do for riders. A change of demand shows there within a day, long
//! before it shows in the errors of single forecasts.

mod expected;
mod terms;

use chrono_tz::Tz;
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::features::HORIZON_HOURS;
use crate::history::History;

pub use expected::Expected;
pub use terms::{TERMS, Terms};

/// Hours before the day judged to which it is compared: two weeks, so that growth and the season
/// cancel.
const COMPARED_HOURS: i64 = 14 * 24;

/// Hours that must have been counted among those: a week.
const FEWEST_COMPARED: usize = 7 * 24;

/// The law of one city's total, learnt by `filrouge-train`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TotalLaw {
    /// The logarithm of the effect of each term, [`TERMS`] of them.
    pub weights: Vec<f64>,
    /// The spread (standard deviation, from the median absolute deviation) of the excess of a
    /// stable day, times the root of what was expected of it: what counts stray by does not depend
    /// on the day, once so scaled.
    ///
    /// Absent when the history was too short to know.
    #[serde(default)]
    pub chance_spread: Option<f64>,
}

/// By how much the system's total exceeds what its law expects of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TotalExcess {
    /// Counted over expected, less one.
    pub relative: f64,
    /// Expected departures of a mean station.
    pub expected: f64,
}

impl TotalLaw {
    /// Expected departures of an hour, in units that only ratios make sense of.
    pub fn expected(&self, terms: &Terms) -> f64 {
        terms
            .iter()
            .map(|(term, value)| self.weights.get(term).map_or(0.0, |weight| weight * value))
            .sum::<f64>()
            .exp()
    }

    /// By how much the 24 hours that end with `last` exceed what was expected of them, relative to
    /// the two weeks before: `Σy / Σe · Σe′ / Σy′ − 1`. Absent when an hour of the day is not
    /// counted, or most of the two weeks.
    pub fn excess(&self, history: &History, last: Hour, time_zone: Tz) -> Option<TotalExcess> {
        let day = self.sums(history, last, HORIZON_HOURS, time_zone);
        let before = self.sums(history, last - HORIZON_HOURS, COMPARED_HOURS, time_zone);
        let is_known = day.hours == HORIZON_HOURS as usize && before.hours >= FEWEST_COMPARED;
        (is_known && before.counted > 0.0 && day.expected > 0.0).then(|| {
            let expected = day.expected * before.counted / before.expected;
            TotalExcess {
                relative: day.counted / expected - 1.0,
                expected,
            }
        })
    }

    fn sums(&self, history: &History, last: Hour, hours: i64, time_zone: Tz) -> Sums {
        let mut sums = Sums::default();
        for hour in (0..hours).map(|ago| last - ago) {
            let counted = history.system().at(hour);
            if !counted.is_nan() {
                sums.hours += 1;
                sums.counted += f64::from(counted);
                sums.expected += self.expected(&Terms::of_system(history, hour, time_zone));
            }
        }
        sums
    }
}

#[derive(Default)]
struct Sums {
    hours: usize,
    counted: f64,
    expected: f64,
}
