//! What the lists of hours share.

use filrouge_database::{HourFilter, Position};
use filrouge_http::{FromParameters, Parameters, Problem};
use filrouge_types::{Conditions, Hour, StationId};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::list::Slice;

/// Paramètres d’une liste d’heures.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `HoursQuery` reads")]
pub(crate) struct HoursParameters {
    /// Une seule station, par son identifiant.
    #[param(example = "RIV-001", min_length = 1, max_length = 64)]
    station_id: Option<String>,
    /// Première heure, comprise : début d’heure en ISO 8601, UTC.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-01T00:00:00Z")]
    from: Option<()>,
    /// Dernière heure, non comprise : début d’heure en ISO 8601, UTC.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-02T00:00:00Z")]
    to: Option<()>,
}

/// Which hours, and how many of them.
#[derive(Debug)]
pub(crate) struct HoursQuery {
    pub(crate) filter: HourFilter,
    pub(crate) slice: Slice<Position>,
}

impl FromParameters for HoursQuery {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        let station_id: Option<StationId> = parameters.take("station_id", "un identifiant de station")?;
        let (from, to) = take_period(parameters)?;
        Ok(Self { filter: HourFilter { station_id, from, to }, slice: Slice::from_parameters(parameters)? })
    }
}

/// Takes `from` and `to`.
pub(crate) fn take_period(parameters: &mut Parameters) -> Result<(Option<Hour>, Option<Hour>), Problem> {
    const EXPECTED: &str = "un début d’heure tel que 2026-03-01T08:00:00Z";
    let from: Option<Hour> = parameters.take("from", EXPECTED)?;
    let to: Option<Hour> = parameters.take("to", EXPECTED)?;
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(Problem::invalid_parameter("to", format!("{to} précède {from}")));
    }
    Ok((from, to))
}

/// Ce que l’on sait d’une heure d’une station sans compter les départs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConditionsItem {
    /// Identifiant de la station.
    #[schema(value_type = String, example = "RIV-001", min_length = 1, max_length = 64)]
    pub(crate) station_id: StationId,
    /// Début de l’heure, UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T08:00:00Z")]
    pub(crate) hour: Hour,
    #[serde(flatten)]
    pub(crate) known: KnownItem,
}

/// Météo, calendrier et événements d’une heure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KnownItem {
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

impl KnownItem {
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

pub(crate) fn position_of(conditions: &Conditions) -> Position {
    Position { hour: conditions.hour, station_id: conditions.station_id.clone() }
}
