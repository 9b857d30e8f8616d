use std::fs;
use std::io;
use std::path::Path;

use filrouge_model::Prediction;
use filrouge_model::evaluation::WindowStats;
use filrouge_storage::replace_file;
use filrouge_types::{Hour, StationId};
use serde::{Deserialize, Serialize};

use super::journal::{ActualCount, Journal};

/// The journal as it is kept: a month of hours and two days of predictions, some hundreds of
/// kilobytes for forty stations.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptJournal {
    joined: u64,
    hours: Vec<WindowStats>,
    pending: Vec<(StationId, Hour, Prediction)>,
    /// Absent from the journals of earlier versions.
    #[serde(default)]
    provisional: Vec<(StationId, Hour, ActualCount)>,
}

/// The journal of the start before. One that is missing or unreadable is an empty one: the last
/// days are predicted again anyway.
pub(super) fn read(file: &Path) -> Journal {
    let text = match fs::read(file) {
        Ok(text) => text,
        // The first start has none.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Journal::default(),
        Err(error) => {
            tracing::warn!(%error, "the journal of predictions cannot be read");
            return Journal::default();
        }
    };

    serde_json::from_slice::<KeptJournal>(&text).map_or_else(
        |error| {
            tracing::warn!(%error, "the journal of predictions is not one: it begins again");
            Journal::default()
        },
        Journal::from,
    )
}

impl KeptJournal {
    /// Writes the file, whole or not at all: it is on the disk when this returns.
    pub(super) fn write(&self, file: &Path) -> io::Result<()> {
        replace_file(file, serde_json::to_vec(self)?)
    }
}

impl From<KeptJournal> for Journal {
    fn from(kept: KeptJournal) -> Self {
        let hours = kept.hours.into_iter().map(|hour| (hour.from, hour));
        let pending = kept.pending.into_iter();
        let provisional = kept.provisional.into_iter();

        Self {
            joined: kept.joined,
            hours: hours.collect(),
            pending: pending
                .map(|(station_id, hour, prediction)| ((station_id, hour), prediction))
                .collect(),
            provisional: provisional
                .map(|(station_id, hour, outcome)| ((station_id, hour), outcome))
                .collect(),
            // The hours missed meanwhile are predicted again.
            has_replayed: false,
        }
    }
}

impl From<&Journal> for KeptJournal {
    fn from(journal: &Journal) -> Self {
        let pending = journal.pending.iter();
        let provisional = journal.provisional.iter();

        Self {
            joined: journal.joined,
            hours: journal.hours.values().copied().collect(),
            pending: pending
                .map(|((station_id, hour), prediction)| (station_id.clone(), *hour, *prediction))
                .collect(),
            provisional: provisional
                .map(|((station_id, hour), outcome)| (station_id.clone(), *hour, *outcome))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests;
