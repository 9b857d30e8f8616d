use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::SecondsFormat;
use filrouge_http::{HealthCheck, Limits, Middleware, Readiness};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::config::WebConfig;
use crate::frame::PREFIXES;
use crate::framing::{set_frame, show_refusals};
use crate::page::{PageError, accessibility, comparison, home, monitoring, site_map, station, trip};
use crate::web::Web;
use crate::{assets, security};

/// A page takes no body, and its reader does not wait for long.
const LIMITS: Limits = Limits {
    concurrent_requests: 256,
    time_to_read: Duration::from_secs(5),
    time_to_answer: Duration::from_secs(20),
    body_bytes: 16 << 10,
};

/// Every address of the application.
pub fn router(web: Web) -> Router {
    let everywhere = pages().merge(files());
    let in_each_language = PREFIXES
        .into_iter()
        .fold(everywhere, |router, (_, prefix)| {
            router.nest(prefix, pages())
        });

    let pages = in_each_language
        // After the pages of every language: it applies to those that are there already.
        .fallback(|| async { PageError::NotFound })
        .method_not_allowed_fallback(|| async { PageError::MethodNotAllowed })
        .with_state(web.clone())
        // Inside the frame and the headers: the page of a panic is a page like any other.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(web.clone(), set_frame));

    Middleware {
        metrics: web.metrics(),
        limits: LIMITS,
        readiness: Readiness::of_checks({
            let web = web.clone();
            move || check(web.clone())
        }),
    }
    .around(pages)
    .layer(from_fn_with_state(web, show_refusals))
    .layer(from_fn(security::harden))
    .layer(CompressionLayer::new())
}

/// The stations that pages show, and their age.
async fn check(web: Web) -> Vec<HealthCheck> {
    let Ok(latest) = web.data_api().stations().await else {
        let detail = "l’API de données n’a pas encore répondu";
        return vec![HealthCheck::failed("stations", detail)];
    };
    // Pages show older figures with their age: they are of use all the same.
    if latest.is_current {
        return vec![HealthCheck::ok("stations")];
    }

    let read_at = latest.stations.read_at;
    let read_at = read_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let detail = format!("l’API de données ne répond plus ; dernière lecture {read_at}");
    vec![HealthCheck::degraded("stations", detail)]
}

/// The pages, which have an address in each language.
fn pages() -> Router<Web> {
    Router::new()
        .route("/", get(home::show_home))
        .route("/stations/{station_id}", get(station::show_station))
        .route("/trajet", get(trip::show_trip))
        .route("/comparer", get(comparison::show_comparison))
        .route("/monitoring", get(monitoring::show_monitoring))
        .route("/accessibilite", get(accessibility::show_accessibility))
        .route("/plan", get(site_map::show_site_map))
}

/// The addresses that no person reads.
fn files() -> Router<Web> {
    Router::new()
        .route("/assets/{name}", get(serve_asset))
        .route(
            "/robots.txt",
            // An empty `Disallow` closes nothing (RFC 9309, section 2.2.2).
            get(|| async { "User-agent: *\nDisallow:\n" }),
        )
}

/// Serves the application on `listener` until `shutdown` completes.
///
/// # Errors
/// When the address of an API cannot be one, or the listener fails.
pub async fn serve(
    config: WebConfig,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let router = router(Web::new(&config)?);
    Ok(filrouge_http::serve(listener, router, shutdown).await?)
}

/// `GET /assets/{name}`.
async fn serve_asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, PageError> {
    assets::answer(&name, &headers).ok_or(PageError::NotFound)
}

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let message = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(message, "a page panicked");
    PageError::Internal.into_response()
}
