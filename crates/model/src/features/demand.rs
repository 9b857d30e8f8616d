use super::layout::Features;
use super::moment::{DAYS_BACK, Moment};
use super::view::View;
use crate::history::{ConditionValues, HORIZON_HOURS};

/// Hours of the system's shape that are added to a station's own when its usual demand is computed:
/// as many as a week of three-hour windows, so that a station of a few departures a day is drawn
/// half-way.
pub(super) const PRIOR_SHAPE_HOURS: f32 = 20.0;

/// The past of the station and of the system, relative to their levels.
pub(super) fn fill(
    features: &mut Features,
    moment: &Moment,
    conditions: &ConditionValues,
    view: &View<'_>,
) {
    features.system_level = view.system_level();
    features.level = view.level(features.system_level);
    features.counted_hours = view.four_weeks().1 as f32;

    fill_lags(features, moment, view);
    fill_means(features, view);
    fill_same_hours(features, moment, view);
    fill_same_kind_of_day(features, moment, conditions, view);
    fill_system(features, moment, view);
}

fn fill_lags(features: &mut Features, moment: &Moment, view: &View<'_>) {
    let level = features.level;
    let days_before = |days| view.lag(moment.hours_since(days)) / level;

    features.lag_24 = days_before(1);
    features.lag_48 = days_before(2);
    features.lag_72 = days_before(3);
    features.lag_144 = days_before(6);
    features.lag_168 = days_before(7);
    features.lag_336 = days_before(14);
    features.lag_504 = days_before(21);
    features.lag_672 = days_before(28);
    features.around_lag_168 = view.mean(moment.hours_since(7) - 1, 3) / level;
}

fn fill_means(features: &mut Features, view: &View<'_>) {
    // Up to a day before: the hours of the last day are not counted yet when the forecast is made.
    let week = view.mean(HORIZON_HOURS, 168);

    features.mean_3_hours = view.mean(HORIZON_HOURS, 3) / features.level;
    features.mean_24_hours = view.mean(HORIZON_HOURS, 24) / features.level;
    features.mean_7_days = week / features.level;
    features.week_on_week = ratio(week, view.mean(HORIZON_HOURS + 168, 168));
}

fn fill_same_hours(features: &mut Features, moment: &Moment, view: &View<'_>) {
    let same_hour = |days| view.lag(moment.hours_since(days));
    let daily: Moments = (1..=7).map(same_hour).collect();
    let weekly: Moments = [7, 14, 21, 28].into_iter().map(same_hour).collect();

    features.same_hour_7_days = daily.mean() / features.level;
    features.same_hour_of_week = weekly.mean() / features.level;
    features.same_hour_of_week_spread = weekly.deviation() / features.level;
}

/// Days on which people work as they do on the predicted one, or rest as they do.
fn fill_same_kind_of_day(
    features: &mut Features,
    moment: &Moment,
    conditions: &ConditionValues,
    view: &View<'_>,
) {
    let works = moment.is_working_day_before(0, conditions.is_public_holiday);
    let (mut own, mut system) = (Moments::default(), Moments::default());
    let mut around = Moments::default();

    for day in 1..=DAYS_BACK {
        let lag = moment.hours_since(day);
        if moment.is_working_day_before(day, view.conditions(lag).is_public_holiday) == works {
            own.add(view.lag(lag));
            system.add(view.system_lag(lag));
            hours_around(lag).for_each(|lag| around.add(view.lag(lag)));
        }
    }

    let shape = system.mean() / features.system_level;
    features.same_hour_same_kind = own.mean() / features.level;
    features.system_same_hour_same_kind = shape;

    // A station alone has no other to be drawn towards: its usual demand is then the mean above,
    // said twice.
    if !view.is_alone {
        features.profile = (around.sum / features.level + PRIOR_SHAPE_HOURS * shape)
            / (around.count + PRIOR_SHAPE_HOURS);
    }
}

/// The hour at `lag`, with its neighbours. The hour after the same hour yesterday is not known a
/// day ahead.
pub(super) fn hours_around(lag: i64) -> impl Iterator<Item = i64> {
    [lag + 1, lag, (lag - 1).max(HORIZON_HOURS)].into_iter()
}

fn fill_system(features: &mut Features, moment: &Moment, view: &View<'_>) {
    let level = features.system_level;
    features.system_lag_24 = view.system_lag(moment.hours_since(1)) / level;
    features.system_lag_168 = view.system_lag(moment.hours_since(7)) / level;
    features.system_mean_24_hours = view.system_mean(HORIZON_HOURS, 24) / level;
    features.system_mean_7_days = view.system_mean(HORIZON_HOURS, 168) / level;
}

fn ratio(recent: f32, older: f32) -> f32 {
    if older > 0.0 {
        recent / older
    } else {
        f32::NAN
    }
}

/// Running mean and standard deviation of known values.
#[derive(Default)]
struct Moments {
    count: f32,
    sum: f32,
    squares: f32,
}

impl Moments {
    fn add(&mut self, value: f32) {
        if !value.is_nan() {
            self.count += 1.0;
            self.sum += value;
            self.squares += value * value;
        }
    }

    fn mean(&self) -> f32 {
        if self.count > 0.0 {
            self.sum / self.count
        } else {
            f32::NAN
        }
    }

    fn deviation(&self) -> f32 {
        if self.count < 2.0 {
            return f32::NAN;
        }

        // Rounding may leave the variance of equal values a little below zero.
        let variance = self.squares / self.count - self.mean().powi(2);
        variance.max(0.0).sqrt()
    }
}

impl FromIterator<f32> for Moments {
    fn from_iter<I: IntoIterator<Item = f32>>(values: I) -> Self {
        let mut moments = Self::default();
        values.into_iter().for_each(|value| moments.add(value));
        moments
    }
}
