use std::f32::consts::TAU;

use super::layout::Features;
use super::moment::Moment;
use super::view::View;
use crate::history::ConditionValues;

/// The hour on the clocks of the city, and the kind of its day.
pub(super) fn fill(
    features: &mut Features,
    moment: &Moment,
    conditions: &ConditionValues,
    view: &View<'_>,
) {
    features.hour_of_day = moment.hour_of_day as f32;
    features.day_of_week = moment.day_of_week as f32;
    features.hour_of_week = (moment.day_of_week * 24 + moment.hour_of_day) as f32;

    // As angles, so that midnight is beside 23:00 and 31 December beside 1 January.
    (features.hour_sine, features.hour_cosine) = (moment.hour_of_day as f32 / 24.0 * TAU).sin_cos();
    (features.year_sine, features.year_cosine) =
        (moment.day_of_year as f32 / 365.25 * TAU).sin_cos();

    let works = moment.is_working_day_before(0, conditions.is_public_holiday);
    features.is_working_day = f32::from(u8::from(works));
    features.is_public_holiday = conditions.is_public_holiday;
    features.was_public_holiday = view.conditions(24).is_public_holiday;
    features.will_be_public_holiday = view.conditions(-24).is_public_holiday;
    features.is_school_holiday = conditions.is_school_holiday;
}
