use filrouge_dataset::Dataset;
use filrouge_model::{Expected, FEATURE_NAMES};
use filrouge_types::{Conditions, Hour, StationHour, Weather};

use super::*;
use crate::examples::history_of;

const YEAR: i64 = 365 * 24;

/// Names of the columns that trees read when three days are known, and three others `apart`
/// hours later.
fn columns_read(apart: i64) -> Vec<&'static str> {
    let row = |index: i64| StationHour {
        conditions: Conditions {
            station_id: "A".parse().unwrap(),
            hour: Hour::from_hours_since_epoch(490_000 + index),
            weather: Weather::default(),
            is_public_holiday: None,
            is_school_holiday: None,
            event_count: None,
        },
        departures: 3,
    };

    let dataset = Dataset::from_rows((0..72).chain(apart..apart + 72).map(row)).unwrap();
    let history = history_of(&[&dataset]).unwrap();
    let rows: Vec<usize> = (0..dataset.len()).collect();

    let examples = Examples::of(
        &dataset,
        &history,
        &rows,
        &Expected::nothing(chrono_tz::UTC),
    );

    let columns = columns_to_read(&examples, span_a_year(&examples.hour));

    columns
        .into_iter()
        .map(|column| FEATURE_NAMES[column])
        .collect()
}

#[test]
fn before_a_year_has_been_seen_trees_read_nothing_that_tells_the_date() {
    let (half_a_year, two_years) = (columns_read(YEAR / 2), columns_read(2 * YEAR));

    for name in ["level", "mean_24_hours", "system_level", "year_sine"] {
        assert_eq!(
            (half_a_year.contains(&name), two_years.contains(&name)),
            (false, true),
            "{name}"
        );
    }

    for name in ["usual_demand", "lag_24", "hour_of_day"] {
        assert!(
            half_a_year.contains(&name) && two_years.contains(&name),
            "{name}"
        );
    }
}

#[test]
fn what_is_never_known_is_not_read() {
    assert!(!columns_read(YEAR).contains(&"temperature"));
}
