//! Prometheus metrics of a service: how many requests, how long, how many at this moment.

use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus::{Encoder, Gauge, HistogramVec, IntCounterVec, Registry, TextEncoder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::catalogue::{Catalogue, MetricSpec, Unit};
use crate::problem::Problem;

/// From half a millisecond to ten seconds, the span between a cached page and a large export.
const DURATIONS: [f64; 13] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The metrics that every service has.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    in_flight: Gauge,
}

impl Metrics {
    /// Declares them in the service's own catalogue.
    ///
    /// # Errors
    /// When the catalogue holds them already.
    pub fn new(catalogue: &mut Catalogue) -> Result<Self, prometheus::Error> {
        Ok(Self {
            registry: catalogue.registry(),
            requests: catalogue.counters(MetricSpec {
                name: "http_requests_total",
                unit: Unit::Count("requêtes"),
                labels: &["method", "route", "status"],
                meaning: "Requêtes auxquelles le service a répondu, par méthode, route et statut.",
                alert: None,
            })?,

            durations: catalogue.histograms(
                MetricSpec {
                    name: "http_request_duration_seconds",
                    unit: Unit::Seconds,
                    labels: &["method", "route"],
                    meaning: "Temps jusqu’au premier octet de la réponse.",
                    alert: None,
                },
                &DURATIONS,
            )?,

            in_flight: catalogue.gauge(MetricSpec {
                name: "http_requests_in_flight",
                unit: Unit::Count("requêtes"),
                labels: &[],
                meaning: "Requêtes en cours de réponse à cet instant.",
                alert: None,
            })?,
        })
    }

    /// Counts a request in until the guard is dropped, also when the client goes away.
    pub(crate) fn enter(&self) -> InFlight {
        // A guard, since a client that goes away drops the request half way.
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

pub(crate) struct InFlight(Gauge);

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
