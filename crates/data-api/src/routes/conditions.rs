use axum::response::Response;
use filrouge_database::{Database, Resource};
use filrouge_http::{Problem, Query, Require};
use filrouge_types::Conditions;
use utoipa::ToSchema;

use super::hours::{ConditionsItem, Hours, HoursParameters, KnownItem};
use crate::list::{Ask, List, ListParameters};
use crate::scopes::DataRead;

/// Une page de conditions.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the answer that `list::page` writes")]
pub(crate) struct ConditionsPage {
    /// Les conditions, dans l’ordre (heure, station).
    items: Vec<ConditionsItem>,
    /// Curseur de la page suivante ; `null` à la fin.
    next_cursor: Option<String>,
}

/// Lister les conditions des heures à venir
///
/// Météo prévue, jours fériés, vacances et événements des heures qui suivent la dernière heure
/// connue, dans l’ordre (heure, station).
#[utoipa::path(
    get, path = "/v1/conditions", tag = "Heures", security(("oauth2" = ["data:read"])), params(HoursParameters, ListParameters),
    responses(
        (status = 200, description = "Une page de conditions", content((ConditionsPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        (status = 304, description = "Rien n’a changé depuis la révision de If-None-Match"),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound,
        filrouge_http::problem::NotAcceptable, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn list_conditions(
    _access: Require<DataRead>,
    Query(list): Query<List<Hours, ConditionsItem>>,
    ask: Ask,
) -> Result<Response, Problem> {
    let rows = async |database: &Database| {
        database
            .conditions(&list.filter.0, list.after.as_ref(), list.rows_to_read())
            .await
    };
    ask.answer(&list, Resource::Conditions, rows, item).await
}

fn item(conditions: Conditions) -> ConditionsItem {
    let known = KnownItem::of(&conditions);
    ConditionsItem {
        station_id: conditions.station_id,
        hour: conditions.hour,
        known,
    }
}
