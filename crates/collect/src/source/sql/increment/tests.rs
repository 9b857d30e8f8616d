use serde_json::json;

use super::*;

fn record(id: &str, started_at: &str, ended_at: Option<&str>) -> Record {
    let value = json!({"maintenance_id": id, "started_at": started_at, "ended_at": ended_at});
    value.as_object().unwrap().clone()
}

#[test]
fn new_records_are_added_and_changed_ones_replaced() {
    let old = vec![
        record("1", "2026-01-01T08:00:00Z", Some("2026-01-03T08:00:00Z")),
        record("2", "2026-01-02T08:00:00Z", None),
    ];
    let mut known = KnownRecords::new("maintenance_id".to_owned(), old.clone());
    assert_eq!(known.last_day(), "2026-01-03");
    let closed = record("2", "2026-01-02T08:00:00Z", Some("2026-01-09T08:00:00Z"));
    let new = record("3", "2026-01-08T08:00:00Z", None);
    assert_eq!(
        known.complete(vec![closed.clone(), new.clone()]),
        [old[0].clone(), closed, new]
    );
}

#[test]
fn without_known_records_everything_is_asked() {
    let known = KnownRecords::new("maintenance_id".to_owned(), Vec::new());
    assert_eq!((known.last_day(), known.decision(7)), ("0001-01-01", None));
}
