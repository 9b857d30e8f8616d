use prometheus::{Histogram, HistogramOpts, IntCounter, IntGauge, Opts, Registry};

/// From ten microseconds, one row on an idle machine, to a second, when something is wrong.
const SECONDS: [f64; 12] = [0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0];
/// From one request alone to the largest batch.
const ROWS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 32.0, 128.0, 512.0, 2048.0];

/// What the service measures of itself, beside what every service measures of its requests.
#[derive(Debug, Clone)]
pub(crate) struct ModelMetrics {
    pub(crate) predictions: IntCounter,
    pub(crate) queue: Histogram,
    pub(crate) inference: Histogram,
    pub(crate) batch_rows: Histogram,
    pub(crate) overloads: IntCounter,
    pub(crate) reloads: IntCounter,
    pub(crate) reload_failures: IntCounter,
    pub(crate) refresh_failures: IntCounter,
    pub(crate) last_counted_hour: IntGauge,
}

impl ModelMetrics {
    pub(crate) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        Ok(Self {
            predictions: counter(registry, "model_predictions_total", "Station-hours predicted.")?,
            queue: histogram(
                registry,
                "model_queue_duration_seconds",
                "Time a request waits before a worker takes it, in seconds.",
                &SECONDS,
            )?,
            inference: histogram(
                registry,
                "model_inference_duration_seconds",
                "Time to compute the features of a batch and run the model on it, in seconds.",
                &SECONDS,
            )?,
            batch_rows: histogram(registry, "model_batch_rows", "Station-hours run together.", &ROWS)?,
            overloads: counter(registry, "model_overloads_total", "Requests refused because too many rows waited.")?,
            reloads: counter(registry, "model_reloads_total", "Versions put in service.")?,
            reload_failures: counter(
                registry,
                "model_reload_failures_total",
                "Versions that could not be put in service; the one before them went on serving.",
            )?,
            refresh_failures: counter(
                registry,
                "model_history_refresh_failures_total",
                "Readings of the data API that failed; the history before them went on serving.",
            )?,
            last_counted_hour: gauge(
                registry,
                "model_last_counted_hour_timestamp_seconds",
                "Start of the last hour whose departures are known, seconds since 1970.",
            )?,
        })
    }
}

fn counter(registry: &Registry, name: &str, help: &str) -> Result<IntCounter, prometheus::Error> {
    let counter = IntCounter::with_opts(Opts::new(name, help))?;
    registry.register(Box::new(counter.clone()))?;
    Ok(counter)
}

fn gauge(registry: &Registry, name: &str, help: &str) -> Result<IntGauge, prometheus::Error> {
    let gauge = IntGauge::with_opts(Opts::new(name, help))?;
    registry.register(Box::new(gauge.clone()))?;
    Ok(gauge)
}

fn histogram(registry: &Registry, name: &str, help: &str, buckets: &[f64]) -> Result<Histogram, prometheus::Error> {
    let histogram = Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec()))?;
    registry.register(Box::new(histogram.clone()))?;
    Ok(histogram)
}
