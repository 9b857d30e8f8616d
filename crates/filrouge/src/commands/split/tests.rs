use filrouge_types::{Conditions, Hour, StationHour, Weather};

use super::*;

fn dataset(hours: i64) -> Dataset {
    let rows = (0..hours).map(|hour| StationHour {
        conditions: Conditions {
            station_id: "A".parse().unwrap(),
            hour: Hour::from_hours_since_epoch(hour),
            weather: Weather::default(),
            is_public_holiday: None,
            is_school_holiday: None,
            event_count: None,
        },
        departures: 1,
    });
    Dataset::from_rows(rows).unwrap()
}

#[test]
fn every_recent_hour_follows_every_past_one() {
    let (past, recent) = split(&dataset(100), 24).unwrap();
    assert_eq!((past.len(), recent.len()), (76, 24));
    assert!(past.conditions.hour.iter().max() < recent.conditions.hour.iter().min());
}

#[test]
fn a_data_set_with_no_past_is_refused() {
    assert!(
        split(&dataset(24), 24)
            .unwrap_err()
            .to_string()
            .contains("1 jours")
    );
}
