use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use filrouge_types::Clock;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::data_api::DataApi;
use crate::model_api::ModelApi;
use crate::page::{PageError, accessibility, home, monitoring, station};
use crate::upstream::Upstream;
use crate::{WebConfig, assets, security};

/// The application: what its pages are made from.
#[derive(Clone)]
pub struct Web(Arc<Parts>);

struct Parts {
    data_api: DataApi,
    model_api: ModelApi,
    clock: Arc<dyn Clock>,
}

impl Web {
    /// Prepares the application; nothing is asked of the APIs yet.
    ///
    /// # Errors
    /// When the address of an API cannot be one.
    pub fn new(config: &WebConfig) -> anyhow::Result<Self> {
        let credentials = (config.client_id.as_str(), &config.client_secret);
        let data = Upstream::new(
            &config.data_api,
            credentials,
            "data:read",
            Arc::clone(&config.clock),
        )?;

        let model = Upstream::new(
            &config.model_api,
            credentials,
            "model:predict",
            Arc::clone(&config.clock),
        )?;

        Ok(Self(Arc::new(Parts {
            data_api: DataApi::new(data, Arc::clone(&config.clock)),
            model_api: ModelApi::new(model, Arc::clone(&config.clock)),
            clock: Arc::clone(&config.clock),
        })))
    }

    pub(crate) fn data_api(&self) -> &DataApi {
        &self.0.data_api
    }

    pub(crate) fn model_api(&self) -> &ModelApi {
        &self.0.model_api
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }
}

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Web")
    }
}

/// Every address of the application.
pub fn router(web: Web) -> Router {
    Router::new()
        .route("/", get(home::show_home))
        .route("/stations/{station_id}", get(station::show_station))
        .route("/monitoring", get(monitoring::show_monitoring))
        .route("/accessibilite", get(accessibility::show_accessibility))
        .route("/assets/{name}", get(assets::serve_asset))
        .route(
            "/health/live",
            get(|| async { ([(CACHE_CONTROL, "no-store")], "ok\n") }),
        )
        .route(
            "/robots.txt",
            get(|| async { "User-agent: *\nDisallow:\n" }),
        )
        .fallback(|| async { PageError::NotFound })
        .method_not_allowed_fallback(|| async { PageError::MethodNotAllowed })
        .with_state(web)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(security::harden))
        .layer(CompressionLayer::new())
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

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let message = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(message, "a page panicked");
    PageError::Internal.into_response()
}
