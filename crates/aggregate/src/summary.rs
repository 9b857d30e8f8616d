use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::AggregateError;
use crate::cross_checks::CrossChecks;

/// The counts of an aggregation: `summary.json`. Its display is a table in French.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The run of collection that was cleaned, by the name of its folder; the first file for a
    /// history that comes alone.
    #[serde(default)]
    pub run_id: Option<String>,
    /// The first hour of the data set, UTC; `None` when it has no row.
    pub first_hour: Option<Hour>,
    /// The last hour of the data set, UTC.
    pub last_hour: Option<Hour>,
    /// Stations described in `stations.json`.
    pub stations: u64,
    /// Of these, stations whose position no source gives: they are written at 0°, 0°.
    pub stations_without_position: u64,
    /// Rows of `station_hours.parquet`.
    pub station_hours: u64,
    /// Rows of `conditions.parquet`.
    pub conditions: u64,
    /// Departures counted: the sum of the target.
    pub departures: u64,
    /// Trips kept that began after the last complete hour: the next aggregation will count them.
    pub departures_after: u64,
    /// Hours during which the whole system has no trip for so long that the history lacks them: no
    /// row tells of them.
    pub hours_without_history: u64,
    /// Events whose place is near no station.
    pub events_elsewhere: u64,
    /// Sources of the run that are absent: their columns are null.
    pub absent: Vec<String>,
    /// The data set beside the sources of the run that give it no column.
    #[serde(default)]
    pub cross_checks: CrossChecks,
    /// The rows of each source, in the order of their names.
    pub sources: Vec<SourceSummary>,
    /// SHA-256, hexadecimal, of each other file of the folder, by name.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

/// The fate of the rows of one source: read = kept + Σ rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSummary {
    /// The source: `lake`, `file`, `trips`, `weather_archive`, `events`…
    pub source: String,
    /// Rows read, each counted once.
    pub read: u64,
    /// Rows read again from another copy of the same file; not in `read`.
    pub repeated: u64,
    /// Rows whose station bore another of its identifiers.
    #[serde(default)]
    pub identified: u64,
    /// Rows kept, repaired ones included.
    pub kept: u64,
    /// Rows set aside, by rule.
    pub rejected: BTreeMap<String, u64>,
    /// Rows kept with a value repaired, by rule.
    pub repaired: BTreeMap<String, u64>,
    /// Rows kept and told, by rule.
    pub reported: BTreeMap<String, u64>,
}

impl Summary {
    /// Name of its file in the clean folder.
    pub const FILE_NAME: &str = "summary.json";

    /// Reads the summary of a clean folder.
    ///
    /// # Errors
    /// A file that is absent or is no summary.
    pub fn read(clean_dir: &Path) -> Result<Self, AggregateError> {
        let path = clean_dir.join(Self::FILE_NAME);
        let text = fs::read(&path).map_err(|error| AggregateError::unreadable(&path, error))?;
        serde_json::from_slice(&text).map_err(|error| AggregateError::unreadable(&path, error))
    }

    /// Rows read, over all sources of trips.
    pub fn trips_read(&self) -> u64 {
        self.trips().map(|source| source.read).sum()
    }

    /// Rows kept, over all sources of trips.
    pub fn trips_kept(&self) -> u64 {
        self.trips().map(|source| source.kept).sum()
    }

    /// Rows set aside, over all sources of trips.
    pub fn trips_rejected(&self) -> u64 {
        self.trips().map(SourceSummary::rejected_rows).sum()
    }

    fn trips(&self) -> impl Iterator<Item = &SourceSummary> {
        self.sources
            .iter()
            .filter(|source| crate::trips::SOURCES.contains(&source.source.as_str()))
    }
}

impl SourceSummary {
    /// Rows set aside, over all rules.
    pub fn rejected_rows(&self) -> u64 {
        self.rejected.values().sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20} {:>10} {:>10} {:>10}  règles",
            "source", "lues", "gardées", "écartées"
        )?;

        for source in &self.sources {
            let (name, rejected) = (&source.source, source.rejected_rows());
            let SourceSummary { read, kept, .. } = source;
            let rules = rules(source);
            writeln!(
                f,
                "{name:<20} {read:>10} {kept:>10} {rejected:>10}  {rules}"
            )?;
        }

        if !self.absent.is_empty() {
            writeln!(f, "sources absentes : {}", self.absent.join(", "))?;
        }

        write!(
            f,
            "{} heures-stations, {} stations, {} départs",
            self.station_hours, self.stations, self.departures
        )?;
        if let (Some(first), Some(last)) = (self.first_hour, self.last_hour) {
            write!(f, ", du {first} au {last}")?;
        }
        writeln!(f, " ; {} heures-stations à venir", self.conditions)?;
        self.cross_checks.fmt(f)
    }
}

/// Each rule that found something, with its count; a plus marks rows that were kept.
fn rules(source: &SourceSummary) -> String {
    let kept = source
        .repaired
        .iter()
        .chain(&source.reported)
        .map(|(name, rows)| format!("{name} +{rows}"));
    let rejected = source
        .rejected
        .iter()
        .map(|(name, rows)| format!("{name} {rows}"));
    rejected.chain(kept).collect::<Vec<_>>().join(", ")
}
