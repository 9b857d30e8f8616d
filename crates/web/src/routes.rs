use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use filrouge_http::{Limits, Middleware, Readiness};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::config::WebConfig;
use crate::frame::PREFIXES;
use crate::framing::{set_frame, show_refusals};
use crate::page::{PageError, accessibility, home, monitoring, state, station};
use crate::web::Web;
use crate::{assets, health, security};

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
            move || health::checks(web.clone())
        }),
    }
    .around(pages)
    .layer(from_fn_with_state(web, show_refusals))
    .layer(from_fn(security::harden))
    .layer(CompressionLayer::new())
}

/// The pages, which have an address in each language.
fn pages() -> Router<Web> {
    Router::new()
        .route("/", get(home::show_home))
        .route("/stations/{station_id}", get(station::show_station))
        .route("/monitoring", get(monitoring::show_monitoring))
        .route("/exploitation/etat", get(state::show_state))
        .route("/accessibilite", get(accessibility::show_accessibility))
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
