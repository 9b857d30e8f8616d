//! Probes: the process lives, the service can serve.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::health_check::{CheckStatus, HealthCheck};
use crate::problem::{self, Problem};

/// The route that probes ask.
pub(crate) const READINESS: &str = "/health/ready";

/// Time that the checks have: a probe hears within a second, whatever is down.
const TIME_LIMIT: Duration = Duration::from_millis(900);

/// The checks of a service: it can serve when none of them has failed.
#[derive(Clone)]
pub struct Readiness(Arc<Checks>);

type Checks = dyn Fn() -> Pin<Box<dyn Future<Output = Vec<HealthCheck>> + Send>> + Send + Sync;

impl Readiness {
    /// Asks `check` at each request: `Ok` when the service can serve, else a French reason.
    pub fn new<F>(check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self::of_checks(move || {
            let check = check();
            async move {
                let failed = |reason| HealthCheck::failed("service", reason);
                check.await.err().map(failed).into_iter().collect()
            }
        })
    }

    /// Asks for all the checks at each request.
    pub fn of_checks<F>(checks: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Vec<HealthCheck>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(checks())))
    }

    /// Always ready.
    pub fn always() -> Self {
        Self::new(|| std::future::ready(Ok(())))
    }

    /// The outcome of every check, within a second.
    pub(crate) async fn checks(&self) -> Vec<HealthCheck> {
        let checked = tokio::time::timeout(TIME_LIMIT, (self.0)()).await;
        checked.unwrap_or_else(|_| vec![no_answer()])
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
    /// `ok` quand tout va bien, `degraded` quand le service sert mais que quelque chose est à
    /// regarder.
    #[schema(example = "ok")]
    status: CheckStatus,
    /// Chaque vérification et son résultat.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    checks: Vec<HealthCheck>,
}

impl Health {
    fn of(checks: Vec<HealthCheck>) -> Self {
        let worst = checks.iter().map(|check| check.status).max();

        Self {
            status: worst.unwrap_or(CheckStatus::Ok),
            checks,
        }
    }
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
    axum::Json(Health::of(Vec::new()))
}

/// Le service peut-il servir ?
///
/// Vérifie ce dont le service dépend, en moins d’une seconde : 503 dès qu’une vérification a échoué.
#[utoipa::path(
    get, path = "/health/ready", tag = "Exploitation", security(()),
    responses((status = 200, description = "Le service peut servir", body = Health), crate::problem::Overload),
)]
async fn ready(State(readiness): State<Readiness>) -> Result<axum::Json<Health>, Problem> {
    let health = Health::of(readiness.checks().await);

    match health.status {
        CheckStatus::Failed => Err(not_ready(health.checks)),
        CheckStatus::Ok | CheckStatus::Degraded => Ok(axum::Json(health)),
    }
}

fn no_answer() -> HealthCheck {
    HealthCheck::failed(
        "service",
        "les vérifications n’ont pas répondu en une seconde",
    )
}

fn not_ready(checks: Vec<HealthCheck>) -> Problem {
    let failed = checks
        .iter()
        .filter(|check| check.status == CheckStatus::Failed);
    let reasons: Vec<&str> = failed.filter_map(|check| check.detail.as_deref()).collect();

    // Probes ask every few seconds anyway.
    Problem::new(&problem::NOT_READY, reasons.join(" ; "))
        .with_retry_after(2)
        .with_checks(checks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{get, send};

    async fn probe(readiness: Readiness) -> crate::testing::Answer {
        let (router, _) = routes().with_state(readiness).split_for_parts();
        send(&router, get(READINESS)).await
    }

    #[tokio::test]
    async fn a_probe_is_answered_whatever_hangs() {
        let answer = probe(Readiness::new(std::future::pending)).await;

        assert_eq!(
            (answer.status.as_u16(), answer.header("retry-after")),
            (503, "2")
        );
        assert_eq!(answer.json()["checks"][0]["status"], "failed");
    }

    #[tokio::test]
    async fn the_worst_check_decides_and_each_is_told() {
        let checks = |last: HealthCheck| vec![HealthCheck::ok("read"), last];
        let degraded = HealthCheck::degraded("write", "l’écriture attend");
        let failed = HealthCheck::failed("write", "aucune écriture");

        for (last, status, told) in [(degraded, 200, "degraded"), (failed, 503, "failed")] {
            let checks = checks(last);
            let answer = probe(Readiness::of_checks(move || {
                std::future::ready(checks.clone())
            }))
            .await;

            assert_eq!(answer.status, status);
            assert_eq!(answer.json()["checks"][1]["status"], told);
        }
    }
}
