use std::fs;

use super::*;

#[test]
fn a_line_that_is_not_a_record_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("subscribers.jsonl");
    fs::write(&path, "{\"subscriber_number\":\"a\"}\nnot json\n").unwrap();
    let error = read_json_lines::<ReceivedSubscriber>(&path).err().unwrap();
    assert!(
        error.to_string().contains("subscribers.jsonl`, ligne 2"),
        "{error}"
    );
}

#[test]
fn stations_that_nobody_describes_are_told() {
    let unknown_stations = BTreeSet::from(["Z9".parse().unwrap()]);
    let text = summary(&Imported {
        station_hours: ImportReport::default(),
        unknown_stations,
    });
    assert!(
        text.ends_with("stations inconnues, mises de côté : Z9"),
        "{text}"
    );
}

#[test]
fn rows_are_handed_over_hour_by_hour() {
    let row = |station: &str, hour: i64| filrouge_types::StationHour {
        conditions: filrouge_types::Conditions {
            station_id: station.parse().unwrap(),
            hour: filrouge_types::Hour::from_hours_since_epoch(hour),
            weather: filrouge_types::Weather::default(),
            is_public_holiday: None,
            is_school_holiday: None,
            event_count: None,
        },
        departures: 0,
    };

    let dataset = Dataset::from_rows([row("A", 2), row("A", 1), row("B", 1)]).unwrap();
    let rows: Vec<_> = by_hour(&dataset)
        .into_iter()
        .map(|index| dataset.row(index as usize))
        .collect();
    assert_eq!(rows, [row("A", 1), row("B", 1), row("A", 2)]);
}
