//! Metrics of repeated collections, for Prometheus.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use chrono::{DateTime, Utc};
use prometheus::{GaugeVec, IntCounterVec, Opts, Registry, TextEncoder};

use crate::folders::latest_run;
use crate::kind::SourceKind;
use crate::manifest::{Manifest, SourceState};
use crate::report::RunReport;

/// The metrics of each source, as runs are recorded.
#[derive(Debug)]
pub struct CollectionMetrics {
    registry: Registry,
    rows: GaugeVec,
    bytes: GaugeVec,
    age: GaugeVec,
    duration: GaugeVec,
    collections: IntCounterVec,
    failures: IntCounterVec,
    succeeded_at: Mutex<BTreeMap<SourceKind, DateTime<Utc>>>,
}

impl CollectionMetrics {
    /// Begins with the last run under `state_dir`, so that ages are right after a restart.
    ///
    /// # Errors
    /// A last run whose manifest cannot be read.
    pub fn resume(state_dir: &Path) -> Result<Self> {
        let metrics = Self::new()?;

        if let Some(run) = latest_run(state_dir)? {
            for entry in Manifest::read(&run.folder)?.sources {
                let succeeded_at = (entry.state == SourceState::Ok).then_some(entry.ended_at);
                metrics.set_volume(entry.source, entry.rows, entry.bytes, succeeded_at);
            }
        }

        Ok(metrics)
    }

    fn new() -> Result<Self> {
        let registry = Registry::new();

        let gauge = |name, help| -> Result<GaugeVec> {
            let gauge = GaugeVec::new(options(name, help), &["source"])?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        let counter = |name, help| -> Result<IntCounterVec> {
            let counter = IntCounterVec::new(options(name, help), &["source"])?;
            registry.register(Box::new(counter.clone()))?;
            Ok(counter)
        };

        Ok(Self {
            rows: gauge("rows", "Records of the last good collection.")?,
            bytes: gauge("bytes", "Bytes of the last good collection.")?,
            age: gauge("age_seconds", "Seconds since the last good collection.")?,
            duration: gauge(
                "duration_seconds",
                "Duration of the last collection, good or not.",
            )?,
            collections: counter("collections_total", "Collections tried.")?,
            failures: counter("failures_total", "Collections that failed.")?,
            succeeded_at: Mutex::default(),
            registry,
        })
    }

    /// Records the figures of a run that ended at `instant`.
    pub fn record(&self, report: &RunReport, instant: DateTime<Utc>) {
        for source in &report.sources {
            let label = [source.source.as_str()];

            self.duration
                .with_label_values(&label)
                .set(source.elapsed.as_secs_f64());
            self.collections.with_label_values(&label).inc();

            // A failure keeps the volume of the last good collection: its files still serve.
            match source.state {
                SourceState::Failed => self.failures.with_label_values(&label).inc(),
                SourceState::Ok => {
                    self.set_volume(source.source, source.rows, source.bytes, Some(instant));
                }
            }
        }
    }

    /// The metrics at `now`. The age of a source that never succeeded is not given: an absent
    /// series raises its own alarm.
    ///
    /// # Errors
    /// The encoder's.
    pub fn text(&self, now: DateTime<Utc>) -> Result<String> {
        for (source, at) in self.lock().iter() {
            let age = (now - *at).num_seconds().max(0);
            self.age
                .with_label_values(&[source.as_str()])
                .set(age as f64);
        }

        Ok(TextEncoder::new().encode_to_string(&self.registry.gather())?)
    }

    fn set_volume(
        &self,
        source: SourceKind,
        rows: u64,
        bytes: u64,
        succeeded_at: Option<DateTime<Utc>>,
    ) {
        let label = [source.as_str()];
        self.rows.with_label_values(&label).set(rows as f64);
        self.bytes.with_label_values(&label).set(bytes as f64);

        // Series begin at zero: without it, the first failure would show no increase.
        self.collections.with_label_values(&label);
        self.failures.with_label_values(&label);

        if let Some(at) = succeeded_at {
            self.lock().insert(source, at);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<SourceKind, DateTime<Utc>>> {
        self.succeeded_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn options(name: &str, help: &str) -> Opts {
    Opts::new(name, help)
        .namespace("filrouge")
        .subsystem("collect")
}
