//! Prometheus metrics of a service: how many requests, how long, how many at this moment, and
//! whether it can serve.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use filrouge_types::Clock;
use prometheus::{Encoder, Gauge, GaugeVec, HistogramVec, IntCounterVec, Registry, TextEncoder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::catalogue::{Catalogue, MetricSpec, Unit};
use crate::health_check::{CheckStatus, HealthCheck};
use crate::limits::Limits;
use crate::problem::Problem;
use crate::process;

/// From half a millisecond to ten seconds, the span between a cached page and a large export.
const DURATIONS: [f64; 13] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// Time that a sampling has: whoever scrapes hears within a second.
const TIME_TO_SAMPLE: Duration = Duration::from_millis(800);

/// The metrics that every service has.
#[derive(Clone)]
pub struct Metrics {
    service: &'static str,
    registry: Registry,
    clock: Arc<dyn Clock>,
    requests: IntCounterVec,
    durations: HistogramVec,
    in_flight: Gauge,
    limit: Gauge,
    checks: GaugeVec,
    time: Gauge,
    samplers: Vec<Arc<Sampler>>,
}

/// Sets gauges whose values are asked for when somebody reads them.
type Sampler = dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

impl Metrics {
    /// Declares them in the catalogue of `service`, whose time `clock` tells.
    ///
    /// # Errors
    /// When the catalogue holds them already.
    pub fn new(
        service: &'static str,
        clock: Arc<dyn Clock>,
        catalogue: &mut Catalogue,
    ) -> Result<Self, prometheus::Error> {
        identify(service, &*clock, catalogue)?;

        Ok(Self {
            service,
            registry: catalogue.registry(),
            clock,
            requests: catalogue.counters(MetricSpec {
                name: "http_requests_total",
                unit: Unit::Count("requêtes"),
                labels: &["method", "route", "status"],
                meaning: "Requêtes auxquelles le service a répondu, par méthode, route et statut.",
            })?,

            durations: catalogue.histograms(
                MetricSpec {
                    name: "http_request_duration_seconds",
                    unit: Unit::Seconds,
                    labels: &["method", "route"],
                    meaning: "Temps jusqu’au premier octet de la réponse.",
                },
                &DURATIONS,
            )?,

            in_flight: catalogue.gauge(MetricSpec {
                name: "http_requests_in_flight",
                unit: Unit::Count("requêtes"),
                labels: &[],
                meaning: "Requêtes en cours de réponse à cet instant.",
            })?,

            limit: catalogue.gauge(MetricSpec {
                name: "http_requests_limit",
                unit: Unit::Count("requêtes"),
                labels: &[],
                meaning: "Requêtes que le service traite en même temps, au plus ; une de plus reçoit 503.",
            })?,

            checks: catalogue.gauges(MetricSpec {
                name: "service_check_status",
                unit: Unit::Number,
                labels: &["check"],
                meaning: "Chaque vérification de `/health/ready` : 0 tout va bien, 1 à regarder, 2 le service ne peut pas servir.",
            })?,

            time: catalogue.gauge(MetricSpec {
                name: "service_time_timestamp_seconds",
                unit: Unit::Instant,
                labels: &[],
                meaning: "L’heure du service quand il est lu : à comparer à celle de Prometheus.",
            })?,

            samplers: Vec::new(),
        })
    }

    /// The same, which also runs `sample` each time that somebody reads the metrics: it sets the
    /// gauges of what is asked for, not counted.
    #[must_use]
    pub fn sampled<F>(mut self, sample: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let sampler = move || -> Pin<Box<dyn Future<Output = ()> + Send>> { Box::pin(sample()) };
        self.samplers.push(Arc::new(sampler));
        self
    }

    /// The service that they measure.
    pub(crate) fn service(&self) -> &'static str {
        self.service
    }

    /// The counts of the service so far, in Prometheus's text format.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn text(&self) -> Result<String, prometheus::Error> {
        let families = [self.registry.gather(), process::gather()].concat();
        TextEncoder::new().encode_to_string(&families)
    }

    pub(crate) fn set_limit(&self, limits: Limits) {
        self.limit.set(limits.concurrent_requests as f64);
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

    fn show_checks(&self, checks: &[HealthCheck]) {
        // A check that is asked no more has no status.
        self.checks.reset();

        for check in checks {
            let status = match check.status {
                CheckStatus::Ok => 0.0,
                CheckStatus::Degraded => 1.0,
                CheckStatus::Failed => 2.0,
            };
            self.checks.with_label_values(&[check.name]).set(status);
        }
    }

    async fn sample(&self) {
        process::sample();
        for sampler in &self.samplers {
            // A figure that is not known in time keeps its last value: its age is an alarm's
            // business.
            let _ = tokio::time::timeout(TIME_TO_SAMPLE, sampler()).await;
        }
        self.time.set(instant(&*self.clock));
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// Declares who answers, and since when.
fn identify(
    service: &'static str,
    clock: &dyn Clock,
    catalogue: &mut Catalogue,
) -> Result<(), prometheus::Error> {
    let info = catalogue.gauges(MetricSpec {
        name: "service_info",
        unit: Unit::Flag,
        labels: &["service", "version"],
        meaning: "Toujours 1 : le nom du service qui répond, et sa version.",
    })?;
    info.with_label_values(&[service, env!("CARGO_PKG_VERSION")])
        .set(1.0);

    let started = catalogue.gauge(MetricSpec {
        name: "service_start_timestamp_seconds",
        unit: Unit::Instant,
        labels: &[],
        meaning: "Démarrage du service : change à chaque redémarrage.",
    })?;
    started.set(instant(clock));
    Ok(())
}

fn instant(clock: &dyn Clock) -> f64 {
    clock.now().timestamp_millis() as f64 / 1000.0
}

pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The parts of `/metrics`: the counts of the service, and its checks.
#[derive(Debug, Clone)]
pub(crate) struct Exposition {
    pub(crate) metrics: Metrics,
    pub(crate) readiness: crate::health::Readiness,
}

/// `GET /metrics`.
pub(crate) fn routes() -> OpenApiRouter<Exposition> {
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
async fn read_metrics(State(exposition): State<Exposition>) -> Result<Response, Problem> {
    let Exposition { metrics, readiness } = exposition;
    let (checks, ()) = tokio::join!(readiness.checks(), metrics.sample());
    metrics.show_checks(&checks);

    let text = metrics.text().map_err(|error| Problem::internal(&error))?;
    let format = TextEncoder::new().format_type().to_owned();
    Ok(([(CONTENT_TYPE, format)], text).into_response())
}
