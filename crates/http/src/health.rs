//! Probes: the process lives, the service can serve.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::{self, Problem};

/// The route that probes ask.
pub(crate) const READINESS: &str = "/health/ready";

/// Answers `Ok` when the service can serve, else a French reason.
#[derive(Clone)]
pub struct Readiness(Arc<Check>);

type Check = dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync;

impl Readiness {
    /// Asks `check` at each request.
    pub fn new<F>(check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(check())))
    }

    /// Always ready.
    pub fn always() -> Self {
        Self::new(|| std::future::ready(Ok(())))
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Readiness")
    }
}

/// L’état du service.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok` quand le service répond.
    #[schema(example = "ok")]
    status: &'static str,
}

/// `GET /health/live` and `GET /health/ready`.
pub(crate) fn routes() -> OpenApiRouter<Readiness> {
    OpenApiRouter::new()
        .routes(routes!(live))
        .routes(routes!(ready))
}

/// Le processus vit-il ?
///
/// Répond dès que le processus tourne.
#[utoipa::path(
    get, path = "/health/live", tag = "Exploitation", security(()),
    responses((status = 200, description = "Le processus vit", body = Health)),
)]
async fn live() -> axum::Json<Health> {
    axum::Json(Health { status: "ok" })
}

/// Le service peut-il servir ?
///
/// Vérifie ce dont le service dépend.
#[utoipa::path(
    get, path = "/health/ready", tag = "Exploitation", security(()),
    responses((status = 200, description = "Le service peut servir", body = Health), crate::problem::Overload),
)]
async fn ready(State(readiness): State<Readiness>) -> Result<axum::Json<Health>, Problem> {
    match (readiness.0)().await {
        Ok(()) => Ok(axum::Json(Health { status: "ok" })),
        // Probes ask every few seconds anyway.
        Err(reason) => Err(Problem::new(&problem::NOT_READY, reason).with_retry_after(2)),
    }
}
