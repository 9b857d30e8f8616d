use super::demand::{PRIOR_SHAPE_HOURS, hours_around};
use super::layout::Features;
use super::moment::{DAY, DAYS_BACK, FOUR_WEEKS, Moment};
use super::view::View;
use crate::history::{ConditionValues, HORIZON_HOURS};

const WEEK: i64 = 7 * DAY;

/// Days after which the weight of an hour is halved.
const HALF_LIFE_DAYS: f32 = 7.0;

/// The system's regression at the hour, at the hours that the lags were counted in, and over the
/// last days: counts are carried to the hour's own calendar and weather before they are compared.
/// Without a regression, missing.
pub(super) fn fill(
    features: &mut Features,
    moment: &Moment,
    conditions: &ConditionValues,
    view: &View<'_>,
) {
    let now = view.expected_now(conditions);
    if now.is_nan() {
        return;
    }

    fill_system(features, view, now);
    fill_lags(features, moment, view, now);
    features.expected_profile = now * profile(features, moment, conditions, view);
}

fn fill_system(features: &mut Features, view: &View<'_>, now: f32) {
    // The regression is of the whole past: the last month tells how far the city is from it now.
    let month = view.counted_over_expected(FOUR_WEEKS);
    features.expected_system = now * month / features.system_level;
    features.system_residual_24_hours = view.counted_over_expected(HORIZON_HOURS) / month;
    features.system_residual_7_days = view.counted_over_expected(WEEK) / month;
}

fn fill_lags(features: &mut Features, moment: &Moment, view: &View<'_>, now: f32) {
    features.expected_change_24 = now / view.expected_lag(moment.hours_since(1));
    features.expected_change_168 = now / view.expected_lag(moment.hours_since(7));
    features.expected_lag_24 = features.lag_24 * features.expected_change_24;
    features.expected_lag_168 = features.lag_168 * features.expected_change_168;

    let weekly = (1..=4).map(|week| {
        let lag = moment.hours_since(7 * week);
        (view.lag(lag), view.expected_lag(lag), 1.0)
    });
    features.expected_hour_of_week = now * WeightedSums::of(weekly).ratio() / features.level;
}

/// `(Σwy / level + p) / (Σwe + q)`: the station's share of the expected demand, around this hour of
/// such days, shrunk towards that of all the stations.
fn profile(
    features: &Features,
    moment: &Moment,
    conditions: &ConditionValues,
    view: &View<'_>,
) -> f32 {
    let works = moment.is_working_day_before(0, conditions.is_public_holiday);
    let lags: Vec<i64> = (1..=DAYS_BACK)
        .map(|day| (day, moment.hours_since(day)))
        .filter(|(day, lag)| {
            moment.is_working_day_before(*day, view.conditions(*lag).is_public_holiday) == works
        })
        .map(|(_, lag)| lag)
        .collect();

    let around = lags.iter().flat_map(|lag| hours_around(*lag));
    let own =
        WeightedSums::of(around.map(|lag| (view.lag(lag), view.expected_lag(lag), recency(lag))));
    if view.is_alone {
        return own.ratio() / features.level;
    }

    let system = WeightedSums::of(lags.iter().map(|lag| {
        let counted = view.system_lag(*lag);
        (counted, view.expected_lag(*lag), recency(*lag))
    }));
    let prior_weight = PRIOR_SHAPE_HOURS * system.expected / system.weight;
    let prior = prior_weight * system.ratio() / features.system_level;
    (own.counted / features.level + prior) / (own.expected + prior_weight)
}

/// `2^(−days / 7)`: weight of an hour that far back. A curfew changes the shape of the days at once.
fn recency(lag: i64) -> f32 {
    let days = (lag + DAY / 2) / DAY;
    (-(days as f32) / HALF_LIFE_DAYS).exp2()
}

/// Counts and expectations over the hours that have both.
#[derive(Default)]
struct WeightedSums {
    counted: f32,
    expected: f32,
    weight: f32,
}

impl WeightedSums {
    /// Sums hours given as counted, expected and weight.
    fn of(hours: impl Iterator<Item = (f32, f32, f32)>) -> Self {
        let known = hours.filter(|(counted, expected, _)| !counted.is_nan() && !expected.is_nan());
        known.fold(Self::default(), |sums, (counted, expected, weight)| Self {
            counted: sums.counted + weight * counted,
            expected: sums.expected + weight * expected,
            weight: sums.weight + weight,
        })
    }

    fn ratio(&self) -> f32 {
        if self.expected > 0.0 {
            self.counted / self.expected
        } else {
            f32::NAN
        }
    }
}
