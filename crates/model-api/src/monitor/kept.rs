use std::fs;
use std::io;
use std::path::Path;

use filrouge_model::Prediction;
use filrouge_model::evaluation::WindowStats;
use filrouge_storage::replace_file;
use filrouge_types::{Hour, StationId};
use serde::{Deserialize, Serialize};

use super::Journal;

/// The journal as it is kept: a month of hours and two days of predictions, some hundreds of
/// kilobytes for forty stations.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    joined: u64,
    hours: Vec<WindowStats>,
    awaited: Vec<(StationId, Hour, Prediction)>,
}

/// The journal of the start before. One that is missing or unreadable is an empty one: the last
/// days are predicted again anyway.
pub(super) fn read(file: &Path) -> Journal {
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Journal::default(),
        Err(error) => {
            tracing::warn!(%error, "the journal of predictions cannot be read");
            return Journal::default();
        }
    };

    match serde_json::from_slice::<Kept>(&text) {
        Ok(Kept {
            joined,
            hours,
            awaited,
        }) => Journal {
            joined,
            hours: hours.into_iter().map(|hour| (hour.from, hour)).collect(),
            awaited: awaited
                .into_iter()
                .map(|(station, hour, prediction)| ((station, hour), prediction))
                .collect(),
            ..Journal::default()
        },
        Err(error) => {
            tracing::warn!(%error, "the journal of predictions is not one: it begins again");
            Journal::default()
        }
    }
}

/// Keeps the journal, whole or not at all. A disk that is full does not stop the forecasts.
pub(super) fn write(file: &Path, journal: &Journal) {
    let awaited = journal
        .awaited
        .iter()
        .map(|((station, hour), prediction)| (station.clone(), *hour, *prediction));
    let kept = Kept {
        joined: journal.joined,
        hours: journal.hours.values().copied().collect(),
        awaited: awaited.collect(),
    };

    let written = serde_json::to_string(&kept)
        .map_err(io::Error::from)
        .and_then(|text| replace_file(file, text));
    if let Err(error) = written {
        tracing::warn!(%error, "the journal of predictions cannot be kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour() -> Hour {
        "2026-03-01T08:00:00Z".parse().unwrap()
    }

    // Preuve: C11.6 le journal des prévisions survit à un redémarrage
    #[test]
    fn a_journal_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.json");
        let prediction = Prediction {
            demand: 2.5,
            demand_p10: 1.0,
            demand_p90: 4.0,
        };

        let mut journal = Journal::default();

        journal.log([
            ("A".parse().unwrap(), hour(), prediction),
            ("A".parse().unwrap(), hour() + 1, prediction),
        ]);

        assert!(journal.settle(&"A".parse().unwrap(), hour(), 3.0, 2.0));

        write(&file, &journal);
        let found = read(&file);

        assert_eq!(
            (found.joined, &found.hours, &found.awaited),
            (1, &journal.hours, &journal.awaited)
        );
        assert!(
            !found.has_replayed,
            "the hours missed while it was stopped are predicted again"
        );
    }

    #[test]
    fn a_journal_that_is_missing_or_damaged_begins_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.json");
        assert!(read(&file).hours.is_empty());
        fs::write(&file, "{\"joined\": 3, ").unwrap();
        assert!(read(&file).hours.is_empty());
        assert!(file.exists(), "what cannot be read is not thrown away");
    }
}
