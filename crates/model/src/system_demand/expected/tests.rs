use chrono_tz::UTC;

use super::*;
use crate::history::HistoryRow;
use crate::system_demand::DESIGN_COLUMNS;

fn start() -> Hour {
    "2026-01-05T00:00:00Z".parse().unwrap()
}

/// One station that counts two departures in each of the hours `counted` of four days.
fn history(counted: impl Fn(i64) -> bool) -> History {
    let station_id = "A".parse().unwrap();
    let mut history = History::default();
    let row = |index: i64| HistoryRow {
        station_id: &station_id,
        hour: start() + index,
        departures: if counted(index) { 2.0 } else { f32::NAN },
        conditions: ConditionValues::MISSING,
    };
    history.extend((0..96).map(row)).unwrap();
    history
}

/// A regression that expects one of every hour.
fn even() -> SystemDemandModel {
    SystemDemandModel {
        coefficients: vec![0.0; DESIGN_COLUMNS],
        residual_scale: None,
    }
}

#[test]
fn hours_that_were_not_counted_are_not_expected_either() {
    let of = |counted: &dyn Fn(i64) -> bool| {
        Expected::of(&history(counted), Some(&even()), UTC)
            .ratio(start() + 95, 24)
            .to_string()
    };
    assert_eq!(of(&|_| true), "2");
    assert_eq!(of(&|index| index % 2 == 0), "2");
    assert_eq!(of(&|index| index % 3 == 0), "NaN", "too few to say");
}

#[test]
fn without_a_regression_nothing_is_expected() {
    let expected = Expected::of(&history(|_| true), None, UTC);
    assert!(expected.ratio(start() + 95, 24).is_nan() && expected.past(start() + 3).is_nan());
    assert!(expected.at(start() + 3, &ConditionValues::MISSING).is_nan());
}
