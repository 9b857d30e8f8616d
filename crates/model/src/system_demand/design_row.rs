//! The design matrix of the regression, one row an hour.
//!
//! | Columns | Effect |
//! | --- | --- |
//! | hour of the day, on a working day or not | 48 indicators |
//! | day of the week, and quarter of each day | 7 and 28 indicators |
//! | temperature, and again on working days | linear B-splines on ten knots, and a missing value |
//! | wind | linear B-splines on four knots |
//! | sky, and again on working days | 8 indicators |
//! | holidays: public, school, school on a working day | 3 indicators |
//! | events | `ln(1 + 2 · share of the stations near one)` |

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use filrouge_types::Hour;

use crate::history::{ConditionValues, History};

#[cfg(test)]
mod tests;

/// Knots of the temperature as felt, °C: the effect is straight between two of them.
const TEMPERATURES: [f32; 10] = [-5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 28.0, 32.0, 36.0];

/// Knots of the wind, km/h.
const WINDS: [f32; 4] = [5.0, 18.0, 30.0, 45.0];

/// Kinds of sky, the last one unknown: clear, partly cloudy, overcast or fog, snow, drizzle, rain,
/// heavy rain.
const SKIES: usize = 8;

// First column of each effect.
const HOURS: usize = 0;
const DAYS: usize = HOURS + 48;
const DAY_PARTS: usize = DAYS + 7;
const TEMPERATURE: usize = DAY_PARTS + 28;
const WORKING_TEMPERATURE: usize = TEMPERATURE + TEMPERATURES.len() + 1;
const WIND: usize = WORKING_TEMPERATURE + TEMPERATURES.len() + 1;
const SKY: usize = WIND + WINDS.len();
const WORKING_SKY: usize = SKY + SKIES;
const HOLIDAYS: usize = WORKING_SKY + SKIES;
const EVENTS: usize = HOLIDAYS + 3;

/// Number of columns.
pub const DESIGN_COLUMNS: usize = EVENTS + 1;

/// Relative demand that an event adds near it, roughly: the coefficient makes the rest. With it,
/// the effect of a share of the stations near events is that of those stations alone.
const EVENT_PULL: f64 = 2.0;

/// The columns of one hour that are not zero: each a position and a value.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignRow(Vec<(usize, f64)>);

impl DesignRow {
    /// The row of `hour` on the clocks of `time_zone`, events apart: they are of some stations
    /// only. A missing condition has a column of its own.
    pub fn of(conditions: &ConditionValues, hour: Hour, time_zone: Tz) -> Self {
        let local = hour.start().with_timezone(&time_zone);
        let hour_of_day = local.hour() as usize;
        let day = local.weekday().num_days_from_monday() as usize;
        let works = day < 5 && !is_true(conditions.is_public_holiday);

        let mut row = Self(Vec::with_capacity(16));
        row.add(HOURS + hour_of_day + if works { 24 } else { 0 }, 1.0);
        row.add(DAYS + day, 1.0);
        row.add(DAY_PARTS + 4 * day + hour_of_day / 6, 1.0);
        row.add_weather(conditions, works);
        row.add_holidays(conditions, works);
        row
    }

    /// The row of the whole system during `hour` of `history`: the conditions that its stations
    /// share, and the share of them near an event.
    pub fn of_system(history: &History, hour: Hour, time_zone: Tz) -> Self {
        Self::of(&history.shared_conditions(hour), hour, time_zone)
            .with_events(history.event_share(hour))
    }

    /// The same when this share of the stations, 0 to 1, is near an event.
    fn with_events(mut self, share: f64) -> Self {
        if share > 0.0 {
            self.add(EVENTS, (1.0 + EVENT_PULL * share).ln());
        }
        self
    }

    /// Pairs of columns whose coefficients the fit draws together: where one was never seen, the
    /// other tells.
    pub fn smoothness_pairs() -> impl Iterator<Item = (usize, usize)> {
        let knots =
            |first: usize, knots: usize| (first + 1..first + knots).map(|above| (above - 1, above));
        // Not from overcast to snow, nor from snow to drizzle: these are no steps of one scale.
        let skies = |first: usize| [0, 1, 4, 5].map(|sky| (first + sky, first + sky + 1));

        knots(TEMPERATURE, TEMPERATURES.len())
            .chain(knots(WORKING_TEMPERATURE, TEMPERATURES.len()))
            .chain(knots(WIND, WINDS.len()))
            .chain(skies(SKY))
            .chain(skies(WORKING_SKY))
    }

    /// Position and value of each column that is not zero.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f64)> {
        self.0.iter().copied()
    }

    fn add_weather(&mut self, conditions: &ConditionValues, works: bool) {
        let felt = if conditions.apparent_temperature_c.is_nan() {
            conditions.temperature_c
        } else {
            conditions.apparent_temperature_c
        };
        self.add_temperature(TEMPERATURE, felt);
        self.add_spline(WIND, &WINDS, conditions.wind_speed_kmh);
        self.add(SKY + sky(conditions), 1.0);

        if works {
            self.add_temperature(WORKING_TEMPERATURE, felt);
            self.add(WORKING_SKY + sky(conditions), 1.0);
        }
    }

    fn add_temperature(&mut self, first: usize, felt: f32) {
        if felt.is_nan() {
            self.add(first + TEMPERATURES.len(), 1.0);
        } else {
            self.add_spline(first, &TEMPERATURES, felt);
        }
    }

    fn add_holidays(&mut self, conditions: &ConditionValues, works: bool) {
        let is_school_holiday = is_true(conditions.is_school_holiday);
        let flags = [
            is_true(conditions.is_public_holiday),
            is_school_holiday,
            is_school_holiday && works,
        ];

        for (column, flag) in flags.into_iter().enumerate() {
            if flag {
                self.add(HOLIDAYS + column, 1.0);
            }
        }
    }

    fn add(&mut self, column: usize, value: f64) {
        self.0.push((column, value));
    }

    /// Linear B-splines: `value` is shared between the knot below and the one above, nearer first.
    /// Beyond the last knots the effect is flat; a missing value has none.
    fn add_spline(&mut self, first: usize, knots: &[f32], value: f32) {
        if value.is_nan() {
            return;
        }

        let above = knots.partition_point(|knot| *knot <= value);
        if above == 0 || above == knots.len() {
            return self.add(first + above.saturating_sub(1), 1.0);
        }

        let share = (value - knots[above - 1]) / (knots[above] - knots[above - 1]);
        self.add(first + above - 1, f64::from(1.0 - share));
        self.add(first + above, f64::from(share));
    }
}

/// A missing flag is not one.
fn is_true(flag: f32) -> bool {
    flag > 0.5
}

/// Kind of sky: from its look (WMO table 4677) and from the millimetres that fall.
fn sky(conditions: &ConditionValues) -> usize {
    let (code, water) = (conditions.weather_code, conditions.precipitation_mm);
    match (code, water) {
        _ if (71.0..=77.0).contains(&code) => 3,
        _ if water >= 1.0 => 6,
        _ if water >= 0.3 => 5,
        _ if water > 0.0 || code >= 50.0 => 4,
        _ if code >= 3.0 => 2,
        _ if code >= 2.0 => 1,
        _ if code >= 0.0 => 0,
        _ => 7,
    }
}
