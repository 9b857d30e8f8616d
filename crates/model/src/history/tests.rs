use filrouge_types::{Hour, StationId};

use super::*;

fn station(name: &str) -> StationId {
    name.parse().unwrap()
}

fn hour(index: i64) -> Hour {
    Hour::from_hours_since_epoch(490_000 + index)
}

fn row(station_id: &StationId, index: i64, departures: f32) -> HistoryRow<'_> {
    HistoryRow {
        station_id,
        hour: hour(index),
        departures,
        conditions: ConditionValues::MISSING,
    }
}

#[test]
fn rows_come_in_any_order_and_gaps_stay_unknown() {
    let a = station("A");
    let mut history = History::default();
    history.extend([row(&a, 5, 2.0), row(&a, 2, 1.0)]).unwrap();
    history.extend([row(&a, 7, 3.0)]).unwrap();
    let read: Vec<_> = (1..9)
        .map(|index| history.departures(&a, hour(index)))
        .collect();
    assert_eq!(
        format!("{read:?}"),
        "[NaN, 1.0, NaN, NaN, 2.0, NaN, 3.0, NaN]"
    );
    assert_eq!(history.last_counted_hour(), Some(hour(7)));
}

#[test]
fn a_forecast_of_the_conditions_does_not_erase_what_was_counted() {
    let a = station("A");
    let mut history = History::default();
    history.extend([row(&a, 0, 4.0)]).unwrap();
    let warm = ConditionValues {
        temperature_c: 21.0,
        ..ConditionValues::MISSING
    };

    history
        .extend([HistoryRow {
            conditions: warm,
            ..row(&a, 0, f32::NAN)
        }])
        .unwrap();

    history.extend([row(&a, 0, f32::NAN)]).unwrap();
    assert_eq!(history.departures(&a, hour(0)), 4.0);
    assert_eq!(history.conditions(&a, hour(0)).temperature_c, 21.0);
}

#[test]
fn windows_count_what_is_known_inside_them_and_nothing_else() {
    let a = station("A");
    let mut history = History::default();
    history
        .extend([row(&a, 0, 1.0), row(&a, 1, 2.0), row(&a, 3, 6.0)])
        .unwrap();
    let demand = &history.timeline(&a).unwrap().demand;
    assert_eq!(demand.window(hour(3), 3), (8.0, 2));
    assert_eq!(demand.mean(hour(3), 100), 3.0);
    assert!(demand.mean(hour(-1), 24).is_nan());
    assert_eq!(demand.mean(hour(50), 48), 6.0);
}

#[test]
fn the_system_is_the_mean_of_the_stations_counted_in_the_hour() {
    let (a, b) = (station("A"), station("B"));
    let mut history = History::default();
    history
        .extend([row(&a, 0, 1.0), row(&b, 0, 3.0), row(&b, 1, 5.0)])
        .unwrap();
    assert_eq!(
        (history.system().at(hour(0)), history.system().at(hour(1))),
        (2.0, 5.0)
    );
}

#[test]
fn what_is_forgotten_is_gone_and_the_rest_is_unchanged() {
    let a = station("A");
    let mut history = History::default();
    history
        .extend((0..10).map(|index| row(&a, index, index as f32)))
        .unwrap();
    history.forget_before(hour(6));
    assert!(history.departures(&a, hour(5)).is_nan());
    assert_eq!(history.departures(&a, hour(6)), 6.0);
    assert_eq!(
        history.timeline(&a).unwrap().demand.window(hour(9), 24),
        (30.0, 4)
    );
}

#[test]
fn an_hour_centuries_away_is_refused_and_named() {
    let a = station("A");
    let mut history = History::default();
    let error = history
        .extend([row(&a, 0, 1.0), row(&a, 9_000_000, 1.0)])
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("station `A`: ") && error.contains("fifty years"),
        "{error}"
    );
    assert_eq!(history.departures(&a, hour(0)), 1.0);
}

#[test]
fn an_unknown_station_has_no_demand_and_no_conditions() {
    let history = History::default();
    assert!(history.departures(&station("A"), hour(0)).is_nan());
    assert!(
        history
            .conditions(&station("A"), hour(0))
            .temperature_c
            .is_nan()
    );
}
