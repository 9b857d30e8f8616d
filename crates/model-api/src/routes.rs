//! What a client may ask, one module a route.

mod administration;
mod explanations;
mod forecast;
mod model;
mod monitoring;
mod open_inference;
mod predictions;
mod schema;
mod trials;
mod weather;

use filrouge_http::Scope;
pub(crate) use schema::IMPOSSIBLE;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ModelApi;

/// The right to ask for predictions.
#[derive(Debug, Clone, Copy)]
pub struct ModelPredict;

impl Scope for ModelPredict {
    const NAME: &'static str = "model:predict";
}

/// The right to choose the version in service.
#[derive(Debug, Clone, Copy)]
pub struct ModelAdmin;

impl Scope for ModelAdmin {
    const NAME: &'static str = "model:admin";
}

/// The right to say what happened.
#[derive(Debug, Clone, Copy)]
pub struct ModelFeedback;

impl Scope for ModelFeedback {
    const NAME: &'static str = "model:feedback";
}

pub(crate) fn all() -> OpenApiRouter<ModelApi> {
    OpenApiRouter::new()
        .routes(routes!(predictions::predict))
        .routes(routes!(forecast::forecast_station))
        .routes(routes!(model::describe_model))
        .routes(routes!(explanations::explain))
        .routes(routes!(monitoring::read_monitoring))
        .routes(routes!(monitoring::take_outcomes))
        .routes(routes!(administration::list_versions))
        .routes(routes!(administration::promote))
        .routes(routes!(administration::roll_back))
        .routes(routes!(administration::reload))
        .routes(routes!(trials::read_trials, trials::set_trials))
        .merge(open_inference::all())
}
