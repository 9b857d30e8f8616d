//! Metrics of the work that comes back: how often it is done, fails, and how long it takes.

use std::time::Duration;

use chrono::{DateTime, Utc};
use prometheus::{Error, GaugeVec, IntCounterVec};

use crate::catalogue::{Catalogue, MetricSpec, Unit};

/// The metrics of the tasks of a process.
#[derive(Debug, Clone)]
pub struct TaskMetrics {
    runs: IntCounterVec,
    duration: GaugeVec,
    succeeded: GaugeVec,
    period: GaugeVec,
}

impl TaskMetrics {
    /// Declares them.
    ///
    /// # Errors
    /// When the catalogue holds them already.
    pub fn new(catalogue: &mut Catalogue) -> Result<Self, Error> {
        let labels = &["task"];

        Ok(Self {
            runs: catalogue.counters(MetricSpec {
                name: "task_runs_total",
                unit: Unit::Count("exécutions"),
                labels: &["task", "outcome"],
                meaning: "Exécutions d’un travail périodique, par résultat (`done`, `failed`).",
            })?,
            duration: catalogue.gauges(MetricSpec {
                name: "task_duration_seconds",
                unit: Unit::Seconds,
                labels,
                meaning: "Durée de la dernière exécution du travail, réussie ou non.",
            })?,
            succeeded: catalogue.gauges(MetricSpec {
                name: "task_last_success_timestamp_seconds",
                unit: Unit::Instant,
                labels,
                meaning: "Fin de la dernière exécution réussie ; avant la première, le démarrage du processus.",
            })?,
            period: catalogue.gauges(MetricSpec {
                name: "task_period_seconds",
                unit: Unit::Seconds,
                labels,
                meaning: "Temps prévu entre deux exécutions du travail.",
            })?,
        })
    }

    /// Shows a task that is done every `period`, and was done at `last`: before its first run, the
    /// start of its process.
    pub fn expect(&self, task: &str, period: Duration, last: DateTime<Utc>) {
        self.period
            .with_label_values(&[task])
            .set(period.as_secs_f64());
        // Without a first date, a task that never succeeds would never be late.
        self.succeed(task, last);

        // Series begin at zero: without it, the first failure would show no increase.
        for outcome in ["done", "failed"] {
            self.runs.with_label_values(&[task, outcome]);
        }
    }

    /// Records a run from `start` to `end`.
    pub fn record(&self, task: &str, is_done: bool, start: DateTime<Utc>, end: DateTime<Utc>) {
        let outcome = if is_done { "done" } else { "failed" };
        self.runs.with_label_values(&[task, outcome]).inc();

        let duration = (end - start).as_seconds_f64().max(0.0);
        self.duration.with_label_values(&[task]).set(duration);
        if is_done {
            self.succeed(task, end);
        }
    }

    fn succeed(&self, task: &str, at: DateTime<Utc>) {
        self.succeeded
            .with_label_values(&[task])
            .set(at.timestamp() as f64);
    }
}
