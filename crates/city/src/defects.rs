//! Defects planted on purpose in the city's publications, and the manifest that lists them.

use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::seed::{Seed, Stream};

mod plan;

pub(crate) use plan::{TripDefect, trip_defect};

/// Rates of the planted defects.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DefectRates {
    /// Share of trips, 0 to 1, all kinds together. At 0 the nights when clocks go back are clean
    /// too.
    pub trips: f64,
    /// Share of the hours of the weather archive, 0 to 1.
    pub weather_hours: f64,
}

impl Default for DefectRates {
    /// Two trips and two hours in a thousand.
    fn default() -> Self {
        Self {
            trips: 0.002,
            weather_hours: 0.002,
        }
    }
}

impl DefectRates {
    /// A city that publishes only the truth.
    pub const NONE: Self = Self {
        trips: 0.0,
        weather_hours: 0.0,
    };
}

/// The kinds of defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefectKind {
    /// An exact copy of an earlier row of the same file.
    DuplicateTrip,
    /// Ended before it started: the two instants are swapped.
    NegativeDuration,
    /// On the night clocks go back, the end is written one hour early and precedes the start.
    ClockChange,
    /// Longer than 24 hours.
    ExcessiveDuration,
    /// A start station that no source knows.
    UnknownStation,
    /// No start station.
    MissingStation,
    /// A start that is not a date.
    UnreadableInstant,
    /// A start station's name in UTF-8 that was read as Windows-1252.
    WrongEncoding,
    /// The temperatures of the hour are in kelvin.
    KelvinTemperature,
    /// The values of the hour are null.
    MissingHour,
}

/// One line of the manifest of planted defects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Defect {
    /// Kind of the defect.
    pub kind: DefectKind,
    /// The name of the trip file, without folder, or `weather_archive`.
    pub file: String,
    /// In trip files: the line, the header being line 1. In the weather archive: `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// In the weather archive: the hour. In trip files: `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour: Option<Hour>,
}

/// The name that the manifest gives the weather archive.
pub const WEATHER_ARCHIVE: &str = "weather_archive";

/// The defect of the weather archive at `hour`.
pub(crate) fn weather_defect(seed: Seed, rates: DefectRates, hour: Hour) -> Option<DefectKind> {
    let index = hour.hours_since_epoch();
    // A stream of its own for each draw: changing one rate moves no other defect.
    let planted = seed.unit(Stream::WeatherDefect, index) < rates.weather_hours;
    let kelvin = seed.unit(Stream::WeatherDefectKind, index) < 0.5;
    planted.then_some(if kelvin {
        DefectKind::KelvinTemperature
    } else {
        DefectKind::MissingHour
    })
}

/// The defects of the archive from the hour `from` to before `until`.
pub(crate) fn weather_defects(
    seed: Seed,
    rates: DefectRates,
    from: Hour,
    until: Hour,
) -> Vec<Defect> {
    let defect = |hour| {
        let kind = weather_defect(seed, rates, hour)?;
        Some(Defect {
            kind,
            file: WEATHER_ARCHIVE.to_owned(),
            line: None,
            hour: Some(hour),
        })
    };

    (0..until - from)
        .filter_map(|hours| defect(from + hours))
        .collect()
}

#[cfg(test)]
mod tests;
