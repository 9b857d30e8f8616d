use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use filrouge_database::Database;
use filrouge_http::{
    Authority, AuthorityConfig, Catalogue, Client, FormerKey, Limits, Metrics, RateLimit, Renewal,
    Revocations, Shell, SigningKey,
};
use filrouge_types::Clock;
use tokio::net::TcpListener;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::exports::Exports;
use crate::metrics::DataMetrics;
use crate::readiness::readiness;
use crate::routes;
use crate::scopes::SCOPES;
use crate::state::ApiState;

/// The `iss` and the `aud` of the service's tokens.
const NAME: &str = "data-api";

/// Exports under way at the same time: each reads without pause and holds some megabytes.
const EXPORTS: usize = 4;
/// Time without a change before an export is prepared: importing a batch takes
/// less.
const QUIET: Duration = Duration::from_secs(2);

/// Dependencies and settings of the service.
pub struct Config {
    /// The data.
    pub database: Database,
    /// Clients that may ask for tokens.
    pub clients: Vec<Client>,
    /// The key that signs the tokens.
    pub signing_key: SigningKey,
    /// Keys that it replaced, whose last tokens have not ended yet.
    pub former_keys: Vec<FormerKey>,
    /// Tokens given back before their end.
    pub revocations: Revocations,
    /// Tells when clients or keys are renewed while the service runs.
    pub renewal: Option<Arc<dyn Renewal>>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The service's bounds.
    pub limits: Limits,
    /// The quota of one client.
    pub rate_limit: RateLimit,
}

/// The whole service as a router.
///
/// # Errors
/// When the system has no randomness to give or the metrics cannot be made.
pub fn router(config: Config) -> anyhow::Result<Router> {
    around(config, Exports::new(EXPORTS))
}

/// Serves on `listener` until `shutdown` completes, and keeps the export of the whole data set
/// ready.
///
/// # Errors
/// As [`router`], and when the listener fails.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let (exports, database) = (Exports::new(EXPORTS), config.database.clone());
    let router = around(config, exports.clone())?;
    tokio::select! {
        served = filrouge_http::serve(listener, router, shutdown) => Ok(served?),
        // Dropped with the server: nothing is prepared for a service that stops.
        never = exports.keep_ready(database, QUIET) => match never {},
    }
}

fn around(config: Config, exports: Exports) -> anyhow::Result<Router> {
    let Config {
        database,
        clients,
        signing_key,
        former_keys,
        revocations,
        renewal,
        clock,
        limits,
        rate_limit,
    } = config;

    let authority_config = AuthorityConfig {
        service: NAME,
        clients,
        signing_key,
        rate_limit,
    };

    let authority = Authority::new(authority_config, Arc::clone(&clock))?;
    let authority = Arc::new(
        authority
            .with_former_keys(former_keys)
            .with_revocations(revocations)
            .with_renewal(renewal),
    );
    let readiness = readiness(database.clone(), Arc::clone(&clock));

    let mut catalogue = Catalogue::default();
    let metrics = Metrics::new(NAME, Arc::clone(&clock), &mut catalogue)?;
    let data_metrics = DataMetrics::new(&mut catalogue)?;
    let metrics = metrics.sampled({
        let database = database.clone();
        move || data_metrics.clone().sample(database.clone())
    });

    let pages = Arc::default();
    let state = ApiState {
        database,
        authority: Arc::clone(&authority),
        exports,
        pages,
        clock,
    };

    let (router, document) = api().split_for_parts();
    let shell = Shell {
        authority,
        metrics,
        limits,
        readiness,
        problems: &[],
    };

    Ok(shell.around(
        router.with_state(state),
        &filrouge_http::document(document, &SCOPES),
    ))
}

/// The service's OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    filrouge_http::document(api().into_openapi(), &SCOPES)
}

/// The metrics that the service declares beside those of every service.
///
/// # Errors
/// When two of them bear the same name.
pub fn metrics() -> Result<Catalogue, prometheus::Error> {
    let mut catalogue = Catalogue::default();
    DataMetrics::new(&mut catalogue)?;
    Ok(catalogue)
}

fn api() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(Description::openapi()).merge(routes::all())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fil rouge : API de données",
        description = "La seule porte vers les données du réseau de vélos : stations, départs par station et par heure, \
            météo, événements, flux entre stations, qualité, lignage et registre des traitements.\n\n\
            **Authentification.** Un client échange son identifiant et son secret contre un jeton de 15 minutes \
            (`POST /oauth/token`, OAuth 2 « client credentials »), puis l’envoie dans l’en-tête \
            `Authorization: Bearer …`. **Autorisation.** `data:read` ouvre les listes, `data:export` les exports, `quality:read` la \
            qualité et le lignage, `gdpr:admin` ce qui revient au délégué à la protection des données ; \
            la santé, les métriques et cette documentation sont ouvertes.\n\n\
            **Listes.** Ordre stable, `limit` de 1 à 1000, `next_cursor` et l’en-tête `Link` mènent à la suite, \
            `fields` choisit les champs, `Accept` le JSON ou le CSV. \
            `ETag` et `If-None-Match` évitent de relire ce qui n’a pas changé.\n\n\
            **Erreurs.** RFC 9457 (`application/problem+json`). **Temps.** UTC, ISO 8601. \
            **Unités.** Dans les noms des champs.",
        contact(name = "L’équipe de Fil rouge"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "Authentification", description = "Jetons et clés publiques"),
        (name = "Stations", description = "Les stations et leur disponibilité"),
        (name = "Heures", description = "Les départs par station et par heure, et les conditions à venir"),
        (name = "Contexte", description = "Météo et événements"),
        (name = "Trajets", description = "Comptes de trajets entre stations, petits groupes masqués"),
        (name = "Jeux de données", description = "Le jeu d’apprentissage, par version"),
        (name = "Abonnés", description = "Comptes d’abonnés, petits groupes masqués"),
        (name = "Qualité et lignage", description = "Ce que le nettoyage a fait, d’où viennent les données"),
        (name = "Données personnelles", description = "Registre, durées de conservation, journal des accès"),
        (name = "Exploitation", description = "Santé et métriques"),
    ),
)]
struct Description;
