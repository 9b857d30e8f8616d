use filrouge_types::{Conditions, StationHour, Weather};

use super::*;

#[test]
fn a_header_says_the_columns_and_is_aligned() {
    let header = header(12);
    assert!(header.starts_with(MAGIC) && header.ends_with(b"\n"));
    assert_eq!(header.len() % ALIGNMENT, 0);
    assert_eq!(
        usize::from(u16::from_le_bytes([header[8], header[9]])),
        header.len() - 10
    );

    let text = String::from_utf8_lossy(&header[10..]);

    assert!(
        text.starts_with("{'descr': [('hour', '<f4'), ('departures', '<f4'), ('level', '<f4')"),
        "{text}"
    );
    assert!(text.contains("'shape': (12,)"), "{text}");
}

#[test]
fn a_row_holds_its_hour_its_target_and_its_features() {
    let hour: Hour = "2026-01-05T00:00:00Z".parse().unwrap();
    let row = |index: i64| StationHour {
        conditions: Conditions {
            station_id: "A".parse().unwrap(),
            hour: hour + index,
            weather: Weather::default(),
            is_public_holiday: None,
            is_school_holiday: None,
            event_count: None,
        },
        departures: 3,
    };

    let mut bytes = Vec::new();
    let rows = write_features(
        &Dataset::from_rows((0..48).map(row)).unwrap(),
        chrono_tz::UTC,
        None,
        &mut bytes,
    )
    .unwrap();

    assert_eq!(rows, 24, "nothing is known a day before the first day");

    let width = (FEATURE_COUNT + 2) * 4;
    assert_eq!(bytes.len(), header(rows).len() + rows * width);

    let last: Vec<f32> = bytes[bytes.len() - width..]
        .as_chunks()
        .0
        .iter()
        .map(|b| f32::from_le_bytes(*b))
        .collect();

    assert_eq!(
        last[..3],
        [(hour + 47).hours_since_epoch() as f32, 3.0, 3.0]
    );
}
