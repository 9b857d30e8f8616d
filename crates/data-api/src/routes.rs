//! One module a resource: its query, its answer, its handlers.

mod audit_log;
mod conditions;
mod datasets;
mod events;
mod export;
mod hours;
mod quality;
mod register;
mod runs;
mod station_hours;
mod stations;
mod subscribers;
mod trip_flows;
mod weather;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::ApiState;

pub(crate) fn all() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .merge(of_stations())
        .merge(of_data_sets())
        .merge(of_quality())
        .merge(of_personal_data())
}

/// Stations, hour by hour, and what surrounds them.
fn of_stations() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(stations::list_stations))
        .routes(routes!(stations::find_station))
        .routes(routes!(station_hours::list_station_hours))
        .routes(routes!(export::export_station_hours))
        .routes(routes!(conditions::list_conditions))
        .routes(routes!(weather::list_weather))
        .routes(routes!(events::list_events))
        .routes(routes!(trip_flows::list_trip_flows))
}

fn of_data_sets() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(datasets::list_datasets))
        .routes(routes!(datasets::export_dataset))
}

/// What was kept, what was set aside, and where each came from.
fn of_quality() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(quality::read_quality))
        .routes(routes!(quality::list_rejects))
        .routes(routes!(runs::list_runs))
        .routes(routes!(runs::find_run))
}

fn of_personal_data() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(subscribers::read_statistics))
        .routes(routes!(register::read_register))
        .routes(routes!(register::read_retention))
        .routes(routes!(audit_log::list_audit_log))
}
