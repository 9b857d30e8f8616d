//! The way of the spans that ended to the collector that the environment names.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    ExporterBuildError, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::EnvResourceDetector;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use reqwest::redirect::Policy;
use tokio::runtime::Handle;

/// Time that the collector has to take a batch, every try included.
const TIME_TO_TAKE: Duration = Duration::from_secs(10);

/// Time that a process that ends leaves to the spans that wait.
const TIME_TO_FINISH: Duration = Duration::from_secs(2);

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Exports the traces of this process from now on, under the name of `service` unless the
/// environment gives another, when the environment names a collector. Does nothing otherwise.
///
/// Called within the runtime that sends them.
///
/// # Errors
/// When the address of the collector cannot be read, or traces were already started.
pub fn start(service: &str) -> Result<(), StartError> {
    let is_asked_for = [
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
        OTEL_EXPORTER_OTLP_ENDPOINT,
    ]
    .into_iter()
    .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if !is_asked_for {
        return Ok(());
    }

    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Collector::new()?)
        .with_timeout(TIME_TO_TAKE)
        .build()?;
    let provider = SdkTracerProvider::builder()
        .with_resource(resource(service))
        // By a thread of the SDK and a bounded queue, which loses spans rather than time.
        .with_batch_exporter(exporter)
        .build();
    PROVIDER
        .set(provider)
        .map_err(|_| StartError::AlreadyStarted)
}

/// Gives the collector the spans that wait, within two seconds.
pub async fn finish() {
    let Some(provider) = PROVIDER.get() else {
        return;
    };
    // It waits for the thread of the SDK, and that thread for the runtime.
    let end = tokio::task::spawn_blocking(|| provider.shutdown_with_timeout(TIME_TO_FINISH));
    if !matches!(end.await, Ok(Ok(()))) {
        tracing::warn!("the last traces did not reach the collector");
    }
}

/// What makes the spans of a part of the process, when traces are exported.
pub(crate) fn tracer(scope: &'static str) -> Option<SdkTracer> {
    PROVIDER.get().map(|provider| provider.tracer(scope))
}

/// The name of the process and what the environment says of it. Nothing of the machine is looked up.
fn resource(service: &str) -> Resource {
    let named = std::env::var("OTEL_SERVICE_NAME").ok();
    let named = named.filter(|name| !name.is_empty());

    let resource = Resource::builder_empty()
        .with_service_name(service.to_owned())
        .with_detector(Box::new(EnvResourceDetector::new()));
    match named {
        Some(name) => resource.with_service_name(name).build(),
        None => resource.build(),
    }
}

/// The collector, over HTTP.
#[derive(Debug)]
struct Collector {
    http: reqwest::Client,
    /// Batches come from a thread of the SDK; the sockets of the client belong to the runtime.
    runtime: Handle,
    is_failing: AtomicBool,
}

impl Collector {
    fn new() -> Result<Self, StartError> {
        let http = reqwest::Client::builder()
            .timeout(TIME_TO_TAKE)
            // As the clients of the APIs: a key in a header goes nowhere else.
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(StartError::Client)?;

        Ok(Self {
            http,
            runtime: Handle::current(),
            is_failing: AtomicBool::new(false),
        })
    }

    /// Tells the log once when the collector fails, and once when it is back. A warning: no alarm
    /// of a service rings for it.
    fn note(&self, status: Option<u16>) {
        let fails = !status.is_some_and(|status| (200..300).contains(&status));
        if self.is_failing.swap(fails, Ordering::Relaxed) == fails {
            return;
        }
        match fails {
            true => tracing::warn!(status, "the collector does not take the traces"),
            false => tracing::info!("the collector takes the traces again"),
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let http = self.http.clone();
        let sending = async move { http.send_bytes(request).await };
        let answer = self.runtime.spawn(sending).await?;

        self.note(answer.as_ref().ok().map(|answer| answer.status().as_u16()));
        answer
    }
}

/// The traces could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A variable of the environment cannot be read.
    #[error(transparent)]
    Settings(#[from] ExporterBuildError),
    /// TLS cannot be prepared.
    #[error("the HTTP client cannot be made: {0}")]
    Client(reqwest::Error),
    /// Something else started them before.
    #[error("the traces were already started")]
    AlreadyStarted,
}
