use std::time::Duration;

use axum::Router;
use filrouge_http::{Catalogue, Limits, Readiness, Shell};
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

/// The whole service as a router.
pub fn router(service: &ModelApi, limits: Limits) -> Router {
    let (router, document) = described().split_for_parts();
    let shell = Shell {
        authority: service.authority(),
        metrics: service.http_metrics(),
        limits,
        readiness: readiness(service.clone()),
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

fn readiness(service: ModelApi) -> Readiness {
    Readiness::new(move || {
        let ready = service
            .champion()
            .map(drop)
            .map_err(|problem| problem.body().detail.to_owned());
        std::future::ready(ready)
    })
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
            **Surcharge.** Quand trop de prévisions attendent, la réponse est 429 tout de suite, avec `Retry-After`.\n\n\
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
