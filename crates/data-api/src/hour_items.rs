//! The hours of the lists and of the exports.

use filrouge_database::Position;
use filrouge_types::{CONTRACT_COLUMNS, Conditions, Hour, StationHour, StationId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::list::item::Item;

/// Les départs d’une station pendant une heure, et ce que l’on savait de cette heure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StationHourItem {
    /// Identifiant de la station.
    #[schema(value_type = String, example = "RIV-001", min_length = 1, max_length = 64)]
    station_id: StationId,
    /// Début de l’heure, UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T08:00:00Z")]
    hour: Hour,
    /// Trajets partis de la station pendant l’heure.
    #[schema(example = 12)]
    departures: u32,
    #[serde(flatten)]
    context: HourContext,
}

impl Item for StationHourItem {
    type Cursor = Position;
    const FIELDS: &'static [&'static str] = &CONTRACT_COLUMNS;
    const PAGE: &'static str = "StationHourPage";
    const DESCRIPTIONS: [&'static str; 2] = [
        "Une page d’heures.",
        "Les heures, dans l’ordre (heure, station).",
    ];

    fn cursor(&self) -> Position {
        Position {
            hour: self.hour,
            station_id: self.station_id.clone(),
        }
    }
}

impl From<StationHour> for StationHourItem {
    fn from(row: StationHour) -> Self {
        let context = HourContext::of(&row.conditions);
        Self {
            station_id: row.conditions.station_id,
            hour: row.conditions.hour,
            departures: row.departures,
            context,
        }
    }
}

/// Ce que l’on sait d’une heure d’une station sans compter les départs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConditionsItem {
    /// Identifiant de la station.
    #[schema(value_type = String, example = "RIV-001", min_length = 1, max_length = 64)]
    station_id: StationId,
    /// Début de l’heure, UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T08:00:00Z")]
    hour: Hour,
    #[serde(flatten)]
    context: HourContext,
}

impl Item for ConditionsItem {
    type Cursor = Position;
    const FIELDS: &'static [&'static str] = &FIELDS_OF_CONDITIONS;
    const PAGE: &'static str = "ConditionsPage";
    const DESCRIPTIONS: [&'static str; 2] = [
        "Une page de conditions.",
        "Les conditions, dans l’ordre (heure, station).",
    ];

    fn cursor(&self) -> Position {
        Position {
            hour: self.hour,
            station_id: self.station_id.clone(),
        }
    }
}

/// The columns of the contract but the third, the departures.
const FIELDS_OF_CONDITIONS: [&str; CONTRACT_COLUMNS.len() - 1] = {
    let mut fields = [""; CONTRACT_COLUMNS.len() - 1];
    let mut index = 0;
    while index < fields.len() {
        fields[index] = CONTRACT_COLUMNS[if index < 2 { index } else { index + 1 }];
        index += 1;
    }
    fields
};

/// Météo, calendrier et événements d’une heure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HourContext {
    /// Température de l’air à 2 m, en °C.
    #[schema(example = 11.4)]
    temperature_c: Option<f32>,
    /// Température ressentie, en °C.
    #[schema(example = 9.8)]
    apparent_temperature_c: Option<f32>,
    /// Humidité relative, de 0 à 100.
    #[schema(example = 71.0, minimum = 0, maximum = 100)]
    relative_humidity_pct: Option<f32>,
    /// Vent à 10 m, en km/h.
    #[schema(example = 14.2)]
    wind_speed_kmh: Option<f32>,
    /// Eau tombée dans l’heure, en mm.
    #[schema(example = 0.3)]
    precipitation_mm: Option<f32>,
    /// Temps présent, code OMM 4677.
    #[schema(example = 61, maximum = 99)]
    weather_code: Option<u8>,
    /// Jour férié.
    #[schema(example = false)]
    is_public_holiday: Option<bool>,
    /// Vacances scolaires.
    #[schema(example = false)]
    is_school_holiday: Option<bool>,
    /// Événements proches de la station pendant l’heure.
    #[schema(example = 0)]
    event_count: Option<u16>,
}

impl HourContext {
    pub(crate) fn of(conditions: &Conditions) -> Self {
        let weather = conditions.weather;
        Self {
            temperature_c: weather.temperature_c,
            apparent_temperature_c: weather.apparent_temperature_c,
            relative_humidity_pct: weather.relative_humidity_pct,
            wind_speed_kmh: weather.wind_speed_kmh,
            precipitation_mm: weather.precipitation_mm,
            weather_code: weather.weather_code,
            is_public_holiday: conditions.is_public_holiday,
            is_school_holiday: conditions.is_school_holiday,
            event_count: conditions.event_count,
        }
    }
}

impl From<Conditions> for ConditionsItem {
    fn from(conditions: Conditions) -> Self {
        let context = HourContext::of(&conditions);
        Self {
            station_id: conditions.station_id,
            hour: conditions.hour,
            context,
        }
    }
}
