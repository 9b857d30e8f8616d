//! Clocks and calendar of the city at one hour.

use chrono::{Datelike, Offset, TimeZone, Timelike};
use chrono_tz::Tz;
use filrouge_types::Hour;

use crate::history::HORIZON_HOURS;

/// A day, on clocks that are not changed.
pub(super) const DAY: i64 = 24;

/// Days that features look back, at most.
pub(super) const DAYS_BACK: i64 = 28;

pub(super) const FOUR_WEEKS: i64 = DAYS_BACK * DAY;

/// An hour on the clocks and calendars of the city.
pub(super) struct Moment {
    pub(super) hour_of_day: u32,
    pub(super) day_of_week: u32,
    pub(super) day_of_year: u32,
    hour: Hour,
    time_zone: Tz,
    /// The clocks were changed during the days that features look back on.
    is_after_a_change: bool,
}

impl Moment {
    pub(super) fn new(hour: Hour, time_zone: Tz) -> Self {
        let local = hour.start().with_timezone(&time_zone);
        // Compared once: on most days of the year no lag has to be corrected.
        let a_month_before = clocks(hour - FOUR_WEEKS, time_zone);

        Self {
            hour_of_day: local.hour(),
            day_of_week: local.weekday().num_days_from_monday(),
            day_of_year: local.ordinal0(),
            hour,
            time_zone,
            is_after_a_change: clocks(hour, time_zone) != a_month_before,
        }
    }

    /// Hours since the same hour, on the clocks of the city, `days` days before; [`HORIZON_HOURS`]
    /// at least. After a change of clocks people rise at the same hour as the week before, which is
    /// not a whole number of days ago.
    pub(super) fn hours_since(&self, days: i64) -> i64 {
        let hours = days * DAY;
        if !self.is_after_a_change {
            return hours;
        }

        let change = clocks(self.hour, self.time_zone) - clocks(self.hour - hours, self.time_zone);
        (hours - change).max(HORIZON_HOURS)
    }

    /// True when people work `days` days before; `holiday` above one half says that the day is a
    /// public holiday.
    pub(super) fn is_working_day_before(&self, days: i64, holiday: f32) -> bool {
        let day_of_week = (i64::from(self.day_of_week) - days).rem_euclid(7);
        let is_holiday = holiday > 0.5;
        day_of_week < 5 && !is_holiday
    }
}

/// Hours by which the clocks are ahead of UTC, to the hour below.
fn clocks(hour: Hour, time_zone: Tz) -> i64 {
    let offset = time_zone
        .offset_from_utc_datetime(&hour.start().naive_utc())
        .fix();
    i64::from(offset.local_minus_utc()).div_euclid(3600)
}
