//! The city over HTTP, by protocols that exist.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use filrouge_http::{Catalogue, Limits, Metrics, Middleware, Readiness};
use filrouge_types::Clock;
use tokio::net::TcpListener;

use crate::city::City;

mod gbfs;
mod html;
mod open_meteo;
mod pages;
mod town;

use town::Town;

/// The routes of the city. Addresses inside answers begin with the host that the request names.
pub fn router(city: City, clock: Arc<dyn Clock>) -> Router {
    let town = Town { city, clock };

    Router::new()
        .route("/gbfs/{version}/{feed}", get(gbfs::find_feed))
        .route("/v1/archive", get(open_meteo::find_archive))
        .route("/v1/forecast", get(open_meteo::find_forecast))
        .route("/agenda", get(pages::list_events))
        .route("/jours-feries", get(pages::list_public_holidays))
        .route("/vacances-scolaires", get(pages::list_school_holidays))
        .route("/robots.txt", get(find_robots))
        .layer(middleware::from_fn_with_state(
            town.clone(),
            refuse_when_down,
        ))
        .with_state(town)
}

/// Answers 503, and nothing else, for a path that an incident takes down.
async fn refuse_when_down(State(town): State<Town>, request: Request, next: Next) -> Response {
    if town.city.world().is_down(request.uri().path(), town.now()) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}

/// Serves the city until `shutdown` is over.
///
/// # Errors
/// The listener fails, or the metrics cannot be made.
pub async fn serve(
    city: City,
    clock: Arc<dyn Clock>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    tracing::info!(address = ?listener.local_addr(), "the city is open");

    let metrics = Metrics::new("city", Arc::clone(&clock), &mut Catalogue::default());
    let middleware = Middleware {
        metrics: metrics.map_err(std::io::Error::other)?,
        limits: Limits::default(),
        // All that it publishes is computed from its seed.
        readiness: Readiness::always(),
    };

    filrouge_http::serve(listener, middleware.around(router(city, clock)), shutdown).await
}

/// Everything that exists may be read.
async fn find_robots() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/plain; charset=utf-8")],
        "User-agent: *\nDisallow: /administration\n",
    )
}

#[cfg(test)]
mod tests;
