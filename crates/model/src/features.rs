use chrono_tz::Tz;
use filrouge_types::{Hour, StationId};

use crate::history::{History, Known};

mod calendar;
mod demand;
mod layout;
mod surroundings;
#[cfg(test)]
mod tests;

pub use layout::{FEATURE_COUNT, FEATURE_NAMES, Features, LEVEL};

/// How far ahead of the predicted hour demand is known: a day.
pub const HORIZON_HOURS: i64 = 24;

/// How far back features look. A history shorter than this still works: what it lacks is missing.
pub const REACH_HOURS: i64 = 29 * 24;

/// The features of one station's hour, the same in training and in serving.
///
/// Day-ahead honest: demand enters at lags of [`HORIZON_HOURS`] and more only; weather, holidays and events are those of
/// the predicted hour and the hours around it, as a forecast or a calendar gives them. `known` is what is known of the
/// predicted hour itself. Anything absent, the station included, is missing (`NaN`).
pub fn features(history: &History, station: &StationId, hour: Hour, known: &Known, time_zone: Tz) -> Features {
    let moment = calendar::Moment::new(hour, time_zone);
    let view = demand::View::new(history, station, hour);
    let mut features = Features::MISSING;
    calendar::fill(&mut features, &moment, known, &view);
    demand::fill(&mut features, &moment, known, &view);
    surroundings::fill(&mut features, known, &view);
    features
}
