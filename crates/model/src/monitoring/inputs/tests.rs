use filrouge_types::{Hour, StationId};

use super::*;
use crate::history::HistoryRow;

/// Weather that no two hours in a row share: warmer at noon, a wind and a humidity that turn.
fn ordinary(hour: i64) -> ConditionValues {
    ConditionValues {
        temperature_c: 12.0 + (hour % 24) as f32 / 4.0,
        relative_humidity_pct: 60.0 + (hour % 7) as f32,
        wind_speed_kmh: 9.0 + (hour % 5) as f32,
        precipitation_mm: 0.0,
        ..ConditionValues::MISSING
    }
}

/// The inputs told frozen when `change` alters the last twelve hours of four weeks and a day.
fn frozen(change: impl Fn(&mut ConditionValues)) -> Vec<&'static str> {
    let station: StationId = "A".parse().unwrap();
    let last = Hour::from_hours_since_epoch(480_023);
    let rows = (0..24 * (REFERENCE_DAYS + 1)).map(|ago| {
        let mut conditions = ordinary(1_000 - ago);
        if ago < 12 {
            change(&mut conditions);
        }
        HistoryRow {
            station_id: &station,
            hour: last - ago,
            departures: 1.0,
            conditions,
        }
    });

    let mut history = History::default();
    history.extend(rows).unwrap();
    InputDrift::of(&history, &station, last)
        .into_iter()
        .filter(|drift| drift.warning == Some(DriftWarning::Frozen))
        .map(|drift| drift.input)
        .collect()
}

// Preuve: C11.6 un capteur qui répète la même heure est dit figé
#[test]
fn an_input_that_repeats_itself_is_frozen() {
    assert!(frozen(|_| {}).is_empty());
    assert_eq!(frozen(|hour| hour.temperature_c = 11.3), ["temperature"]);
    assert_eq!(
        frozen(|hour| hour.relative_humidity_pct = 61.0),
        ["relative_humidity"]
    );
    assert_eq!(frozen(|hour| hour.wind_speed_kmh = 9.4), ["wind_speed"]);
}

#[test]
fn a_calm_night_a_fog_and_a_dry_day_are_weather() {
    assert!(frozen(|hour| hour.wind_speed_kmh = 0.0).is_empty());
    assert!(frozen(|hour| hour.wind_speed_kmh = 0.4).is_empty());
    assert!(frozen(|hour| hour.relative_humidity_pct = 100.0).is_empty());
    assert!(frozen(|hour| hour.precipitation_mm = 0.0).is_empty());
}
