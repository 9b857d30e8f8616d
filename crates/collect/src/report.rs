use std::fmt;
use std::time::Duration;

use crate::folders::Run;
use crate::kind::SourceKind;
use crate::manifest::{Manifest, SourceEntry, SourceState};

/// The report of a run. Its display is a table in French.
#[derive(Debug, Clone)]
pub struct RunReport {
    /// The run, complete.
    pub run: Run,
    /// One report a source that was asked for.
    pub sources: Vec<SourceReport>,
}

/// The outcome of one source, as a command prints it.
#[derive(Debug, Clone)]
pub struct SourceReport {
    /// The source.
    pub source: SourceKind,
    /// Records received.
    pub rows: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Time taken.
    pub elapsed: Duration,
    /// Complete or failed.
    pub state: SourceState,
    /// Cause of the failure.
    pub error: Option<String>,
    /// Oddities met.
    pub notes: Vec<String>,
    /// The earlier run whose files stand in for a source that failed.
    pub files_from: Option<String>,
}

impl RunReport {
    pub(crate) fn new(run: Run, mut sources: Vec<SourceReport>, manifest: &Manifest) -> Self {
        for report in &mut sources {
            report.files_from = manifest
                .entry(report.source)
                .and_then(|entry| entry.files_from.clone());
        }
        Self { run, sources }
    }

    /// True when every source that was asked for gave all of it.
    pub fn succeeded(&self) -> bool {
        self.sources
            .iter()
            .all(|report| report.state == SourceState::Ok)
    }
}

impl SourceReport {
    pub(crate) fn new(entry: &SourceEntry, elapsed: Duration) -> Self {
        Self {
            source: entry.source,
            rows: entry.rows,
            bytes: entry.bytes,
            elapsed,
            state: entry.state,
            error: entry.error.clone(),
            notes: entry.notes.clone(),
            files_from: None,
        }
    }
}

impl fmt::Display for RunReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<12} {:>10} {:>12} {:>9}  état",
            "source", "lignes", "octets", "secondes"
        )?;

        for report in &self.sources {
            let seconds = report.elapsed.as_secs_f64();

            write!(
                f,
                "{:<12} {:>10} {:>12} {seconds:>9.1}  ",
                report.source, report.rows, report.bytes
            )?;

            match &report.error {
                None => writeln!(f, "réussie")?,
                Some(error) => writeln!(f, "en échec : {error}")?,
            }

            if let Some(run_id) = &report.files_from {
                writeln!(
                    f,
                    "{:<12} les fichiers de la collecte {run_id} sont repris",
                    ""
                )?;
            }

            for note in &report.notes {
                writeln!(f, "{:<12} à noter : {note}", "")?;
            }
        }

        Ok(())
    }
}
