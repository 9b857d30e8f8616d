//! One module a resource: its query, its answer, its handlers.

mod conditions;
mod export;
mod hours;
mod station_hours;
mod stations;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::ApiState;

pub(crate) fn all() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(stations::list_stations))
        .routes(routes!(stations::find_station))
        .routes(routes!(station_hours::list_station_hours))
        .routes(routes!(export::export_station_hours))
        .routes(routes!(conditions::list_conditions))
}
