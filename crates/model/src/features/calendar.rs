use std::f32::consts::TAU;

use chrono::{Datelike, Offset, TimeZone, Timelike};
use chrono_tz::Tz;
use filrouge_types::Hour;

use super::HORIZON_HOURS;
use super::demand::View;
use super::layout::Features;
use crate::history::Known;

/// A day, on clocks that are not changed.
pub(super) const DAY: i64 = 24;

/// Days that features look back, at most.
pub(super) const DAYS_BACK: i64 = 28;

/// When an hour falls on the clocks and calendars of the city.
pub(super) struct Moment {
    pub(super) hour_of_day: u32,
    pub(super) day_of_week: u32,
    day_of_year: u32,
    hour: Hour,
    time_zone: Tz,
    /// Whether the clocks were changed during the days that features look back on.
    is_after_a_change: bool,
}

impl Moment {
    pub(super) fn new(hour: Hour, time_zone: Tz) -> Self {
        let local = hour.start().with_timezone(&time_zone);
        Self {
            hour_of_day: local.hour(),
            day_of_week: local.weekday().num_days_from_monday(),
            day_of_year: local.ordinal0(),
            hour,
            time_zone,
            is_after_a_change: clocks(hour, time_zone) != clocks(hour - DAYS_BACK * DAY, time_zone),
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

    /// Whether people work `days` days before, when `holiday` says whether that day is a public
    /// holiday.
    pub(super) fn is_working_day_before(&self, days: i64, holiday: f32) -> bool {
        let day_of_week = (i64::from(self.day_of_week) - days).rem_euclid(7);
        let is_holiday = holiday > 0.5;
        day_of_week < 5 && !is_holiday
    }
}

/// By how many hours the clocks are ahead of UTC, to the hour below.
fn clocks(hour: Hour, time_zone: Tz) -> i64 {
    let offset = time_zone
        .offset_from_utc_datetime(&hour.start().naive_utc())
        .fix();
    i64::from(offset.local_minus_utc()).div_euclid(3600)
}

pub(super) fn fill(features: &mut Features, moment: &Moment, known: &Known, view: &View<'_>) {
    features.hour_of_day = moment.hour_of_day as f32;
    features.day_of_week = moment.day_of_week as f32;
    features.hour_of_week = (moment.day_of_week * 24 + moment.hour_of_day) as f32;
    (features.hour_sine, features.hour_cosine) = (moment.hour_of_day as f32 / 24.0 * TAU).sin_cos();
    (features.year_sine, features.year_cosine) =
        (moment.day_of_year as f32 / 365.25 * TAU).sin_cos();
    features.is_working_day = f32::from(u8::from(
        moment.is_working_day_before(0, known.is_public_holiday),
    ));

    features.is_public_holiday = known.is_public_holiday;
    features.was_public_holiday = view.known(24).is_public_holiday;
    features.will_be_public_holiday = view.known(-24).is_public_holiday;
    features.is_school_holiday = known.is_school_holiday;
}
