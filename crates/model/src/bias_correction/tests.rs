use std::convert::Infallible;

use chrono_tz::UTC;
use proptest::prelude::*;

use super::*;
use crate::features::{FEATURE_COUNT, FEATURE_NAMES, REACH_HOURS};
use crate::history::{ConditionValues, HistoryRow};
use crate::prediction::Prediction;
use crate::system_demand::Expected;

const DAYS: i64 = 50;

fn start() -> Hour {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

/// Two stations that count `demand` (the station's number, the hour's), the hours `holiday` being
/// those of a public holiday.
fn history(demand: impl Fn(usize, i64) -> f32, holiday: impl Fn(i64) -> bool) -> History {
    let mut history = History::default();

    for (number, name) in ["A", "B"].into_iter().enumerate() {
        let station_id: StationId = name.parse().unwrap();
        let rows = (0..DAYS * 24).map(|index| HistoryRow {
            station_id: &station_id,
            hour: start() + index,
            departures: demand(number, index),
            conditions: ConditionValues {
                is_public_holiday: f32::from(u8::from(holiday(index))),
                ..ConditionValues::MISSING
            },
        });

        history.extend(rows).unwrap();
    }

    history
}

/// The correction of a version that forecasts two departures of every hour.
fn correction(history: &History, hours: (i64, i64)) -> BiasCorrection {
    let two = Prediction {
        demand: 2.0,
        demand_p10: 1.0,
        demand_p90: 3.0,
    };
    let predict = |rows: &[f32]| Ok::<_, Infallible>(vec![two; rows.len() / FEATURE_COUNT]);
    let expected = Expected::nothing(UTC);

    BiasCorrection::of_forecasts(
        history,
        &expected,
        (start() + hours.0, start() + hours.1),
        predict,
    )
    .unwrap()
}

/// The ratio of a station that counts much, at an hour.
fn ratio_at(correction: &BiasCorrection, index: i64) -> f32 {
    correction.ratio(&"A".parse().unwrap(), start() + index)
}

/// The ratio at the hour `index` when forecasts were right until the hour `since`, and then
/// `factor` times too low.
fn ratio_of(factor: f32, since: i64, index: i64) -> f32 {
    let history = history(
        |_, at| if at < since { 2.0 } else { 2.0 * factor },
        |_| false,
    );
    ratio_at(&correction(&history, (index, index + 1)), index)
}

#[test]
fn forecasts_that_miss_are_known_a_day_later_and_forgotten_by_degrees() {
    let day = 24;

    for (factor, days_since, expected) in [
        (1.0, 20, 1.0),
        (1.5, 1, 1.0),
        (1.5, 2, 1.29),
        (1.5, 3, 1.38),
        (1.5, 9, 1.5),
        (0.5, 9, 0.5),
        (9.0, 9, 4.0),
        (0.0, 9, 0.25),
    ] {
        let ratio = ratio_of(factor, 40 * day - days_since * day + 1, 40 * day);
        assert!(
            (ratio - expected).abs() < 0.01,
            "{factor} since {days_since} days: {ratio} for {expected}"
        );
    }
}

#[test]
fn a_station_that_counts_little_follows_the_others() {
    // All the stations count a half more than forecast, but one that counts as forecast.
    let of = |forecast: f32| {
        let (alone, others): (StationId, StationId) =
            ("alone".parse().unwrap(), "others".parse().unwrap());
        let mut forecasts = Vec::new();

        for hour in (0..7 * 24).map(|index| start() + index) {
            forecasts.push(ForecastActual {
                station: &alone,
                hour,
                actual: forecast,
                forecast,
            });

            forecasts.push(ForecastActual {
                station: &others,
                hour,
                actual: 1500.0,
                forecast: 1000.0,
            });
        }

        let correction = BiasCorrection::of(&History::default(), &forecasts);
        let ratio = |station: &StationId| correction.ratio(station, start() + 8 * 24 - 1);

        (
            ratio(&alone),
            ratio(&others),
            ratio(&"unseen".parse().unwrap()),
        )
    };

    for (forecast, expected) in [(0.0, 1.5), (0.5, 1.45), (5.0, 1.24), (100.0, 1.02)] {
        let (alone, others, unseen) = of(forecast);

        assert!(
            (alone - expected).abs() < 0.01,
            "{forecast} an hour: {alone} for {expected}"
        );
        assert!(
            (others - 1.5).abs() < 0.001 && (unseen - 1.5).abs() < 0.05,
            "{others} {unseen}"
        );
    }
}

#[test]
fn public_holidays_are_left_out() {
    let closed = |at: i64| (38..39).contains(&(at / 24));
    let demand = |_, at| if closed(at) { 0.0 } else { 2.0 };
    let ratio =
        |history| ratio_at(&correction(&history, (40 * 24, 40 * 24 + 1)), 40 * 24).to_string();
    assert_eq!(ratio(history(demand, closed)), "1");
    assert_ne!(ratio(history(demand, |_| false)), "1");
}

#[test]
fn hours_that_were_not_counted_are_not_missed_and_too_few_say_nothing() {
    let ratio = |counted: &dyn Fn(i64) -> bool| {
        let history = history(|_, at| if counted(at) { 3.0 } else { f32::NAN }, |_| false);
        ratio_at(&correction(&history, (40 * 24, 40 * 24 + 1)), 40 * 24).to_string()
    };
    assert_eq!(ratio(&|at| at % 2 == 0), "1.5");
    assert_eq!(
        ratio(&|at| at < 38 * 24),
        "1.5",
        "what is known of the week is enough"
    );

    assert_eq!(ratio(&|at| at < 32 * 24 + 40), "1.5");
    assert_eq!(ratio(&|at| at < 32 * 24 + 20), "NaN");
    assert_eq!(ratio(&|_| false), "NaN");
}

#[test]
fn without_forecasts_there_is_no_correction() {
    assert!(ratio_at(&BiasCorrection::of(&History::default(), &[]), 0).is_nan());
    assert!(ratio_at(&BiasCorrection::default(), 0).is_nan());
    assert!(ratio_at(&correction(&History::default(), (0, 9)), 0).is_nan());
}

#[test]
fn a_refusal_of_the_model_is_told() {
    let history = history(|_, _| 2.0, |_| false);
    let hours = (start() + 40 * 24, start() + 40 * 24 + 1);
    let told =
        BiasCorrection::of_forecasts(&history, &Expected::nothing(UTC), hours, |_| Err("broken"));
    assert_eq!(told.unwrap_err(), "broken");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    // Preuve: C12.3 ce que les prévisions ont manqué est connu sans rien lire des 24 heures qui précèdent l’heure prédite
    #[test]
    fn nothing_of_the_last_day_nor_of_the_days_out_of_reach_changes_a_ratio(
        predicted in 46 * 24_i64..DAYS * 24,
        noise in 1_u32..50,
    ) {
        let calm = |number: usize, index: i64| (index % 24 + number as i64) as f32;
        let known_before = predicted - HORIZON_HOURS;
        let reached = known_before - CORRECTION_HOURS - REACH_HOURS;
        let shaken = move |number: usize, index: i64| {
            let is_out = index > known_before || index < reached;
            calm(number, index) + if is_out { noise as f32 } else { 0.0 }
        };

        // The version repeats the last hour that it knows, so that its forecasts depend on what it
        // reads.
        let last_known = FEATURE_NAMES.iter().position(|name| *name == "lag_24").unwrap();
        let predict = |rows: &[f32]| {
            let of = |row: &[f32]| Prediction { demand: row[0] * row[last_known], demand_p10: 0.0, demand_p90: 0.0 };
            Ok::<_, Infallible>(rows.chunks_exact(FEATURE_COUNT).map(of).collect())
        };
        let hours = (start() + predicted, start() + predicted + 1);
        let of = |history: &History| {
            let correction = BiasCorrection::of_forecasts(history, &Expected::nothing(UTC), hours, predict).unwrap();
            ["A", "B", "unseen"].map(|name| correction.ratio(&name.parse().unwrap(), hours.0).to_bits())
        };

        prop_assert_eq!(of(&history(calm, |_| false)), of(&history(shaken, |_| false)));
    }
}
