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
    assert!(journal.record(&station, hour(), 3.0, 2.0));

    KeptJournal::from(&journal).write(&file);
    let mut found = read(&file);

    assert_eq!(
        (found.joined, &found.hours, &found.pending),
        (1, &journal.hours, &journal.pending)
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
