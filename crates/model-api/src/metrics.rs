use filrouge_model::Description;
use filrouge_model::monitoring::{InputDrift, Metric};
use prometheus::core::Collector;
use prometheus::{
    GaugeVec, Histogram, HistogramOpts, IntCounter, IntGauge, IntGaugeVec, Opts, Registry,
};

use crate::monitor::MonitorState;

/// From ten microseconds, one row on an idle machine, to a second, when something is wrong.
const SECONDS: [f64; 12] = [
    0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0,
];
/// From one request alone to the largest batch.
const ROWS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 32.0, 128.0, 512.0, 2048.0];

/// What the service measures of itself, beside what every service measures of its requests.
#[derive(Debug, Clone)]
pub(crate) struct ModelMetrics {
    pub(crate) predictions: IntCounter,
    pub(crate) recalled: IntCounter,
    pub(crate) queue: Histogram,
    pub(crate) inference: Histogram,
    pub(crate) batch_rows: Histogram,
    pub(crate) overloads: IntCounter,
    pub(crate) reloads: IntCounter,
    pub(crate) reload_failures: IntCounter,
    pub(crate) refresh_failures: IntCounter,
    pub(crate) last_counted_hour: IntGauge,
    trained_until: IntGauge,
    joined: IntGauge,
    awaited: IntGauge,
    rolling: GaugeVec,
    alarm: IntGaugeVec,
    input_missing: GaugeVec,
    input_drift: GaugeVec,
    input_warning: IntGaugeVec,
    canary_share: prometheus::Gauge,
    shadow: GaugeVec,
}

impl ModelMetrics {
    pub(crate) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        Ok(Self {
            predictions: counter(
                registry,
                "model_predictions_total",
                "Station-hours predicted.",
            )?,
            recalled: counter(
                registry,
                "model_recalled_predictions_total",
                "Station-hours answered with the prediction that the same version had made from the same data.",
            )?,
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
            batch_rows: histogram(
                registry,
                "model_batch_rows",
                "Station-hours run together.",
                &ROWS,
            )?,
            overloads: counter(
                registry,
                "model_overloads_total",
                "Requests refused because too many rows waited.",
            )?,
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
            trained_until: gauge(
                registry,
                "model_trained_until_timestamp_seconds",
                "Start of the last hour that the version in service learnt from, seconds since 1970.",
            )?,
            joined: gauge(
                registry,
                "model_joined_predictions",
                "Predictions whose truth came, since the start.",
            )?,
            awaited: gauge(
                registry,
                "model_awaited_predictions",
                "Predictions whose truth has not come yet.",
            )?,
            rolling: gauges(
                registry,
                "model_rolling_quality",
                "Realised quality of the last 24 counted hours: mae and bias in departures, the others are ratios.",
                &["quality"],
            )?,
            alarm: integers(
                registry,
                "model_alarm",
                "1 when a realised quality of the last 24 counted hours is not that of a stable day, else 0.",
                &["quality"],
            )?,
            input_missing: gauges(
                registry,
                "model_input_missing_ratio",
                "Share of the last day's hours for which an input is missing.",
                &["input"],
            )?,
            input_drift: gauges(
                registry,
                "model_input_drift",
                "Distance of the last day's input to the four weeks before, by statistic (psi, ks, js).",
                &["input", "statistic"],
            )?,
            input_warning: integers(
                registry,
                "model_input_drift_warning",
                "1 when an input is frozen, moved or missing over the last day, else 0.",
                &["input"],
            )?,
            canary_share: registered(
                registry,
                prometheus::Gauge::new(
                    "model_canary_share_ratio",
                    "Share of the clients that a version on trial answers, 0 to 1.",
                )?,
            )?,
            shadow: gauges(
                registry,
                "model_shadow_quality",
                "Realised quality of the version that predicts beside the champion, over the same hours.",
                &["quality"],
            )?,
        })
    }
}

impl ModelMetrics {
    /// Shows what the monitor knows.
    pub(crate) fn watch(&self, state: &MonitorState, description: &Description) {
        self.trained_until
            .set(description.training.to.start().timestamp());
        self.joined
            .set(i64::try_from(state.joined).unwrap_or(i64::MAX));
        self.awaited
            .set(i64::try_from(state.awaited).unwrap_or(i64::MAX));
        let window = &state.window;
        let bias =
            (window.rows > 0).then(|| (window.forecast - window.counted) / window.rows as f64);
        let measures = [
            ("mae", window.mae()),
            ("bias", bias),
            ("skill", window.skill()),
            ("relative_error", window.relative_error()),
            ("relative_bias", window.relative_bias()),
            ("coverage", window.coverage()),
            ("hourly_dispersion", window.hourly_dispersion()),
            ("system_residual", state.system_residual),
        ];
        for (quality, value) in measures {
            // What cannot be measured is not a number, and not an old number either.
            self.rolling
                .with_label_values(&[quality])
                .set(value.unwrap_or(f64::NAN));
        }
        for (metric, name) in METRICS {
            let is_raised = state
                .alarms
                .iter()
                .any(|alarm| alarm.limits.metric == metric);
            self.alarm
                .with_label_values(&[name])
                .set(i64::from(is_raised));
        }
        state
            .inputs
            .iter()
            .for_each(|input| self.watch_input(input));
    }

    /// Shows what is tried beside the champion; what is tried no more disappears.
    pub(crate) fn watch_trials(&self, canary_percent: Option<u8>, shadow: Option<&MonitorState>) {
        self.canary_share
            .set(f64::from(canary_percent.unwrap_or(0)) / 100.0);
        self.shadow.reset();
        let Some(MonitorState { window, .. }) = shadow else {
            return;
        };

        for (quality, value) in [
            ("mae", window.mae()),
            ("skill", window.skill()),
            ("coverage", window.coverage()),
        ] {
            self.shadow
                .with_label_values(&[quality])
                .set(value.unwrap_or(f64::NAN));
        }
    }

    fn watch_input(&self, input: &InputDrift) {
        self.input_missing
            .with_label_values(&[input.input])
            .set(input.missing_share);
        self.input_warning
            .with_label_values(&[input.input])
            .set(i64::from(input.warning.is_some()));
        for (statistic, value) in [("psi", input.psi), ("ks", input.ks), ("js", input.js)] {
            self.input_drift
                .with_label_values(&[input.input, statistic])
                .set(value.unwrap_or(f64::NAN));
        }
    }
}

const METRICS: [(Metric, &str); 5] = [
    (Metric::RelativeError, "relative_error"),
    (Metric::RelativeBias, "relative_bias"),
    (Metric::Coverage, "coverage"),
    (Metric::HourlyDispersion, "hourly_dispersion"),
    (Metric::SystemResidual, "system_residual"),
];

fn gauges(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<GaugeVec, prometheus::Error> {
    registered(registry, GaugeVec::new(Opts::new(name, help), labels)?)
}

fn integers(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntGaugeVec, prometheus::Error> {
    registered(registry, IntGaugeVec::new(Opts::new(name, help), labels)?)
}

fn counter(registry: &Registry, name: &str, help: &str) -> Result<IntCounter, prometheus::Error> {
    registered(registry, IntCounter::with_opts(Opts::new(name, help))?)
}

fn gauge(registry: &Registry, name: &str, help: &str) -> Result<IntGauge, prometheus::Error> {
    registered(registry, IntGauge::with_opts(Opts::new(name, help))?)
}

fn histogram(
    registry: &Registry,
    name: &str,
    help: &str,
    buckets: &[f64],
) -> Result<Histogram, prometheus::Error> {
    registered(
        registry,
        Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec()))?,
    )
}

fn registered<C: Collector + Clone + 'static>(
    registry: &Registry,
    metric: C,
) -> Result<C, prometheus::Error> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}
