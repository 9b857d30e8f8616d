use serde::{Deserialize, Serialize};

use crate::{Hour, StationId};

#[cfg(test)]
mod tests;

/// The columns of the station-hour data set, in order: a public contract.
pub const CONTRACT_COLUMNS: [&str; 12] = [
    "station_id",
    "hour",
    "departures",
    "temperature_c",
    "apparent_temperature_c",
    "relative_humidity_pct",
    "wind_speed_kmh",
    "precipitation_mm",
    "weather_code",
    "is_public_holiday",
    "is_school_holiday",
    "event_count",
];

/// Weather over one hour. A value that no source gave is `None`, never zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
// In 32 bits, as the model computes: more digits would be lost at its door.
pub struct Weather {
    /// Air temperature at 2 m, °C.
    pub temperature_c: Option<f32>,
    /// Temperature as felt, °C.
    pub apparent_temperature_c: Option<f32>,
    /// Relative humidity, 0 to 100.
    pub relative_humidity_pct: Option<f32>,
    /// Wind at 10 m, km/h.
    pub wind_speed_kmh: Option<f32>,
    /// Water fallen during the hour, mm.
    pub precipitation_mm: Option<f32>,
    /// Present weather, WMO table 4677.
    pub weather_code: Option<u8>,
}

/// Conditions of one station's hour: known ahead, from forecasts and calendars, without counting a
/// trip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conditions {
    /// The station.
    pub station_id: StationId,
    /// The hour, UTC.
    pub hour: Hour,
    /// The weather of that hour: observed in the past, forecast in the future.
    #[serde(flatten)]
    pub weather: Weather,
    /// True on a public holiday.
    pub is_public_holiday: Option<bool>,
    /// True in the school holidays.
    pub is_school_holiday: Option<bool>,
    /// Events going on near the station during the hour.
    pub event_count: Option<u16>,
}

/// One row of the data set: the departures of one station during one hour, and its conditions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StationHour {
    /// The station, the hour, and its conditions.
    #[serde(flatten)]
    pub conditions: Conditions,
    /// Trips that began there during the hour: the target.
    pub departures: u32,
}
