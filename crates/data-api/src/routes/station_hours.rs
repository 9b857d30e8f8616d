use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use filrouge_database::{Database, Resource};
use filrouge_http::{Problem, Query, Require};
use filrouge_types::{Hour, StationHour, StationId};
use serde::Serialize;
use utoipa::ToSchema;

use super::hours::{HoursParameters, HoursQuery, KnownItem, position_of};
use crate::failure::database_failure;
use crate::list::{ListParameters, page};
use crate::revision::Revision;
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
/// Les heures passées, dans l’ordre (heure, station), avec la météo observée, le calendrier et les événements.
#[utoipa::path(
    get, path = "/v1/station-hours", tag = "Heures", security(("oauth2" = ["data:read"])), params(HoursParameters, ListParameters),
    responses(
        (status = 200, description = "Une page d’heures", body = StationHourPage, headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        (status = 304, description = "Rien n’a changé depuis la révision de If-None-Match"),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn list_station_hours(
    _access: Require<DataRead>,
    Query(HoursQuery { filter, slice }): Query<HoursQuery>,
    State(database): State<Database>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let revision = Revision::of(&database, Resource::StationHours).await?;
    if let Some(answer) = revision.not_modified(&headers) {
        return Ok(answer);
    }
    let rows = database.station_hours(&filter, slice.after.as_ref(), slice.rows_to_read()).await;
    page(&uri, &slice, revision, rows.map_err(database_failure)?, |row| position_of(&row.conditions), item)
}

fn item(row: StationHour) -> StationHourItem {
    let known = KnownItem::of(&row.conditions);
    StationHourItem {
        station_id: row.conditions.station_id,
        hour: row.conditions.hour,
        departures: row.departures,
        known,
    }
}
