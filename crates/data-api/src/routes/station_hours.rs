use axum::response::Response;
use filrouge_database::{Database, Resource};
use filrouge_http::{Problem, Require};

use super::hours::HourParameters;
use crate::documented::ListAnswers;
use crate::hour_items::StationHourItem;
use crate::list::{ListPage, ListParameters, ListRequest};
use crate::scopes::DataRead;

type StationHourPage = ListPage<StationHourItem>;

/// Lister les départs par station et par heure
///
/// Les heures passées, dans l’ordre (heure, station), avec la météo observée, le calendrier et les
/// événements.
#[utoipa::path(
    get, path = "/v1/station-hours", tag = "Heures", security(("oauth2" = ["data:read"])), params(HourParameters, ListParameters),
    responses(
        (status = 200, description = "Une page d’heures", content((StationHourPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        ListAnswers,
    ),
)]
pub(crate) async fn list_station_hours(
    access: Require<DataRead>,
    list: ListRequest<HourParameters, StationHourItem>,
) -> Result<Response, Problem> {
    let rows = async |database: &Database| {
        let filter = list.parameters.filter();
        database
            .station_hours(&filter, list.after.as_ref(), list.rows_to_read())
            .await
    };

    list.answer(access, Resource::StationHours, rows, StationHourItem::from)
        .await
}
