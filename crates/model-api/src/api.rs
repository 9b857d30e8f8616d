use std::time::Duration;

use axum::Router;
use chrono::{SecondsFormat, TimeDelta};
use filrouge_http::{Catalogue, HealthCheck, Limits, Readiness, Shell};
use tokio::net::TcpListener;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::config::Config;
use crate::metrics::ModelMetrics;
use crate::routes;
use crate::scopes::SCOPES;
use crate::service::ModelApi;

/// Time between two readings of the champion's name.
const RELOAD_INTERVAL: Duration = Duration::from_secs(10);
/// Time between two readings of demand and conditions.
const REFRESH_INTERVAL: Duration = Duration::from_secs(120);
/// Time before they are read again after a failure: the data API often starts a moment later.
const REFRESH_BACKOFF: Duration = Duration::from_secs(2);

/// The data API failed for so long that its last reading is old: several readings were missed.
const STALE_AFTER: TimeDelta = TimeDelta::minutes(10);

/// The whole service as a router.
pub fn router(service: &ModelApi, limits: Limits) -> Router {
    let (router, document) = described().split_for_parts();
    let shell = Shell {
        authority: service.authority(),
        metrics: service.http_metrics(),
        limits,
        readiness: readiness(service.clone()),
        problems: crate::problems::OWN,
    };
    shell.around(
        router.with_state(service.clone()),
        &filrouge_http::document(document, &SCOPES),
    )
}

/// Serves on `listener` until `shutdown` completes, keeping the model and its history up to date.
///
/// # Errors
/// As [`ModelApi::new`], and when the listener fails.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let limits = config.limits;
    let service = ModelApi::new(config)?;
    // The two loops never end: they stop with the server.
    tokio::select! {
        served = filrouge_http::serve(listener, router(&service, limits), shutdown) => Ok(served?),
        () = keep_champion(&service) => Ok(()),
        () = keep_history(&service) => Ok(()),
    }
}

/// The service's OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    filrouge_http::document(described().into_openapi(), &SCOPES)
}

/// The metrics that the service declares beside those of every service.
///
/// # Errors
/// When two of them bear the same name.
pub fn metrics() -> Result<Catalogue, prometheus::Error> {
    let mut catalogue = Catalogue::default();
    ModelMetrics::new(&mut catalogue)?;
    Ok(catalogue)
}

async fn keep_champion(service: &ModelApi) {
    let mut said = String::new();
    loop {
        if let Err(error) = service.reload().await {
            // The same reason is said once, not every ten seconds.
            let reason = error.to_string();
            if reason != said {
                tracing::warn!(%error, "the champion was not reloaded");
            }
            said = reason;
        }
        tokio::time::sleep(RELOAD_INTERVAL).await;
    }
}

async fn keep_history(service: &ModelApi) {
    loop {
        let pause = match service.refresh().await {
            Ok(true) => REFRESH_INTERVAL,
            Ok(false) => {
                // A state whose import is still running, most often.
                tracing::warn!("the data API has no recent demand");
                REFRESH_BACKOFF
            }
            Err(error) => {
                tracing::warn!(%error, "recent demand could not be read");
                REFRESH_BACKOFF
            }
        };

        tokio::time::sleep(pause).await;
    }
}

/// Read in memory: a probe waits for no file and no other service.
fn readiness(service: ModelApi) -> Readiness {
    Readiness::of_checks(move || std::future::ready(checks(&service)))
}

/// The version that answers beside the one that is named, and the age of its data.
fn checks(service: &ModelApi) -> Vec<HealthCheck> {
    let champion = match service.champion() {
        Ok(champion) => champion,
        Err(problem) => {
            return vec![HealthCheck::failed(
                "model",
                problem.body().detail.to_owned(),
            )];
        }
    };
    let version = champion.model().version();
    let last_counted = champion.demand().last_counted();

    let standing = service.deployer().standing();
    let named = standing.named.as_deref().unwrap_or("illisible");
    let model = if standing.has_stand_in {
        let detail = format!("« {version} » répond à la place de la championne « {named} »");
        HealthCheck::degraded("model", detail)
    } else {
        HealthCheck {
            detail: Some(format!("« {version} » répond").into()),
            ..HealthCheck::ok("model")
        }
    };

    let refreshed_at = service.refreshed_at();
    let is_fresh = refreshed_at.is_some_and(|at| service.now() - at < STALE_AFTER);
    let refreshed_at = refreshed_at.map_or("jamais".to_owned(), |at| {
        at.to_rfc3339_opts(SecondsFormat::Secs, true)
    });
    let detail = format!("dernière heure comptée {last_counted}, dernière lecture {refreshed_at}");
    let demand = if is_fresh {
        HealthCheck {
            detail: Some(detail.into()),
            ..HealthCheck::ok("demand")
        }
    } else {
        HealthCheck::degraded("demand", detail)
    };

    vec![model, demand]
}

fn described() -> OpenApiRouter<ModelApi> {
    OpenApiRouter::with_openapi(Description::openapi()).merge(routes::all())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fil rouge : API du modèle",
        description = "La demande prévue : départs par station et par heure, avec un intervalle à 80 %.\n\n\
            **Authentification.** Un client échange son identifiant et son secret contre un jeton de 15 minutes \
            (`POST /oauth/token`, OAuth 2 « client credentials »), puis l’envoie dans l’en-tête \
            `Authorization: Bearer …`. **Autorisation.** `model:predict` ouvre les prévisions et \
            leurs explications, `model:feedback` l’envoi des départs \
            comptés, `model:admin` le choix de la version en service ; la santé, les \
            métriques et cette documentation sont ouvertes.\n\n\
            **Fenêtre.** Le modèle lit la demande d’au moins 24 heures plus tôt. Il prévoit donc sans rien ignorer \
            jusqu’à 24 heures après la dernière heure comptée. Au-delà, et jusqu’à 48 heures, seulement là où la \
            météo et le calendrier sont connus : la demande de la veille n’est alors pas encore comptée, et sa \
            prévision en tient lieu. Une heure hors de la fenêtre est refusée, jamais inventée.\n\n\
            **Surcharge.** Quand trop de prévisions attendent, la réponse est 429, avec `Retry-After`.\n\n\
            **Erreurs.** RFC 9457 (`application/problem+json`). **Temps.** UTC, ISO 8601.",
        contact(name = "L’équipe de Fil rouge"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "Authentification", description = "Jetons et clés publiques"),
        (name = "Prévisions", description = "La demande par station et par heure"),
        (name = "Modèle", description = "Ce qui est en service : fiche, mesures, signature"),
        (name = "Surveillance", description = "Ce que valent les prévisions, et ce qui change"),
        (name = "Administration", description = "Choisir la version en service"),
        (name = "Open Inference Protocol", description = "Le protocole que parlent d’autres serveurs de modèles, version 2"),
        (name = "Exploitation", description = "Santé et métriques"),
    ),
)]
struct Description;
