//! Requests that a client may make, one module a route.

mod administration;
mod availability;
mod canary;
mod cost;
mod explanations;
mod forecast;
mod model;
mod monitoring;
mod open_inference;
mod predictions;
mod rollout;
mod schema;
mod weather;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::ModelApi;

/// All the routes, in the order of the documents.
pub(crate) fn all() -> OpenApiRouter<ModelApi> {
    OpenApiRouter::new()
        .routes(routes!(predictions::predict))
        .routes(routes!(forecast::forecast_station))
        .routes(routes!(availability::tell_availability))
        .routes(routes!(model::describe_model))
        .routes(routes!(explanations::explain))
        .routes(routes!(monitoring::read_monitoring))
        .routes(routes!(monitoring::take_outcomes))
        .routes(routes!(administration::list_versions))
        .routes(routes!(administration::promote))
        .routes(routes!(administration::roll_back))
        .routes(routes!(administration::reload))
        .routes(routes!(canary::read_canary, canary::start_canary))
        .routes(routes!(rollout::read_rollout, rollout::set_rollout))
        .merge(open_inference::all())
}
