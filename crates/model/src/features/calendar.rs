use std::f32::consts::TAU;

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use filrouge_types::Hour;

use super::demand::View;
use super::layout::Features;
use crate::history::Known;

/// When an hour falls on the clocks and calendars of the city.
pub(super) struct Moment {
    pub(super) hour_of_day: u32,
    pub(super) day_of_week: u32,
    day_of_year: u32,
}

impl Moment {
    pub(super) fn new(hour: Hour, time_zone: Tz) -> Self {
        let local = hour.start().with_timezone(&time_zone);
        Self {
            hour_of_day: local.hour(),
            day_of_week: local.weekday().num_days_from_monday(),
            day_of_year: local.ordinal0(),
        }
    }

    /// Whether people work `days` days before, when `holiday` says whether that day is a public holiday.
    pub(super) fn is_working_day_before(&self, days: u32, holiday: f32) -> bool {
        let day_of_week = (self.day_of_week + 7 * 5 - days % 7) % 7;
        let is_holiday = holiday > 0.5;
        day_of_week < 5 && !is_holiday
    }
}

pub(super) fn fill(features: &mut Features, moment: &Moment, known: &Known, view: &View<'_>) {
    features.hour_of_day = moment.hour_of_day as f32;
    features.day_of_week = moment.day_of_week as f32;
    features.hour_of_week = (moment.day_of_week * 24 + moment.hour_of_day) as f32;
    (features.hour_sine, features.hour_cosine) = (moment.hour_of_day as f32 / 24.0 * TAU).sin_cos();
    (features.year_sine, features.year_cosine) = (moment.day_of_year as f32 / 365.25 * TAU).sin_cos();
    features.is_working_day = f32::from(u8::from(moment.is_working_day_before(0, known.is_public_holiday)));
    features.is_public_holiday = known.is_public_holiday;
    features.was_public_holiday = view.known(24).is_public_holiday;
    features.will_be_public_holiday = view.known(-24).is_public_holiday;
    features.is_school_holiday = known.is_school_holiday;
}
