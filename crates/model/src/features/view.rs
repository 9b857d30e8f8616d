//! The past as seen from the predicted hour.

use filrouge_types::{Hour, StationId};

use super::moment::FOUR_WEEKS;
use crate::history::{ConditionValues, HORIZON_HOURS, History, Series, Timeline};
use crate::system_demand::Expected;

/// Hours of the system's mean that are added to a station's own when its level is computed: a
/// station that opened yesterday starts from the others, one that is a month old is itself.
const PRIOR_HOURS: f64 = 24.0;

/// The lowest level, departures an hour: ratios to the level of a station that nobody uses stay
/// finite.
const LOWEST_LEVEL: f64 = 0.01;

/// Everything that a feature may read. Nothing in here gives demand at a lag below
/// [`HORIZON_HOURS`].
pub(super) struct View<'a> {
    hour: Hour,
    history: &'a History,
    expected: &'a Expected,
    timeline: Option<&'a Timeline>,
    system: &'a Series,
    /// The station is the only one: the system says nothing that it does not say itself.
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
    pub(super) fn conditions(&self, lag: i64) -> ConditionValues {
        self.timeline.map_or(ConditionValues::MISSING, |timeline| {
            timeline.conditions_at(self.hour - lag)
        })
    }

    /// The system's expected demand at the predicted hour, under these conditions (those that all
    /// the stations share when they are missing).
    pub(super) fn expected_now(&self, conditions: &ConditionValues) -> f32 {
        if conditions.has_any() {
            self.expected.at(self.hour, conditions)
        } else {
            let shared = self.history.shared_conditions(self.hour);
            self.expected.at(self.hour, &shared)
        }
    }

    /// The same `lag` hours before.
    pub(super) fn expected_lag(&self, lag: i64) -> f32 {
        self.expected.past(self.hour - lag)
    }

    /// `Σy / Σe` of the system during the `hours` hours that end a day before.
    pub(super) fn counted_over_expected(&self, hours: i64) -> f32 {
        self.expected.ratio(self.hour - HORIZON_HOURS, hours)
    }

    /// Demand of the station `hours` hours before.
    pub(super) fn lag(&self, hours: i64) -> f32 {
        self.timeline.map_or(f32::NAN, |timeline| {
            at_lag(&timeline.demand, self.hour, hours)
        })
    }

    /// Mean demand of the station during the `hours` hours that end `lag` hours before.
    pub(super) fn mean(&self, lag: i64, hours: i64) -> f32 {
        self.timeline.map_or(f32::NAN, |timeline| {
            mean_at_lag(&timeline.demand, self.hour, lag, hours)
        })
    }

    /// Mean demand of the stations `hours` hours before.
    pub(super) fn system_lag(&self, hours: i64) -> f32 {
        at_lag(self.system, self.hour, hours)
    }

    /// The same during the `hours` hours that end `lag` hours before.
    pub(super) fn system_mean(&self, lag: i64, hours: i64) -> f32 {
        mean_at_lag(self.system, self.hour, lag, hours)
    }

    /// Sum and number of counted hours over the four weeks that end a day before.
    pub(super) fn four_weeks(&self) -> (f64, u32) {
        self.timeline.map_or((0.0, 0), |timeline| {
            timeline
                .demand
                .window(self.hour - HORIZON_HOURS, FOUR_WEEKS)
        })
    }

    /// Mean level of the stations over those weeks; `NaN` stays `NaN`: no history is not an empty
    /// one.
    pub(super) fn system_level(&self) -> f32 {
        let level = self.system_mean(HORIZON_HOURS, FOUR_WEEKS);
        let floor = LOWEST_LEVEL as f32;
        // Not `max`, which would turn a missing level into the floor.
        if level < floor { floor } else { level }
    }

    /// `(Σy + 24 s) / (n + 24)`: the station's mean over those weeks, shrunk towards the system's
    /// level `s`.
    pub(super) fn level(&self, system_level: f32) -> f32 {
        if system_level.is_nan() {
            return f32::NAN;
        }

        let (sum, count) = self.four_weeks();
        let prior = PRIOR_HOURS * f64::from(system_level);
        let level = (sum + prior) / (f64::from(count) + PRIOR_HOURS);
        level.max(LOWEST_LEVEL) as f32
    }
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
