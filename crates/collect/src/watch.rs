//! Gauges of repeated collections, in the text format of Prometheus,
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::manifest::{Manifest, SourceState};
use crate::{RunReport, SourceKind, latest_run};

/// The last state of each source, as runs are recorded.
#[derive(Debug, Default)]
pub struct Watch(Mutex<BTreeMap<SourceKind, Known>>);

/// The gauges of one source.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Records of the last good collection.
    rows: u64,
    bytes: u64,
    seconds: f64,
    succeeded_at: Option<DateTime<Utc>>,
    collections: u64,
    failures: u64,
}

impl Watch {
    /// Begins with the last run under `state_dir`, so that ages are right after a restart.
    ///
    /// # Errors
    /// A last run whose manifest cannot be read.
    pub fn resume(state_dir: &Path) -> Result<Self> {
        let watch = Self::default();

        if let Some(run) = latest_run(state_dir)? {
            for entry in Manifest::read(&run.folder)?.sources {
                let succeeded_at = (entry.state == SourceState::Ok).then_some(entry.ended_at);
                let known = Known {
                    rows: entry.rows,
                    bytes: entry.bytes,
                    succeeded_at,
                    ..Known::default()
                };
                watch.known().insert(entry.source, known);
            }
        }

        Ok(watch)
    }

    /// Records the figures of a run that ended at `instant`.
    pub fn record(&self, report: &RunReport, instant: DateTime<Utc>) {
        let mut known = self.known();

        for source in &report.sources {
            let known = known.entry(source.source).or_default();
            known.collections += 1;
            known.seconds = source.elapsed.as_secs_f64();

            match source.state {
                SourceState::Failed => known.failures += 1,
                SourceState::Ok => {
                    (known.rows, known.bytes) = (source.rows, source.bytes);
                    known.succeeded_at = Some(instant);
                }
            }
        }
    }

    /// The metrics at `now`. The age of a source that never succeeded is not given: an absent
    /// series raises its own alarm.
    pub fn text(&self, now: DateTime<Utc>) -> String {
        let known = self.known();
        let age = |known: &Known| {
            known
                .succeeded_at
                .map(|at| (now - at).num_seconds().max(0) as f64)
        };
        let rows = |known: &Known| Some(known.rows as f64);
        let mut text = String::new();
        let mut add =
            |name: &str, kind: &str, help: &str, value: &dyn Fn(&Known) -> Option<f64>| {
                let _ = write!(
                    text,
                    "# HELP filrouge_collect_{name} {help}\n# TYPE filrouge_collect_{name} {kind}\n"
                );
                for (source, value) in known
                    .iter()
                    .filter_map(|(source, known)| Some((source, value(known)?)))
                {
                    let _ = writeln!(
                        text,
                        "filrouge_collect_{name}{{source=\"{source}\"}} {value}"
                    );
                }
            };
        add(
            "rows",
            "gauge",
            "Records of the last good collection.",
            &rows,
        );
        add(
            "bytes",
            "gauge",
            "Bytes of the last good collection.",
            &|known| Some(known.bytes as f64),
        );
        add(
            "age_seconds",
            "gauge",
            "Seconds since the last good collection.",
            &age,
        );
        add(
            "duration_seconds",
            "gauge",
            "Duration of the last collection, good or not.",
            &|known| Some(known.seconds),
        );
        add(
            "collections_total",
            "counter",
            "Collections tried.",
            &|known| Some(known.collections as f64),
        );
        add(
            "failures_total",
            "counter",
            "Collections that failed.",
            &|known| Some(known.failures as f64),
        );
        text
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<SourceKind, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
