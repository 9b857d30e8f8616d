//! Measures of the process, whatever the services that it runs: its lines of log, the disk of its
//! state, the age of its keys, the end of a certificate. One catalogue a process, beside that of each service.

use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use prometheus::proto::MetricFamily;
use prometheus::{Error, Gauge, GaugeVec, IntCounterVec};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::catalogue::{Catalogue, MetricSpec, Unit};
use crate::certificate;

static PROCESS: LazyLock<Option<Process>> = LazyLock::new(|| {
    Process::new()
        .inspect_err(|error| tracing::error!(%error, "the process is not measured"))
        .ok()
});

/// Measures from now on the room that is left on the disk of `folder`.
pub fn watch_disk(folder: &Path) {
    if let Some(process) = &*PROCESS {
        *lock(&process.folder) = Some(folder.to_owned());
    }
}

/// Measures from now on the age of the file of the key that signs the tokens of `service`.
pub fn watch_key(service: &'static str, file: PathBuf) {
    if let Some(process) = &*PROCESS {
        let mut keys = lock(&process.keys);
        keys.retain(|(known, _)| *known != service);
        keys.push((service, file));
    }
}

/// Measures from now on the end of the certificate of `file`, which a proxy shows to browsers.
pub fn watch_certificate(file: PathBuf) {
    if let Some(process) = &*PROCESS {
        *lock(&process.certificate) = Some(file);
    }
}

/// The metrics of a process, in the order of their declarations.
///
/// # Errors
/// When two of them bear the same name.
pub fn metrics() -> Result<Catalogue, Error> {
    Ok(Process::new()?.catalogue)
}

/// Measures the gauges, which are read and not counted.
pub(crate) fn sample() {
    if let Some(process) = &*PROCESS {
        process.sample();
    }
}

pub(crate) fn gather() -> Vec<MetricFamily> {
    let process = PROCESS.as_ref();
    process.map_or_else(Vec::new, |process| process.catalogue.registry().gather())
}

/// Counts the lines of log by level.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CountLines;

impl<S: Subscriber> Layer<S> for CountLines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if let (Some(process), Some(level)) = (&*PROCESS, counted(event.metadata().level())) {
            process.lines.with_label_values(&[level]).inc();
        }
    }
}

/// The levels that are counted: those that somebody has to read.
fn counted(level: &Level) -> Option<&'static str> {
    match *level {
        Level::ERROR => Some("error"),
        Level::WARN => Some("warn"),
        _ => None,
    }
}

struct Process {
    catalogue: Catalogue,
    lines: IntCounterVec,
    free: Gauge,
    size: Gauge,
    written: GaugeVec,
    certificate_end: GaugeVec,
    folder: Mutex<Option<PathBuf>>,
    keys: Mutex<Vec<(&'static str, PathBuf)>>,
    certificate: Mutex<Option<PathBuf>>,
}

impl Process {
    fn new() -> Result<Self, Error> {
        let mut catalogue = Catalogue::default();

        let lines = catalogue.counters(MetricSpec {
            name: "log_lines_total",
            unit: Unit::Count("lignes"),
            labels: &["level"],
            meaning: "Lignes du journal par niveau, `error` et `warn` : une ligne `error` demande qu’une personne la lise.",
        })?;
        // Series begin at zero: without it, the first line would show no increase.
        for level in ["error", "warn"] {
            lines.with_label_values(&[level]);
        }

        Ok(Self {
            lines,
            free: catalogue.gauge(MetricSpec {
                name: "state_disk_free_bytes",
                unit: Unit::Bytes,
                labels: &[],
                meaning: "Place libre sur le disque du dossier d’état.",
            })?,
            size: catalogue.gauge(MetricSpec {
                name: "state_disk_size_bytes",
                unit: Unit::Bytes,
                labels: &[],
                meaning: "Taille du disque du dossier d’état.",
            })?,
            written: catalogue.gauges(MetricSpec {
                name: "signing_key_written_timestamp_seconds",
                unit: Unit::Instant,
                labels: &["service"],
                meaning: "Création de la clé qui signe les jetons du service : son âge.",
            })?,
            certificate_end: catalogue.gauges(MetricSpec {
                name: "tls_certificate_end_timestamp_seconds",
                unit: Unit::Instant,
                labels: &["file"],
                meaning: "Fin du certificat que le proxy montre aux navigateurs ; 0 quand son fichier est illisible.",
            })?,
            folder: Mutex::default(),
            keys: Mutex::default(),
            certificate: Mutex::default(),
            catalogue,
        })
    }

    fn sample(&self) {
        let folder = lock(&self.folder).clone();
        if let Some(disk) = folder.and_then(|folder| rustix::fs::statvfs(&folder).ok()) {
            self.free.set((disk.f_bavail * disk.f_frsize) as f64);
            self.size.set((disk.f_blocks * disk.f_frsize) as f64);
        }

        for (service, file) in &*lock(&self.keys) {
            if let Some(seconds) = written(file) {
                self.written.with_label_values(&[service]).set(seconds);
            }
        }

        if let Some(file) = &*lock(&self.certificate) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            // A file that cannot be read has to ring as well.
            let end = certificate::end_of(file).unwrap_or(0.0);
            self.certificate_end.with_label_values(&[&*name]).set(end);
        }
    }
}

/// Seconds from 1970 to the writing of a file.
fn written(file: &Path) -> Option<f64> {
    let modified = std::fs::metadata(file).ok()?.modified().ok()?;
    let since = modified.duration_since(UNIX_EPOCH).ok()?;
    Some(since.as_secs_f64())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_and_the_keys_are_measured_when_they_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("data-api.key");
        std::fs::write(&key, "key").unwrap();
        let process = Process::new().unwrap();

        process.sample();
        assert!(process.size.get().abs() < 1.0, "no folder is watched yet");

        *lock(&process.folder) = Some(folder.path().to_owned());
        lock(&process.keys).push(("data-api", key));
        process.sample();

        let (free, size) = (process.free.get(), process.size.get());
        assert!(0.0 < free && free <= size, "{free} of {size}");
        assert!(process.written.with_label_values(&["data-api"]).get() > 1e9);
    }

    #[test]
    fn a_certificate_is_measured_once_it_is_watched_and_an_unreadable_one_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("certificate.pem");
        let process = Process::new().unwrap();
        let series = || {
            process.sample();
            let families = process.catalogue.registry().gather();
            let name = "tls_certificate_end_timestamp_seconds";
            let family = families.iter().find(|family| family.name() == name);
            family.map(|family| family.get_metric()[0].get_gauge().get_value())
        };
        assert_eq!(series(), None, "no certificate is watched yet");

        *lock(&process.certificate) = Some(file.clone());
        assert_eq!(series(), Some(0.0));

        let text = include_str!("certificate/ends-2026-12-31.pem");
        std::fs::write(&file, text).unwrap();
        assert_eq!(series(), Some(1_798_675_200.0));
    }

    // Preuve: C20.4 chaque ligne d’erreur ou d’avertissement du journal est comptée, et l’alarme lit ce compte
    #[test]
    fn lines_that_somebody_has_to_read_are_counted() {
        use tracing_subscriber::layer::SubscriberExt;

        let count = |level| {
            let process = PROCESS.as_ref().unwrap();
            process.lines.with_label_values(&[level]).get()
        };
        let before = [count("error"), count("warn")];

        // Other tests of this process have no such layer: they count nothing.
        let subscriber = tracing_subscriber::registry().with(CountLines);
        tracing::subscriber::with_default(subscriber, || {
            tracing::error!("a defect");
            tracing::warn!("tried again");
            tracing::info!("a version is in service");
        });

        assert_eq!(
            [count("error"), count("warn")],
            before.map(|lines| lines + 1)
        );
    }
}
