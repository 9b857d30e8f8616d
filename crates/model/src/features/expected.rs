use super::HORIZON_HOURS;
use super::calendar::{DAY, DAYS_BACK, Moment};
use super::demand::{FOUR_WEEKS, PRIOR_SHAPE_HOURS, View};
use super::layout::Features;
use crate::history::Known;

const WEEK: i64 = 7 * DAY;

/// Days after which an hour weighs half of what the last one does.
const HALF_LIFE_DAYS: f32 = 7.0;

/// What the law of the total makes of the hour, of the hours that the lags were counted in, and of
/// the last days: counts are carried to the hour's own calendar and weather before they are
/// compared. Without a law, missing.
pub(super) fn fill(features: &mut Features, moment: &Moment, known: &Known, view: &View<'_>) {
    let now = view.expected_now(known);
    if now.is_nan() {
        return;
    }

    let month = view.counted_over_expected(FOUR_WEEKS);
    features.expected_total = now * month / features.system_level;
    features.excess_of_day = view.counted_over_expected(HORIZON_HOURS) / month;
    features.excess_of_week = view.counted_over_expected(WEEK) / month;
    features.expected_change_24 = now / view.expected_lag(moment.hours_since(1));
    features.expected_change_168 = now / view.expected_lag(moment.hours_since(7));
    features.expected_lag_24 = features.lag_24 * features.expected_change_24;

    features.expected_lag_168 = features.lag_168 * features.expected_change_168;
    let weekly = Sums::of(
        (1..=4)
            .map(|week| moment.hours_since(7 * week))
            .map(|lag| (view.lag(lag), view.expected_lag(lag), 1.0)),
    );

    features.expected_hour_of_week = now * weekly.ratio() / features.level;
    features.expected_usual = now * usual(moment, known, view, features);
}

/// The station's share of what is expected, around this hour of such days, drawn towards that of
/// all the stations.
fn usual(moment: &Moment, known: &Known, view: &View<'_>, features: &Features) -> f32 {
    let works = moment.is_working_day_before(0, known.is_public_holiday);
    let alike = |day: i64| {
        let lag = moment.hours_since(day);
        let is_alike =
            moment.is_working_day_before(day, view.known(lag).is_public_holiday) == works;
        is_alike.then_some(lag)
    };

    let days: Vec<i64> = (1..=DAYS_BACK).filter_map(alike).collect();
    let around = days
        .iter()
        .flat_map(|lag| [lag + 1, *lag, (lag - 1).max(HORIZON_HOURS)]);
    let own = Sums::of(around.map(|lag| (view.lag(lag), view.expected_lag(lag), recency(lag))));

    if view.is_alone {
        return own.ratio() / features.level;
    }

    let system = Sums::of(days.iter().map(|lag| {
        (
            view.system_lag(*lag),
            view.expected_lag(*lag),
            recency(*lag),
        )
    }));

    let weight = PRIOR_SHAPE_HOURS * system.expected / system.weight;
    let prior = weight * system.ratio() / features.system_level;
    (own.counted / features.level + prior) / (own.expected + weight)
}

/// What an hour that far back says of today, beside the last one known: a curfew changes the shape
/// of the days at once.
fn recency(lag: i64) -> f32 {
    (-(((lag + DAY / 2) / DAY) as f32) / HALF_LIFE_DAYS).exp2()
}

/// What was counted and what was expected during hours that were counted.
#[derive(Default)]
struct Sums {
    counted: f32,
    expected: f32,
    weight: f32,
}

impl Sums {
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
