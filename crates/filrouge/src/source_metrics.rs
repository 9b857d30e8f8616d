//! Metrics of repeated collections, source by source.

use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, Utc};
use filrouge_collect::{Manifest, RunReport, SourceKind, SourceState, latest_run};
use filrouge_http::{Catalogue, MetricSpec, Unit};
use prometheus::{Error, GaugeVec, IntCounterVec};

/// The metrics of each source, as runs are recorded.
#[derive(Debug)]
pub(crate) struct SourceMetrics {
    rows: GaugeVec,
    bytes: GaugeVec,
    duration: GaugeVec,
    succeeded: GaugeVec,
    collections: IntCounterVec,
}

impl SourceMetrics {
    /// Declares them.
    ///
    /// # Errors
    /// When the catalogue holds them already.
    pub(crate) fn new(catalogue: &mut Catalogue) -> Result<Self, Error> {
        let mut gauge = |name, unit, meaning| {
            catalogue.gauges(MetricSpec {
                name,
                unit,
                labels: &["source"],
                meaning,
            })
        };

        Ok(Self {
            rows: gauge(
                "source_rows",
                Unit::Count("enregistrements"),
                "Enregistrements de la dernière collecte réussie de la source.",
            )?,
            bytes: gauge(
                "source_size_bytes",
                Unit::Bytes,
                "Octets de la dernière collecte réussie de la source.",
            )?,
            duration: gauge(
                "source_duration_seconds",
                Unit::Seconds,
                "Durée de la dernière collecte de la source, réussie ou non.",
            )?,
            succeeded: gauge(
                "source_last_success_timestamp_seconds",
                Unit::Instant,
                "Dernière collecte réussie de la source.",
            )?,
            collections: catalogue.counters(MetricSpec {
                name: "source_collections_total",
                unit: Unit::Count("collectes"),
                labels: &["source", "outcome"],
                meaning: "Collectes de la source, par résultat (`done`, `failed`).",
            })?,
        })
    }

    /// Begins with the last run under `state_dir`, so that ages are right after a restart; gives its
    /// end.
    ///
    /// # Errors
    /// A last run whose manifest cannot be read.
    pub(crate) fn resume(&self, state_dir: &Path) -> Result<Option<DateTime<Utc>>> {
        let Some(run) = latest_run(state_dir)? else {
            return Ok(None);
        };

        let manifest = Manifest::read(&run.folder)?;
        for entry in manifest.sources {
            self.show_volume(entry.source, entry.rows, entry.bytes);
            if entry.state == SourceState::Ok {
                self.show_success(entry.source, entry.ended_at);
            }
        }
        Ok(Some(manifest.ended_at))
    }

    /// Records the figures of a run that ended at `instant`.
    pub(crate) fn record(&self, report: &RunReport, instant: DateTime<Utc>) {
        for source in &report.sources {
            let name = source.source.as_str();
            self.duration
                .with_label_values(&[name])
                .set(source.elapsed.as_secs_f64());

            // A failure keeps the volume of the last good collection: its files still serve.
            let outcome = match source.state {
                SourceState::Failed => "failed",
                SourceState::Ok => {
                    self.show_volume(source.source, source.rows, source.bytes);
                    self.show_success(source.source, instant);
                    "done"
                }
            };
            self.collections.with_label_values(&[name, outcome]).inc();
        }
    }

    fn show_volume(&self, source: SourceKind, rows: u64, bytes: u64) {
        let name = source.as_str();
        self.rows.with_label_values(&[name]).set(rows as f64);
        self.bytes.with_label_values(&[name]).set(bytes as f64);

        // Series begin at zero: without it, the first failure would show no increase.
        for outcome in ["done", "failed"] {
            self.collections.with_label_values(&[name, outcome]);
        }
    }

    fn show_success(&self, source: SourceKind, at: DateTime<Utc>) {
        self.succeeded
            .with_label_values(&[source.as_str()])
            .set(at.timestamp() as f64);
    }
}

#[cfg(test)]
mod tests;
