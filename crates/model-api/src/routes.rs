//! What a client may ask, one module a route.

mod forecast;
mod predictions;

use filrouge_http::Scope;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ModelApi;

/// The right to ask for predictions.
#[derive(Debug, Clone, Copy)]
pub struct ModelPredict;

impl Scope for ModelPredict {
    const NAME: &'static str = "model:predict";
}

pub(crate) fn all() -> OpenApiRouter<ModelApi> {
    OpenApiRouter::new().routes(routes!(predictions::predict)).routes(routes!(forecast::forecast_station))
}
