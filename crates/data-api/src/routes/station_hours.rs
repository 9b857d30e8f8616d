use axum::response::Response;
use filrouge_database::{Database, Position, Resource};
use filrouge_http::{Problem, Query, Require};
use filrouge_types::{CONTRACT_COLUMNS, Hour, StationHour, StationId};
use serde::Serialize;
use utoipa::ToSchema;

use super::hours::{Hours, HoursParameters, KnownItem};
use crate::list::{Ask, Item, List, ListParameters};
use crate::scopes::DataRead;

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
    known: KnownItem,
}

impl Item for StationHourItem {
    type Cursor = Position;
    const FIELDS: &'static [&'static str] = &CONTRACT_COLUMNS;

    fn cursor(&self) -> Position {
        Position {
            hour: self.hour,
            station_id: self.station_id.clone(),
        }
    }
}

/// Une page d’heures.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the answer that `list::page` writes")]
pub(crate) struct StationHourPage {
    /// Les heures, dans l’ordre (heure, station).
    items: Vec<StationHourItem>,
    /// Curseur de la page suivante ; `null` à la fin.
    next_cursor: Option<String>,
}

/// Lister les départs par station et par heure
///
/// Les heures passées, dans l’ordre (heure, station), avec la météo observée, le calendrier et les
/// événements.
#[utoipa::path(
    get, path = "/v1/station-hours", tag = "Heures", security(("oauth2" = ["data:read"])), params(HoursParameters, ListParameters),
    responses(
        (status = 200, description = "Une page d’heures", content((StationHourPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        (status = 304, description = "Rien n’a changé depuis la révision de If-None-Match"),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound,
        filrouge_http::problem::NotAcceptable, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn list_station_hours(
    _access: Require<DataRead>,
    Query(list): Query<List<Hours, StationHourItem>>,
    ask: Ask,
) -> Result<Response, Problem> {
    let rows = async |database: &Database| {
        database
            .station_hours(&list.filter.0, list.after.as_ref(), list.rows_to_read())
            .await
    };
    ask.answer(&list, Resource::StationHours, rows, item).await
}

pub(crate) fn item(row: StationHour) -> StationHourItem {
    let known = KnownItem::of(&row.conditions);
    StationHourItem {
        station_id: row.conditions.station_id,
        hour: row.conditions.hour,
        departures: row.departures,
        known,
    }
}
