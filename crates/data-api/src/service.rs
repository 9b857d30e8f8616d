use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use filrouge_database::Database;
use filrouge_http::{
    Authority, AuthorityConfig, Client, Limits, Metrics, RateLimit, Readiness, Scope, Shell, SigningKey,
};
use filrouge_types::Clock;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::routes;
use crate::scopes::{DataExport, DataRead};

/// The `iss` and the `aud` of the service's tokens.
const NAME: &str = "data-api";

/// Exports under way at the same time: each reads without pause and holds some megabytes.
const EXPORTS: usize = 4;

/// What the service needs.
pub struct Config {
    /// The data.
    pub database: Database,
    /// Who may ask for tokens.
    pub clients: Vec<Client>,
    /// The key that signs the tokens.
    pub signing_key: SigningKey,
    /// Where the time is read.
    pub clock: Arc<dyn Clock>,
    /// The service's bounds.
    pub limits: Limits,
    /// How often one client may call.
    pub rate_limit: RateLimit,
}

/// What the handlers share.
#[derive(Clone, FromRef)]
pub(crate) struct ApiState {
    pub(crate) database: Database,
    pub(crate) authority: Arc<Authority>,
    pub(crate) exports: Arc<Semaphore>,
}

/// The whole service as a router.
///
/// # Errors
/// When the system has no randomness to give or the metrics cannot be made.
pub fn router(config: Config) -> anyhow::Result<Router> {
    let Config { database, clients, signing_key, clock, limits, rate_limit } = config;
    let (issuer, audience) = (NAME.to_owned(), NAME.to_owned());
    let authority_config = AuthorityConfig { issuer, audience, clients, signing_key, rate_limit };
    let authority = Arc::new(Authority::new(authority_config, clock)?);
    let readiness = readiness(database.clone());
    let exports = Arc::new(Semaphore::new(EXPORTS));
    let state = ApiState { database, authority: Arc::clone(&authority), exports };
    let (router, document) = api().split_for_parts();
    let shell = Shell { authority, metrics: Metrics::new()?, limits, readiness };
    Ok(shell.around(router.with_state(state), &filrouge_http::document(document)))
}

/// Serves on `listener` until `shutdown` completes.
///
/// # Errors
/// As [`router`], and when the listener fails.
pub async fn serve(config: Config, listener: TcpListener, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
    filrouge_http::serve(listener, router(config)?, shutdown).await?;
    Ok(())
}

/// The service's OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    filrouge_http::document(api().into_openapi())
}

fn api() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(Description::openapi()).merge(routes::all())
}

fn readiness(database: Database) -> Readiness {
    Readiness::new(move || {
        let database = database.clone();
        async move {
            database.ping().await.map_err(|error| {
                tracing::warn!(%error, "database does not answer");
                "la base de données ne répond pas".to_owned()
            })
        }
    })
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fil rouge : API de données",
        description = "La seule porte vers les données de Vélorive : stations, départs par station et par heure, \
            conditions des heures à venir.\n\n\
            **Authentification.** Un client échange son identifiant et son secret contre un jeton de 15 minutes \
            (`POST /oauth/token`, OAuth 2 « client credentials »), puis l’envoie dans l’en-tête \
            `Authorization: Bearer …`. **Autorisation.** `data:read` ouvre les listes, `data:export` l’export ; \
            la santé, les métriques et cette documentation sont ouvertes.\n\n\
            **Listes.** Ordre stable, `limit` de 1 à 1000, `next_cursor` et l’en-tête `Link` mènent à la suite. \
            `ETag` et `If-None-Match` évitent de relire ce qui n’a pas changé.\n\n\
            **Erreurs.** RFC 9457 (`application/problem+json`). **Temps.** UTC, ISO 8601. \
            **Unités.** Dans les noms des champs.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "Authentification", description = "Jetons et clés publiques"),
        (name = "Stations", description = "Les stations et leur disponibilité"),
        (name = "Heures", description = "Les départs par station et par heure, et les conditions à venir"),
        (name = "Exploitation", description = "Santé et métriques"),
    ),
    modifiers(&Security),
)]
struct Description;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scopes = Scopes::from_iter([
            (DataRead::NAME, "Lire les stations, les heures et les conditions"),
            (DataExport::NAME, "Exporter des périodes entières"),
        ]);
        let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", scopes));
        let scheme = SecurityScheme::OAuth2(OAuth2::with_description(
            [flow],
            "Jeton de 15 minutes obtenu par « client credentials » (RFC 6749, section 4.4).",
        ));
        document.components.get_or_insert_default().add_security_scheme("oauth2", scheme);
    }
}
