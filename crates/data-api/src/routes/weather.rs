use axum::response::Response;
use filrouge_database::{Database, HourWeather, Resource};
use filrouge_http::{Problem, Require};
use filrouge_types::Hour;
use serde::Serialize;
use utoipa::ToSchema;

use super::hours::PeriodParameters;
use crate::documented::ListAnswers;
use crate::list::{Item, ListPage, ListParameters, ListRequest};
use crate::scopes::DataRead;

/// La météo de la ville pendant une heure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WeatherItem {
    /// Début de l’heure, UTC.
    #[schema(value_type = String, format = DateTime, example = "2026-03-01T08:00:00Z")]
    hour: Hour,
    /// Vrai pour une prévision : l’heure suit la dernière dont les départs sont connus.
    #[schema(example = false)]
    is_forecast: bool,
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
}

impl Item for WeatherItem {
    type Cursor = Hour;
    const FIELDS: &'static [&'static str] = &[
        "hour",
        "is_forecast",
        "temperature_c",
        "apparent_temperature_c",
        "relative_humidity_pct",
        "wind_speed_kmh",
        "precipitation_mm",
        "weather_code",
    ];
    const PAGE: &'static str = "WeatherPage";
    const DESCRIPTIONS: [&'static str; 2] = ["Une page de météo.", "Les heures, dans l’ordre."];

    fn cursor(&self) -> Hour {
        self.hour
    }
}

type WeatherPage = ListPage<WeatherItem>;

/// Lister la météo par heure
///
/// Une ligne par heure pour toute la ville : observée pour le passé, prévue pour les heures à
/// venir.
#[utoipa::path(
    get, path = "/v1/weather", tag = "Contexte", security(("oauth2" = ["data:read"])), params(PeriodParameters, ListParameters),
    responses(
        (status = 200, description = "Une page de météo", content((WeatherPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        ListAnswers,
    ),
)]
pub(crate) async fn list_weather(
    access: Require<DataRead>,
    list: ListRequest<PeriodParameters, WeatherItem>,
) -> Result<Response, Problem> {
    let rows = async |database: &Database| {
        // Read first: an import in between can only make an observed hour look forecast.
        let last_hour = database.last_hour().await?;
        let rows = database
            .weather(&list.parameters.filter(), list.after, list.rows_to_read())
            .await?;
        Ok(rows.into_iter().map(|row| (row, last_hour)).collect())
    };

    list.answer(access, Resource::StationHours, rows, |(row, last_hour)| {
        WeatherItem::of(row, last_hour)
    })
    .await
}

impl WeatherItem {
    fn of(HourWeather { hour, weather }: HourWeather, last_hour: Option<Hour>) -> Self {
        Self {
            hour,
            is_forecast: last_hour.is_none_or(|last_hour| hour > last_hour),
            temperature_c: weather.temperature_c,
            apparent_temperature_c: weather.apparent_temperature_c,
            relative_humidity_pct: weather.relative_humidity_pct,
            wind_speed_kmh: weather.wind_speed_kmh,
            precipitation_mm: weather.precipitation_mm,
            weather_code: weather.weather_code,
        }
    }
}
