//! `E[y] = exp(x · β)`: the mean of a count is log-linear in its conditions, so that effects
//! multiply each other as they do for riders (McCullagh and Nelder, Generalized Linear Models,
//! 1989, chapter 6).

use chrono_tz::Tz;
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use super::design_row::DesignRow;
use crate::history::{HORIZON_HOURS, History};

/// Hours before the day judged to which it is compared: two weeks, so that growth and the season
/// cancel.
const COMPARED_HOURS: i64 = 14 * 24;

/// Hours that must have been counted among those: a week.
const FEWEST_COMPARED: usize = 7 * 24;

/// The regression of one city, fitted by `filrouge-train`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SystemDemandModel {
    /// `β`: logarithm of the effect of each column, [`DESIGN_COLUMNS`](super::DESIGN_COLUMNS) of
    /// them.
    pub coefficients: Vec<f64>,
    /// `σ`: standard deviation of `residual · √expected` over stable days, from their median
    /// absolute deviation. Absent when the history was too short to know.
    pub residual_scale: Option<f64>,
}

/// A day of the system beside its regression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SystemResidual {
    /// `counted / expected − 1`.
    pub relative: f64,
    /// Expected departures of a mean station.
    pub expected: f64,
}

impl SystemDemandModel {
    /// `exp(x · β)`: expected departures of an hour, of which only ratios make sense.
    pub fn expected(&self, row: &DesignRow) -> f64 {
        row.iter()
            .map(|(column, value)| {
                let coefficient = self.coefficients.get(column).copied();
                coefficient.unwrap_or(0.0) * value
            })
            .sum::<f64>()
            .exp()
    }

    /// `(Σy / Σe) · (Σe′ / Σy′) − 1`: the 24 hours that end with `last`, counted over expected,
    /// relative to the two weeks before them. Absent when an hour of the day is not counted, or
    /// most of the two weeks.
    pub fn residual(&self, history: &History, last: Hour, time_zone: Tz) -> Option<SystemResidual> {
        // Its own level cancels: the fit is of a past from which the city has grown.
        let day = self.totals(history, last, HORIZON_HOURS, time_zone);
        let before = self.totals(history, last - HORIZON_HOURS, COMPARED_HOURS, time_zone);

        let is_counted = day.hours == HORIZON_HOURS as usize && before.hours >= FEWEST_COMPARED;
        if !is_counted || before.counted <= 0.0 || day.expected <= 0.0 {
            return None;
        }

        let expected = day.expected * before.counted / before.expected;
        Some(SystemResidual {
            relative: day.counted / expected - 1.0,
            expected,
        })
    }

    fn totals(&self, history: &History, last: Hour, hours: i64, time_zone: Tz) -> Totals {
        let mut totals = Totals::default();

        for hour in (0..hours).map(|ago| last - ago) {
            let counted = history.system().at(hour);
            if !counted.is_nan() {
                totals.hours += 1;
                totals.counted += f64::from(counted);
                totals.expected += self.expected(&DesignRow::of_system(history, hour, time_zone));
            }
        }

        totals
    }
}

/// Totals over the hours that were counted.
#[derive(Default)]
struct Totals {
    hours: usize,
    counted: f64,
    expected: f64,
}
