use filrouge_types::{Hour, StationId};

use super::HORIZON_HOURS;
use super::calendar::{DAY, DAYS_BACK, Moment};
use super::layout::Features;
use crate::history::{History, Known, Series, Timeline};
use crate::law::Expected;

pub(super) const FOUR_WEEKS: i64 = DAYS_BACK * DAY;

/// Hours of the system's mean that are added to a station's own when its level is computed: a
/// station that opened yesterday starts from the others, one that is a month old is itself.
const PRIOR_HOURS: f64 = 24.0;

/// Hours of the system's shape that are added to a station's own when its usual demand is computed:
/// as many as a week of three-hour windows, so that a station of a few departures a day is drawn
/// half-way.
pub(super) const PRIOR_SHAPE_HOURS: f32 = 20.0;

/// The lowest level, departures an hour: ratios to the level of a station that nobody uses stay
/// finite.
const LOWEST_LEVEL: f64 = 0.01;

/// The past as seen from the predicted hour: nothing in here gives demand at a lag below
/// [`HORIZON_HOURS`].
pub(super) struct View<'a> {
    hour: Hour,
    history: &'a History,
    expected: &'a Expected,
    timeline: Option<&'a Timeline>,
    system: &'a Series,
    /// Whether the station is the only one.
    pub(super) is_alone: bool,
}

impl<'a> View<'a> {
    pub(super) fn new(
        history: &'a History,
        expected: &'a Expected,
        station: &StationId,
        hour: Hour,
    ) -> Self {
        Self {
            hour,
            history,
            expected,
            timeline: history.timeline(station),
            system: history.system(),
            is_alone: history.station_count() < 2,
        }
    }

    /// Conditions `lag` hours before (after, when negative).
    pub(super) fn known(&self, lag: i64) -> Known {
        self.timeline.map_or(Known::MISSING, |timeline| {
            timeline.known_at(self.hour - lag)
        })
    }

    /// What the law of the total expects of the predicted hour, under conditions `known` (those
    /// that all the stations share when they are missing).
    pub(super) fn expected_now(&self, known: &Known) -> f32 {
        if known.has_any() {
            self.expected.at(self.hour, known)
        } else {
            self.expected
                .at(self.hour, &self.history.shared_known(self.hour))
        }
    }

    /// The same of the hour `lag` hours before.
    pub(super) fn expected_lag(&self, lag: i64) -> f32 {
        self.expected.past(self.hour - lag)
    }

    /// Counted over expected during the `hours` hours that end a day before.
    pub(super) fn counted_over_expected(&self, hours: i64) -> f32 {
        self.expected.ratio(self.hour - HORIZON_HOURS, hours)
    }

    pub(super) fn lag(&self, hours: i64) -> f32 {
        self.timeline.map_or(f32::NAN, |timeline| {
            at_lag(&timeline.demand, self.hour, hours)
        })
    }

    pub(super) fn mean(&self, lag: i64, hours: i64) -> f32 {
        self.timeline.map_or(f32::NAN, |timeline| {
            mean_at_lag(&timeline.demand, self.hour, lag, hours)
        })
    }

    pub(super) fn system_lag(&self, hours: i64) -> f32 {
        at_lag(self.system, self.hour, hours)
    }

    fn system_mean(&self, lag: i64, hours: i64) -> f32 {
        mean_at_lag(self.system, self.hour, lag, hours)
    }

    /// Sum and number of counted hours over the four weeks that end a day before.
    fn four_weeks(&self) -> (f64, u32) {
        self.timeline.map_or((0.0, 0), |timeline| {
            timeline
                .demand
                .window(self.hour - HORIZON_HOURS, FOUR_WEEKS)
        })
    }

    fn level(&self, system_level: f32) -> f32 {
        let (sum, count) = self.four_weeks();
        if system_level.is_nan() {
            return f32::NAN;
        }
        let level =
            (sum + PRIOR_HOURS * f64::from(system_level)) / (f64::from(count) + PRIOR_HOURS);
        level.max(LOWEST_LEVEL) as f32
    }
}

pub(super) fn fill(features: &mut Features, moment: &Moment, known: &Known, view: &View<'_>) {
    let system_level = at_least_lowest(view.system_mean(HORIZON_HOURS, FOUR_WEEKS));
    let level = view.level(system_level);
    features.level = level;
    features.system_level = system_level;
    features.counted_hours = view.four_weeks().1 as f32;
    fill_lags(features, moment, view, level);
    fill_means(features, view, level);
    fill_same_hours(features, moment, known, view, level, system_level);
    fill_system(features, moment, view, system_level);
}

fn fill_lags(features: &mut Features, moment: &Moment, view: &View<'_>, level: f32) {
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

fn fill_means(features: &mut Features, view: &View<'_>, level: f32) {
    features.mean_3_hours = view.mean(HORIZON_HOURS, 3) / level;
    features.mean_24_hours = view.mean(HORIZON_HOURS, 24) / level;
    features.mean_7_days = view.mean(HORIZON_HOURS, 168) / level;
    features.week_on_week = ratio(
        view.mean(HORIZON_HOURS, 168),
        view.mean(HORIZON_HOURS + 168, 168),
    );
}

fn fill_same_hours(
    features: &mut Features,
    moment: &Moment,
    known: &Known,
    view: &View<'_>,
    level: f32,
    system_level: f32,
) {
    let works = moment.is_working_day_before(0, known.is_public_holiday);
    let (mut own, mut system) = (Moments::default(), Moments::default());
    let mut around = Moments::default();

    for day in 1..=DAYS_BACK {
        let lag = moment.hours_since(day);
        if moment.is_working_day_before(day, view.known(lag).is_public_holiday) == works {
            own.add(view.lag(lag));
            system.add(view.system_lag(lag));
            // The hour after the same hour yesterday is not known a day ahead.
            [lag + 1, lag, (lag - 1).max(HORIZON_HOURS)]
                .into_iter()
                .for_each(|lag| around.add(view.lag(lag)));
        }
    }

    let weekly: Moments = [7, 14, 21, 28]
        .into_iter()
        .map(|days| view.lag(moment.hours_since(days)))
        .collect();

    features.same_hour_7_days = (1..=7)
        .map(|days| view.lag(moment.hours_since(days)))
        .collect::<Moments>()
        .mean()
        / level;
    features.same_hour_same_kind = own.mean() / level;
    features.same_hour_of_week = weekly.mean() / level;

    features.same_hour_of_week_spread = weekly.spread() / level;
    features.system_same_hour_same_kind = system.mean() / system_level;
    let shape = features.system_same_hour_same_kind;

    // A station alone has no other to be drawn towards: its usual demand is then the mean above,
    // said twice.
    if !view.is_alone {
        features.usual =
            (around.sum / level + PRIOR_SHAPE_HOURS * shape) / (around.count + PRIOR_SHAPE_HOURS);
    }
}

fn fill_system(features: &mut Features, moment: &Moment, view: &View<'_>, system_level: f32) {
    features.system_lag_24 = view.system_lag(moment.hours_since(1)) / system_level;
    features.system_lag_168 = view.system_lag(moment.hours_since(7)) / system_level;
    features.system_mean_24_hours = view.system_mean(HORIZON_HOURS, 24) / system_level;
    features.system_mean_7_days = view.system_mean(HORIZON_HOURS, 168) / system_level;
}

fn at_lag(series: &Series, hour: Hour, lag: i64) -> f32 {
    debug_assert!(
        lag >= HORIZON_HOURS,
        "demand {lag} hours before is not known a day ahead"
    );
    series.at(hour - lag)
}

fn mean_at_lag(series: &Series, hour: Hour, lag: i64, hours: i64) -> f32 {
    debug_assert!(
        lag >= HORIZON_HOURS,
        "demand {lag} hours before is not known a day ahead"
    );
    series.mean(hour - lag, hours)
}

/// `NaN` stays `NaN`: no history is not an empty one.
fn at_least_lowest(level: f32) -> f32 {
    if level < LOWEST_LEVEL as f32 {
        LOWEST_LEVEL as f32
    } else {
        level
    }
}

fn ratio(recent: f32, older: f32) -> f32 {
    if older > 0.0 {
        recent / older
    } else {
        f32::NAN
    }
}

/// Running mean and spread of known values.
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

    fn spread(&self) -> f32 {
        if self.count < 2.0 {
            return f32::NAN;
        }
        (self.squares / self.count - self.mean().powi(2))
            .max(0.0)
            .sqrt()
    }
}

impl FromIterator<f32> for Moments {
    fn from_iter<I: IntoIterator<Item = f32>>(values: I) -> Self {
        let mut moments = Self::default();
        values.into_iter().for_each(|value| moments.add(value));
        moments
    }
}
