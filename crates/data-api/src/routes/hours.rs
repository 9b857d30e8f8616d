//! What the lists of hours share.

use filrouge_database::{HourFilter, Position};
use filrouge_http::{FromParameters, Parameters, Problem};
use filrouge_types::{CONTRACT_COLUMNS, Conditions, Hour, StationId};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::instant::take_hour;
use crate::list::Item;

/// Paramètres d’une liste d’heures.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Hours` reads")]
pub(crate) struct HoursParameters {
    /// Une seule station, par son identifiant.
    #[param(
        example = "RIV-001",
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]{0,62}[^\s\x00-\x1f\x7f-\x9f])?$"
    )]
    station_id: Option<String>,
    /// Les stations d’un seul quartier.
    #[param(example = "Centre")]
    district: Option<String>,
    /// Première heure, comprise : celle qui commence à cet instant ou après lui. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-01T00:00:00Z")]
    from: Option<()>,
    /// Dernière heure, non comprise. ISO 8601.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-03-02T00:00:00Z")]
    to: Option<()>,
    /// Ordre : `hour` (défaut) ou `-hour`, la plus récente d’abord.
    #[param(value_type = Option<HourSort>, inline)]
    sort: Option<()>,
}

/// Ordre d’une liste d’heures.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `take_order` reads")]
pub(crate) enum HourSort {
    #[schema(rename = "hour")]
    Oldest,
    #[schema(rename = "-hour")]
    Newest,
}

/// Which hours.
#[derive(Debug)]
pub(crate) struct Hours(pub(crate) HourFilter);

impl FromParameters for Hours {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        let station_id: Option<StationId> =
            parameters.take("station_id", "un identifiant de station")?;
        let district = take_district(parameters);
        let (from, to) = (take_hour(parameters, "from")?, take_hour(parameters, "to")?);
        let newest_first = take_order(parameters, "hour")?;
        Ok(Self(HourFilter {
            station_id,
            district,
            from,
            to,
            newest_first,
        }))
    }
}

/// Which hours, of every station.
#[derive(Debug)]
pub(crate) struct Period(pub(crate) HourFilter);

impl FromParameters for Period {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        let (from, to) = (take_hour(parameters, "from")?, take_hour(parameters, "to")?);
        Ok(Self(HourFilter {
            from,
            to,
            ..HourFilter::default()
        }))
    }
}

/// Takes a district: any text. PostgreSQL's texts cannot hold a null character, and no district's
/// name has one.
pub(crate) fn take_district(parameters: &mut Parameters) -> Option<String> {
    parameters
        .take_text("district")
        .map(|text| text.replace('\0', "\u{FFFD}"))
}

/// Takes `sort`, which is the field or, from the end, `-field`; tells whether it is from the end.
pub(crate) fn take_order(parameters: &mut Parameters, field: &str) -> Result<bool, Problem> {
    let read = |text: &str| match text.strip_prefix('-') {
        Some(name) if name == field => Some(true),
        None if text == field => Some(false),
        _ => None,
    };
    let order = parameters.take_with("sort", &format!("{field} ou -{field}"), read)?;
    Ok(order.unwrap_or(false))
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

impl Item for ConditionsItem {
    type Cursor = Position;
    const FIELDS: &'static [&'static str] = &FIELDS_OF_CONDITIONS;

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
    Position {
        hour: conditions.hour,
        station_id: conditions.station_id.clone(),
    }
}
