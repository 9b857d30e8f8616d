//! The feature builder: one function, the same in training and in serving.

use filrouge_types::{Hour, StationId};

use crate::history::{ConditionValues, History};
use crate::system_demand::Expected;

mod calendar;
mod demand;
mod expected;
mod layout;
mod moment;
#[cfg(test)]
mod tests;
mod view;
mod weather;

pub use layout::{CORRECTION, FEATURE_COUNT, FEATURE_NAMES, Features, LEVEL, SCALE};

/// The lowest usual demand, departures an hour: ratios to that of an hour at which nobody rides
/// stay finite.
const LOWEST_DEMAND: f32 = 0.01;

/// Hours that features look back on. A history shorter than this still works: what it lacks is
/// missing.
pub const REACH_HOURS: i64 = 29 * 24;

/// The features of one station's hour.
///
/// Day-ahead honest: demand enters at lags of [`HORIZON_HOURS`](crate::HORIZON_HOURS) and more
/// only; weather, holidays and events are those of the predicted hour and the hours around it, as a
/// forecast or a calendar gives them. `expected` holds the regression of the system's demand, and
/// the bias correction of the version when it was given; `conditions` are those of the predicted
/// hour itself. Anything absent, the station included, is missing (`NaN`).
pub fn features(
    history: &History,
    expected: &Expected,
    station: &StationId,
    hour: Hour,
    conditions: &ConditionValues,
) -> Features {
    let moment = moment::Moment::new(hour, expected.time_zone());
    let view = view::View::new(history, expected, station, hour);
    let mut features = Features::MISSING;

    calendar::fill(&mut features, &moment, conditions, &view);
    weather::fill(&mut features, &moment, conditions, &view);
    // In this order: the expected demand reads the levels and the lags, the usual demand reads all.
    demand::fill(&mut features, &moment, conditions, &view);
    expected::fill(&mut features, &moment, conditions, &view);
    features.usual_demand = usual_demand(&features);

    features.counted_over_forecast = expected.correction().ratio(station, hour);
    features
}

/// The best forecast without a tree, `level` times the first of these that is known.
fn usual_demand(features: &Features) -> f32 {
    if features.level.is_nan() {
        return f32::NAN;
    }

    let profiles = [
        features.expected_profile,
        features.profile,
        features.same_hour_same_kind,
    ];
    let known = profiles.into_iter().find(|profile| !profile.is_nan());
    (known.unwrap_or(1.0) * features.level).max(LOWEST_DEMAND)
}
