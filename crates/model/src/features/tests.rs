use std::f64::consts::LN_2;

use chrono::Timelike;
use chrono_tz::{Australia::Sydney, Europe::Paris, Tz, UTC};
use filrouge_types::{Hour, StationId};
use proptest::prelude::*;

use super::*;
use crate::history::{HORIZON_HOURS, HistoryRow};
use crate::system_demand::{DESIGN_COLUMNS, DesignRow, SystemDemandModel};

const HOURS: i64 = 40 * 24;

/// Clocks are put forward in Paris on the 28th day, and back in Sydney on the 35th.
fn start() -> Hour {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

fn station(name: &str) -> StationId {
    name.parse().unwrap()
}

fn history_of(demand: impl Fn(usize, i64) -> f32) -> History {
    let mut history = History::default();

    for (number, name) in ["A", "B"].into_iter().enumerate() {
        let id = station(name);
        let rows = (0..HOURS).map(|index| HistoryRow {
            station_id: &id,
            hour: start() + index,
            departures: demand(number, index),
            conditions: ConditionValues {
                temperature_c: 10.0,
                precipitation_mm: 0.5,
                ..ConditionValues::MISSING
            },
        });

        history.extend(rows).unwrap();
    }

    history
}

/// A regression in which the demand of an hour of the day doubles every four hours, and that of any hour
/// halves under rain.
fn model() -> SystemDemandModel {
    let mut model = SystemDemandModel {
        coefficients: vec![0.0; DESIGN_COLUMNS],
        residual_scale: None,
    };

    for hour in (0..7 * 24).map(|index| start() + index) {
        let moment = moment::Moment::new(hour, UTC);
        let row = DesignRow::of(&ConditionValues::MISSING, hour, UTC);
        row.iter().take(1).for_each(|(column, _)| {
            model.coefficients[column] = LN_2 * f64::from(moment.hour_of_day) / 4.0
        });
    }

    let of = |conditions: &ConditionValues| {
        DesignRow::of(conditions, start() + 120, UTC)
            .iter()
            .map(|(column, _)| column)
            .collect::<Vec<_>>()
    };

    let dry = of(&ConditionValues {
        precipitation_mm: 0.0,
        ..ConditionValues::MISSING
    });

    of(&RAIN)
        .into_iter()
        .filter(|column| !dry.contains(column))
        .for_each(|column| model.coefficients[column] = -LN_2);

    model
}

const RAIN: ConditionValues = ConditionValues {
    precipitation_mm: 2.0,
    ..ConditionValues::MISSING
};

fn of(history: &History, name: &str, index: i64) -> Features {
    on_clocks(UTC, history, name, index)
}

fn on_clocks(zone: Tz, history: &History, name: &str, index: i64) -> Features {
    let (station, hour) = (station(name), start() + index);
    features(
        history,
        &Expected::of(history, Some(&model()), zone),
        &station,
        hour,
        &history.conditions(&station, hour),
    )
}

fn any_clocks() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![UTC, Paris, Sydney])
}

fn bits(features: &Features) -> Vec<u32> {
    features
        .to_array()
        .iter()
        .map(|value| value.to_bits())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // Preuve: C12.3 test du jeu de caractéristiques, aucune ne lit la demande des 24 heures qui précèdent l’heure prédite
    #[test]
    fn no_demand_of_the_last_day_or_of_the_future_changes_any_feature(
        zone in any_clocks(),
        predicted in 48..HOURS,
        noise in 1_u32..50,
    ) {
        let calm = |number: usize, index: i64| (index % 24 + number as i64) as f32;
        let known_before = predicted - HORIZON_HOURS;
        let shaken = move |number: usize, index: i64| {
            calm(number, index) + if index > known_before { noise as f32 } else { 0.0 }
        };
        let (calm, shaken) = (history_of(calm), history_of(shaken));
        for name in ["A", "B", "unseen"] {
            let of = |history| bits(&on_clocks(zone, history, name, predicted));
            prop_assert_eq!(of(&calm), of(&shaken));
        }
    }

    #[test]
    fn hours_before_the_reach_change_no_feature(
        zone in any_clocks(),
        predicted in REACH_HOURS + 24..HOURS,
        noise in 1_u32..50,
    ) {
        let calm = |number: usize, index: i64| (index % 24 + number as i64) as f32;
        let oldest = predicted - REACH_HOURS;
        let shaken = move |number: usize, index: i64| {
            calm(number, index) + if index < oldest { noise as f32 } else { 0.0 }
        };
        let (calm, shaken) = (history_of(calm), history_of(shaken));
        let of = |history| bits(&on_clocks(zone, history, "A", predicted));
        prop_assert_eq!(of(&calm), of(&shaken));
    }

    #[test]
    fn a_city_that_doubles_keeps_its_relative_features(predicted in 800..HOURS) {
        let one = history_of(|_, index| (index % 24 + 1) as f32);
        let two = history_of(|_, index| 2.0 * (index % 24 + 1) as f32);
        let (one, two) = (of(&one, "A", predicted), of(&two, "A", predicted));
        prop_assert_eq!(one.level * 2.0, two.level);
        prop_assert!((one.lag_168 - two.lag_168).abs() < 1e-5);
        prop_assert!((one.same_hour_same_kind - two.same_hour_same_kind).abs() < 1e-5);
    }
}

/// A system that follows the regression, under rain during the hours `wet`.
fn regular(wet: impl Fn(i64) -> bool) -> History {
    let mut history = History::default();

    for name in ["A", "B"] {
        let id = station(name);
        let row = |index: i64| {
            let (dry, conditions) = (
                2_f32.powf((index % 24) as f32 / 4.0),
                ConditionValues {
                    precipitation_mm: 0.0,
                    ..ConditionValues::MISSING
                },
            );

            let (departures, conditions) = if wet(index) {
                (dry / 2.0, RAIN)
            } else {
                (dry, conditions)
            };

            HistoryRow {
                station_id: &id,
                hour: start() + index,
                departures,
                conditions,
            }
        };

        history.extend((0..HOURS).map(row)).unwrap();
    }

    history
}

fn close(found: f32, expected: f32) {
    assert!(
        (found - expected).abs() < 1e-4 * expected.abs(),
        "{found} instead of {expected}"
    );
}

// On a Saturday and the Sunday after it, so that rain weighs the same on both.
const SUNDAY: i64 = 34 * 24;

#[test]
fn a_count_under_rain_is_carried_to_a_dry_hour() {
    let (yesterday, noon) = (SUNDAY - 24..SUNDAY, SUNDAY + 12);
    let features = of(&regular(|index| yesterday.contains(&index)), "A", noon);
    close(features.expected_change_24, 2.0);
    close(features.lag_24 * features.level, 4.0);
    close(features.expected_lag_24 * features.level, 8.0);
    close(features.expected_profile * features.level, 8.0);
    close(features.usual_demand, 8.0);
    close(features.expected_system * features.system_level, 8.0);
}

#[test]
fn a_week_in_which_demand_doubles_exceeds_the_regression() {
    let doubled = |_: usize, index: i64| {
        let own = 2_f32.powf((index % 24) as f32 / 4.0);
        if index > SUNDAY - 24 - 168 {
            2.0 * own
        } else {
            own
        }
    };

    let features = of(&history_of(doubled), "A", SUNDAY);

    assert!(
        (1.5..1.7).contains(&features.system_residual_24_hours),
        "{}",
        features.system_residual_24_hours
    );
    assert!(
        (1.5..1.7).contains(&features.system_residual_7_days),
        "{}",
        features.system_residual_7_days
    );
}

#[test]
fn without_a_regression_its_features_are_missing_and_the_usual_demand_is_that_of_the_station() {
    let (history, a, hour) = (regular(|_| false), station("A"), start() + SUNDAY);
    let features = features(
        &history,
        &Expected::nothing(UTC),
        &a,
        hour,
        &history.conditions(&a, hour),
    );

    assert!(
        features.expected_system.is_nan()
            && features.expected_profile.is_nan()
            && features.system_residual_24_hours.is_nan()
    );
    assert_eq!(features.usual_demand, features.profile * features.level);
}

#[test]
fn lags_and_means_are_relative_to_the_level() {
    let history = history_of(|_, index| if index % 24 == 8 { 48.0 } else { 0.0 });
    let features = of(&history, "A", 35 * 24 + 8);
    assert_eq!(features.level, 2.0);
    assert_eq!(
        (features.lag_24, features.lag_168, features.around_lag_168),
        (24.0, 24.0, 8.0)
    );

    assert_eq!(
        (
            features.mean_24_hours,
            features.mean_7_days,
            features.week_on_week
        ),
        (1.0, 1.0, 1.0)
    );

    assert_eq!(
        (features.same_hour_7_days, features.same_hour_of_week_spread),
        (24.0, 0.0)
    );
    assert_eq!(features.counted_hours, 672.0);
}

#[test]
fn after_a_change_of_clocks_the_same_hour_is_that_of_the_clocks() {
    for (zone, days_after) in [(Paris, 2), (Paris, 8), (Sydney, 1), (Sydney, 4)] {
        let clock = |index: i64| (start() + index).start().with_timezone(&zone).hour();
        let history = history_of(|_, index| clock(index) as f32);
        let change = if zone == Paris { 27 } else { 33 };
        for index in (change + days_after) * 24..(change + days_after) * 24 + 24 {
            let features = on_clocks(zone, &history, "A", index);
            let day = features.lag_24 * features.level;
            let week = features.lag_168 * features.level;
            let weeks = features.same_hour_of_week * features.level;
            let found = [day, week, weeks].map(f32::round);

            assert_eq!(
                found,
                [clock(index) as f32; 3],
                "{zone}, {days_after} days after, hour {index}"
            );
        }
    }
}

#[test]
fn the_clock_is_that_of_the_city() {
    let hour: Hour = "2026-07-05T22:00:00Z".parse().unwrap();
    let at = |zone| {
        features(
            &History::default(),
            &Expected::nothing(zone),
            &station("A"),
            hour,
            &ConditionValues::MISSING,
        )
    };

    let (utc, paris) = (at(UTC), at(Paris));

    assert_eq!(
        (utc.hour_of_day, utc.day_of_week, utc.is_working_day),
        (22.0, 6.0, 0.0)
    );
    assert_eq!(
        (paris.hour_of_day, paris.day_of_week, paris.is_working_day),
        (0.0, 0.0, 1.0)
    );
}

#[test]
fn a_public_holiday_is_not_a_working_day_and_its_neighbours_are_told() {
    let a = station("A");
    let mut history = History::default();
    let holiday = ConditionValues {
        is_public_holiday: 1.0,
        ..ConditionValues::MISSING
    };

    history
        .extend([HistoryRow {
            station_id: &a,
            hour: start(),
            departures: 1.0,
            conditions: holiday,
        }])
        .unwrap();

    let day = |days: i64| {
        let hour = start() + days * 24;
        features(
            &history,
            &Expected::nothing(UTC),
            &a,
            hour,
            &history.conditions(&a, hour),
        )
    };

    assert_eq!((day(0).is_working_day, day(1).is_working_day), (0.0, 1.0));
    assert_eq!(
        (day(1).was_public_holiday, day(-1).will_be_public_holiday),
        (1.0, 1.0)
    );
}

#[test]
fn a_station_never_seen_has_the_system_and_the_calendar_and_nothing_of_its_own() {
    let history = history_of(|_, _| 3.0);
    let features = of(&history, "unseen", 700);
    assert_eq!(
        (
            features.level,
            features.system_level,
            features.counted_hours
        ),
        (3.0, 3.0, 0.0)
    );
    assert!(features.lag_24.is_nan() && features.temperature.is_nan());
    assert_eq!(features.system_lag_24, 1.0);
}

#[test]
fn without_any_history_the_level_is_missing_rather_than_zero() {
    let features = features(
        &History::default(),
        &Expected::nothing(UTC),
        &station("A"),
        start(),
        &ConditionValues::MISSING,
    );
    assert!(features.level.is_nan() && features.system_level.is_nan());
}

#[test]
fn a_dead_station_has_finite_features() {
    let history = history_of(|_, _| 0.0);
    let features = of(&history, "A", 900).to_array();
    assert!(
        features
            .iter()
            .all(|value| value.is_nan() || value.is_finite())
    );
}

#[test]
fn names_are_in_the_order_of_the_row() {
    let features = Features {
        usual_demand: 7.0,
        event_count: 3.0,
        ..Features::MISSING
    };
    let row = features.to_array();

    assert_eq!((FEATURE_NAMES[SCALE], row[SCALE]), ("usual_demand", 7.0));
    assert_eq!(FEATURE_NAMES[LEVEL], "level");

    let position = FEATURE_NAMES
        .iter()
        .position(|name| *name == "event_count")
        .unwrap();
    assert_eq!(row[position], 3.0);
}
