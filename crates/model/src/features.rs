use filrouge_types::{Hour, StationId};

use crate::history::{History, Known};
use crate::law::Expected;

mod calendar;
mod demand;
mod expected;
mod layout;
mod surroundings;
#[cfg(test)]
mod tests;

pub use layout::{FEATURE_COUNT, FEATURE_NAMES, Features, LEVEL, RECORD, SCALE};

/// How far ahead of the predicted hour demand is known: a day.
pub const HORIZON_HOURS: i64 = 24;

/// The lowest usual demand, departures an hour: ratios to that of an hour at which nobody rides
/// stay finite.
const LOWEST_DEMAND: f32 = 0.01;

/// How far back features look. A history shorter than this still works: what it lacks is missing.
pub const REACH_HOURS: i64 = 29 * 24;

/// The features of one station's hour, the same in training and in serving.
///
/// Day-ahead honest: demand enters at lags of [`HORIZON_HOURS`] and more only; weather, holidays
/// and events are those of the predicted hour and the hours around it, as a forecast or a calendar
/// gives them. `expected` is what the law of the city's total makes of them, with the record of the
/// version's own forecasts when it was given; `known` is what is known of the predicted hour
/// itself. Anything absent, the station included, is missing (`NaN`).
pub fn features(
    history: &History,
    expected: &Expected,
    station: &StationId,
    hour: Hour,
    known: &Known,
) -> Features {
    let moment = calendar::Moment::new(hour, expected.time_zone());
    let view = demand::View::new(history, expected, station, hour);
    let mut features = Features::MISSING;
    calendar::fill(&mut features, &moment, known, &view);
    demand::fill(&mut features, &moment, known, &view);
    surroundings::fill(&mut features, &moment, known, &view);
    expected::fill(&mut features, &moment, known, &view);
    features.usual_demand = usual_demand(&features);
    features.counted_over_forecast = expected.record().ratio(station, hour);
    features
}

/// The best that can be said of the hour without a tree: the first of these that is known, relative
/// to the level.
fn usual_demand(features: &Features) -> f32 {
    let known = [
        features.expected_usual,
        features.usual,
        features.same_hour_same_kind,
        1.0,
    ];

    let usual = known
        .into_iter()
        .find(|usual| !usual.is_nan())
        .unwrap_or(1.0);

    if features.level.is_nan() {
        f32::NAN
    } else {
        (usual * features.level).max(LOWEST_DEMAND)
    }
}
