use axum::response::Response;
use filrouge_database::{Database, Resource};
use filrouge_http::{Problem, Require};

use super::hours::HourParameters;
use crate::documented::ListAnswers;
use crate::hour_items::ConditionsItem;
use crate::list::{ListPage, ListParameters, ListRequest};
use crate::scopes::DataRead;

type ConditionsPage = ListPage<ConditionsItem>;

/// Lister les conditions des heures à venir
///
/// Météo prévue, jours fériés, vacances et événements des heures qui suivent la dernière heure
/// connue, dans l’ordre (heure, station).
#[utoipa::path(
    get, path = "/v1/conditions", tag = "Heures", security(("oauth2" = ["data:read"])), params(HourParameters, ListParameters),
    responses(
        (status = 200, description = "Une page de conditions", content((ConditionsPage = "application/json"), (String = "text/csv")), headers(
            ("ETag" = String, description = "Révision de la liste"),
            ("Link" = String, description = "Adresse de la page suivante (rel=\"next\"), s’il y en a une"),
        )),
        ListAnswers,
    ),
)]
pub(crate) async fn list_conditions(
    access: Require<DataRead>,
    list: ListRequest<HourParameters, ConditionsItem>,
) -> Result<Response, Problem> {
    let rows = async |database: &Database| {
        let filter = list.parameters.filter();
        database
            .conditions(&filter, list.after.as_ref(), list.rows_to_read())
            .await
    };

    list.answer(access, Resource::Conditions, rows, ConditionsItem::from)
        .await
}
