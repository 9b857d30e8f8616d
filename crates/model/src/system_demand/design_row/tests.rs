use chrono_tz::Europe::Paris;

use super::*;

fn row(conditions: &ConditionValues, hour: &str) -> DesignRow {
    DesignRow::of(conditions, hour.parse().unwrap(), Paris)
}

#[test]
fn every_condition_has_a_column_and_a_missing_one_too() {
    let extremes = [f32::NAN, -60.0, 0.0, 22.5, 60.0];
    for value in extremes {
        let conditions = ConditionValues {
            apparent_temperature_c: value,
            wind_speed_kmh: value.abs(),
            precipitation_mm: value.max(0.0),
            weather_code: value.abs(),
            is_school_holiday: 1.0,
            ..ConditionValues::MISSING
        };

        for hour in ["2026-03-03T07:00:00Z", "2026-03-07T23:00:00Z"] {
            assert!(
                row(&conditions, hour)
                    .iter()
                    .all(|(column, value)| column < DESIGN_COLUMNS && (0.0..=1.0).contains(&value))
            );
        }
    }

    assert!(
        row(&ConditionValues::MISSING, "2026-03-03T07:00:00Z")
            .iter()
            .any(|(column, _)| column == SKY + SKIES - 1)
    );
}

#[test]
fn between_two_knots_each_has_its_share() {
    let conditions = ConditionValues {
        apparent_temperature_c: 12.0,
        ..ConditionValues::MISSING
    };
    let found: Vec<_> = row(&conditions, "2026-03-07T09:00:00Z").iter().collect();
    let near = |column: usize, share: f64| {
        found
            .iter()
            .any(|(at, value)| *at == column && (value - share).abs() < 1e-6)
    };

    assert!(
        near(TEMPERATURE + 3, 0.6) && near(TEMPERATURE + 4, 0.4),
        "{found:?}"
    );
}

#[test]
fn events_have_a_column_only_where_there_are_some() {
    let of = |share: f64| row(&ConditionValues::MISSING, "2026-03-07T09:00:00Z").with_events(share);
    let events = |share: f64| {
        of(share)
            .iter()
            .find(|(column, _)| *column == EVENTS)
            .map(|(_, value)| value)
    };
    assert_eq!((events(0.0), events(1.0)), (None, Some(3.0_f64.ln())));
    assert!(events(0.1) < events(0.2));
}

#[test]
fn a_public_holiday_is_not_a_working_day() {
    let holiday = ConditionValues {
        is_public_holiday: 1.0,
        ..ConditionValues::MISSING
    };
    let of = |conditions| {
        row(conditions, "2026-03-03T07:00:00Z")
            .iter()
            .map(|(column, _)| column)
            .collect::<Vec<_>>()
    };
    assert!(of(&ConditionValues::MISSING).contains(&(HOURS + 24 + 8)));
    assert!(of(&holiday).contains(&(HOURS + 8)) && of(&holiday).contains(&HOLIDAYS));
}
