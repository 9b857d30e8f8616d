//! Prometheus metrics of a service: how many requests, how long, how many at this moment.

use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Problem;

/// From half a millisecond to ten seconds, the span between a cached page and a large export.
const BUCKETS: [f64; 13] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The metrics of one service. Labels are routes, methods and statuses: never an address or a
/// person.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    in_flight: IntGauge,
}

impl Metrics {
    /// The metrics every service has, in a registry of their own.
    ///
    /// # Errors
    /// When two metrics bear the same name.
    pub fn new() -> Result<Self, prometheus::Error> {
        let requests = IntCounterVec::new(
            Opts::new(
                "http_requests_total",
                "Requests answered, by method, matched route and status.",
            ),
            &["method", "route", "status"],
        )?;

        let durations = HistogramVec::new(
            HistogramOpts::new(
                "http_request_duration_seconds",
                "Time to the first byte of the answer, in seconds.",
            )
            .buckets(BUCKETS.to_vec()),
            &["method", "route"],
        )?;

        let in_flight = IntGauge::new(
            "http_requests_in_flight",
            "Requests being answered at this moment.",
        )?;
        let registry = Registry::new();
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;

        registry.register(Box::new(in_flight.clone()))?;
        Ok(Self {
            registry,
            requests,
            durations,
            in_flight,
        })
    }

    /// The registry, for a service to add metrics of its own.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Counts a request in until the guard is dropped, also when the client goes away.
    pub(crate) fn enter(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    pub(crate) fn record(&self, method: &str, route: &str, status: &str, duration: Duration) {
        self.requests
            .with_label_values(&[method, route, status])
            .inc();
        self.durations
            .with_label_values(&[method, route])
            .observe(duration.as_secs_f64());
    }
}

pub(crate) struct InFlight(IntGauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// `GET /metrics`.
pub(crate) fn routes() -> OpenApiRouter<Metrics> {
    OpenApiRouter::new().routes(routes!(read_metrics))
}

/// Lire les métriques
///
/// Au format texte de Prometheus.
#[utoipa::path(
    get, path = "/metrics", tag = "Exploitation", security(()),
    responses(
        (status = 200, description = "Métriques", body = String, content_type = "text/plain"),
        crate::problem::Overload,
    ),
)]
async fn read_metrics(State(metrics): State<Metrics>) -> Result<Response, Problem> {
    let mut text = Vec::new();
    let encoder = TextEncoder::new();
    encoder
        .encode(&metrics.registry.gather(), &mut text)
        .map_err(|error| Problem::internal(&error))?;
    Ok(([(CONTENT_TYPE, encoder.format_type().to_owned())], text).into_response())
}
