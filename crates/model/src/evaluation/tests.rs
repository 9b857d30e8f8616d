use chrono_tz::UTC;
use filrouge_types::{Hour, StationId};

use super::*;
use crate::history::{ConditionValues, History, HistoryRow};
use crate::prediction::Prediction;

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-6,
        "{found} instead of {expected}"
    );
}

#[test]
fn the_measures_of_a_small_table_are_those_computed_by_hand() {
    let measures = Measures::of(&[0.0, 2.0, 4.0], &[1.0, 2.0, 2.0]);
    close(measures.mae, 1.0);
    close(measures.rmse, (5.0_f64 / 3.0).sqrt());
    close(
        measures.rmsle,
        ((2.0_f64.ln().powi(2) + (3.0_f64 / 5.0).ln().powi(2)) / 3.0).sqrt(),
    );

    close(measures.wape.unwrap(), 0.5);
    close(measures.r2.unwrap(), 1.0 - 5.0 / 8.0);
    close(
        measures.poisson_deviance,
        2.0 * (1.0 + 0.0 + (4.0 * 2.0_f64.ln() - 2.0)) / 3.0,
    );
    close(measures.bias, -1.0 / 3.0);
}

#[test]
fn a_perfect_forecast_has_no_error() {
    let measures = Measures::of(&[1.0, 3.0], &[1.0, 3.0]);
    assert_eq!(
        (
            measures.mae,
            measures.rmse,
            measures.rmsle,
            measures.poisson_deviance
        ),
        (0.0, 0.0, 0.0, 0.0)
    );
    assert_eq!((measures.wape, measures.r2), (Some(0.0), Some(1.0)));
}

#[test]
fn measures_that_would_divide_by_zero_are_absent() {
    let nothing_departed = Measures::of(&[0.0, 0.0], &[1.0, 0.0]);
    assert_eq!((nothing_departed.wape, nothing_departed.r2), (None, None));
    assert_eq!(Measures::of(&[], &[]), Measures::default());
}

#[test]
fn a_departure_where_nothing_was_forecast_costs_much_but_not_infinity() {
    assert!(Measures::of(&[1.0], &[0.0]).poisson_deviance.is_finite());
}

#[test]
fn coverage_counts_the_bounds_as_inside() {
    close(
        coverage(
            &[0.0, 1.0, 2.0, 3.0],
            &[0.0, 2.0, 0.0, 0.0],
            &[1.0, 3.0, 2.0, 2.9],
        ),
        0.5,
    );
}

#[test]
fn skill_is_the_share_of_the_baseline_error_that_the_model_avoids() {
    let measures = |mae| Measures {
        mae,
        ..Measures::default()
    };

    let evaluation = Evaluation {
        measures: measures(3.0),
        baselines: [
            ("weak".to_owned(), measures(6.0)),
            ("strong".to_owned(), measures(4.0)),
        ]
        .into(),
        ..Evaluation::default()
    };

    assert_eq!(evaluation.skill("weak"), Some(0.5));
    assert_eq!(evaluation.lowest_skill(), Some(0.25));
    assert_eq!(evaluation.skill("absent"), None);
}

/// One station counted every hour for two weeks, from Monday 5 January 2026: `hour of day`
/// departures on working days, one at the weekend.
fn two_weeks(station: &StationId) -> History {
    let monday: Hour = "2026-01-05T00:00:00Z".parse().unwrap();
    let rows = (0..14 * 24).map(|index| HistoryRow {
        station_id: station,
        hour: monday + index,
        departures: if index / 24 % 7 < 5 {
            (index % 24) as f32
        } else {
            1.0
        },
        conditions: ConditionValues::MISSING,
    });

    let mut history = History::default();
    history.extend(rows).unwrap();
    history
}

#[test]
fn the_baselines_repeat_last_week_and_the_mean_of_such_days() {
    let station: StationId = "A".parse().unwrap();
    let history = two_weeks(&station);
    let start: Hour = "2026-01-19T00:00:00Z".parse().unwrap();
    let baselines = Baselines::learn(&history, start, UTC);
    let (monday_8, saturday_8) = (start + 8, start + 5 * 24 + 8);

    assert_eq!(
        baselines.same_hour_last_week(&history, &station, monday_8, &ConditionValues::MISSING),
        8.0
    );
    assert_eq!(
        baselines.mean_by_hour_and_working_day(&station, monday_8, &ConditionValues::MISSING),
        8.0
    );

    assert_eq!(
        baselines.mean_by_hour_and_working_day(&station, saturday_8, &ConditionValues::MISSING),
        1.0
    );

    let holiday = ConditionValues {
        is_public_holiday: 1.0,
        ..ConditionValues::MISSING
    };

    assert_eq!(
        baselines.mean_by_hour_and_working_day(&station, monday_8, &holiday),
        1.0
    );
}

#[test]
fn the_means_are_learnt_before_the_evaluated_hours_only() {
    let station: StationId = "A".parse().unwrap();
    let history = two_weeks(&station);
    let start: Hour = "2026-01-05T00:00:00Z".parse().unwrap();
    let baselines = Baselines::learn(&history, start, UTC);
    assert_eq!(
        baselines.mean_by_hour_and_working_day(&station, start + 8, &ConditionValues::MISSING),
        0.0
    );
}

#[test]
fn a_station_without_history_gets_the_mean_of_the_others() {
    let history = two_weeks(&"A".parse().unwrap());
    let start: Hour = "2026-01-19T00:00:00Z".parse().unwrap();
    let baselines = Baselines::learn(&history, start, UTC);
    let newcomer = "B".parse().unwrap();
    assert_eq!(
        baselines.same_hour_last_week(&history, &newcomer, start + 8, &ConditionValues::MISSING),
        8.0
    );
}

/// Twelve hours of one station, of which 10 departures are forecast each: a weight of one half,
/// hence a variance of 5.
fn day(counts: [f32; 12]) -> WindowStats {
    let start = Hour::from_hours_since_epoch(0);
    let prediction = Prediction {
        demand: 10.0,
        demand_p10: 8.0,
        demand_p90: 12.0,
    };
    let mut day = WindowStats::starting(start);

    for (index, counted) in counts.into_iter().enumerate() {
        let mut hour = WindowStats::starting(start + index as i64);
        hour.add(&prediction, counted, 10.0);
        day.add_hour(&hour);
    }

    day
}

#[test]
fn a_day_is_told_from_its_forecasts_by_its_bias_and_by_its_dispersion() {
    let mut one_odd_hour = [10.0; 12];
    one_odd_hour[7] = 100.0;
    let alternate = std::array::from_fn(|hour| if hour % 2 == 0 { 5.0 } else { 15.0 });
    let cases = [
        ("as forecast", [10.0; 12], 0.0, LEAST_DISPERSION),
        (
            "a third more at every hour",
            [13.0; 12],
            0.3,
            LEAST_DISPERSION,
        ),
        // Forty-five over five, twenty standard deviations, of which four are believed.
        (
            "one odd hour",
            one_odd_hour,
            4.0 * 5.0_f64.sqrt() / 60.0,
            ((555.0_f64 / 1.75 - 105.0) / 11.0).ln(),
        ),
        // Each hour is 2.5 away from 5: 12 × 2.5² / 5, over 11.
        ("every other hour", alternate, 0.0, (15.0_f64 / 11.0).ln()),
    ];
    for (name, counts, bias, dispersion) in cases {
        let day = day(counts);
        assert!(
            (day.relative_bias().unwrap() - bias).abs() < 1e-9,
            "{name}: {:?}",
            day.relative_bias()
        );
        assert!(
            (day.hourly_dispersion().unwrap() - dispersion).abs() < 1e-9,
            "{name}: {:?}",
            day.hourly_dispersion()
        );
    }
    let nothing = WindowStats::starting(Hour::from_hours_since_epoch(0));
    assert_eq!(
        (nothing.relative_bias(), nothing.hourly_dispersion()),
        (None, None)
    );
}
