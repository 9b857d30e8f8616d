//! The Open Inference Protocol v2 over REST, so that clients written for other servers work
//! unchanged.
//!
//! Health and the name of the server are open, like the service's other health routes; a route
//! that touches a model asks for the same token as `/v1`, in the same header, which clients of the protocol can
//! send. Errors are the service's own problems with one more member, `error`, where the protocol
//! looks for the message.

mod error;
mod infer;
mod message;
mod metadata;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::ModelApi;

pub(crate) fn all() -> OpenApiRouter<ModelApi> {
    OpenApiRouter::new()
        .routes(routes!(metadata::describe_server))
        .routes(routes!(metadata::read_liveness))
        .routes(routes!(metadata::read_readiness))
        .routes(routes!(metadata::describe_model))
        .routes(routes!(metadata::describe_version))
        .routes(routes!(metadata::read_model_readiness))
        .routes(routes!(metadata::read_version_readiness))
        .routes(routes!(infer::infer))
        .routes(routes!(infer::infer_version))
        .layer(axum::middleware::map_response(error::add_message))
}
