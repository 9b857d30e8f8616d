use super::*;
use crate::snapshot::PredictionRecord;

fn hour() -> Hour {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

#[test]
fn a_journal_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.json");
    let station: StationId = "A".parse().unwrap();
    let record = |hour| PredictionRecord {
        station_id: station.clone(),
        hour,
        prediction: Prediction {
            demand: 2.5,
            demand_p10: 1.0,
            demand_p90: 4.0,
        },
    };

    let mut journal = Journal::default();
    journal.log([record(hour()), record(hour() + 1)]);
    let outcome = ActualCount {
        departures: 3.0,
        // No count a week before: a number that JSON cannot write would lose the whole journal.
        last_week: None,
    };
    assert!(journal.record_provisional(&station, hour(), outcome));
    assert!(!journal.record_provisional(&station, hour() + 2, outcome));

    KeptJournal::from(&journal).write(&file).unwrap();
    let mut found = read(&file);

    assert_eq!(
        (&found.hours, &found.pending, &found.provisional),
        (&journal.hours, &journal.pending, &journal.provisional)
    );
    assert!(
        found.start_replay(),
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
