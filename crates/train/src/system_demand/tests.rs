use filrouge_model::{ConditionValues, HistoryRow};

use super::*;

fn start() -> Hour {
    "2025-01-06T00:00:00Z".parse().unwrap()
}

/// Forty weeks of a system that follows its model exactly, and `factor` times as much from hour
/// `from` on.
fn system(factor: f32, from: i64) -> History {
    let station = "A".parse().unwrap();
    let mut history = History::default();

    let row = |index: i64| {
        let wet = index / 5 % 7 == 0;
        let mean = 100.0 * (1.0 + (index % 24) as f32 / 10.0) * if wet { 0.4 } else { 1.0 };
        let shift = if index >= from { factor } else { 1.0 };

        HistoryRow {
            station_id: &station,
            hour: start() + index,
            departures: (mean * shift).round(),
            conditions: ConditionValues {
                temperature_c: 12.0,
                precipitation_mm: if wet { 2.0 } else { 0.0 },
                weather_code: if wet { 61.0 } else { 2.0 },
                ..ConditionValues::MISSING
            },
        }
    };

    history.extend((0..40 * 168).map(row)).unwrap();
    history
}

fn folds() -> Vec<Fold> {
    crate::folds::rolling_folds(start(), start() + 36 * 168 - 1).unwrap()
}

fn fit_all(history: &History) -> Option<SystemDemandModel> {
    FoldModels::fit(history, &folds(), chrono_tz::UTC)
        .all()
        .cloned()
}

#[test]
fn a_model_is_found_again_and_a_shift_stands_out_of_it() {
    let from = 39 * 168;
    let history = system(1.3, from);
    let model = fit_all(&history).unwrap();
    assert!(
        model.residual_scale.unwrap() < 0.1,
        "{:?}",
        model.residual_scale
    );

    let residual = |last: i64| {
        model
            .residual(&history, start() + last, chrono_tz::UTC)
            .unwrap()
            .relative
    };
    assert!(residual(from - 1).abs() < 0.01, "{}", residual(from - 1));
    assert!(
        (residual(from + 23) - 0.3).abs() < 0.01,
        "{}",
        residual(from + 23)
    );
}

#[test]
fn the_model_of_a_fold_knows_nothing_of_what_follows() {
    let folds = folds();
    let of = |from: Hour| FoldModels::fit(&system(1.3, from - start()), &folds, chrono_tz::UTC);
    let (calm, shaken) = (of(start() + 40 * 168), of(folds[2].start));
    let alike = |number: usize| calm.before(number) == shaken.before(number);
    assert_eq!(
        [alike(0), alike(1), alike(2), alike(3)],
        [true, true, true, false]
    );
    assert_ne!(calm.all(), shaken.all());
}

#[test]
fn a_heat_that_was_never_seen_has_the_effect_of_the_warmest_day() {
    let model = fit_all(&system(1.0, 0)).unwrap();
    let expected = |temperature_c: f32| {
        let known = ConditionValues {
            temperature_c,
            precipitation_mm: 0.0,
            weather_code: 2.0,
            ..ConditionValues::MISSING
        };
        model.expected(&DesignRow::of(&known, start() + 8, chrono_tz::UTC))
    };
    let ratio = expected(34.0) / expected(12.0);
    assert!((0.8..1.25).contains(&ratio), "{ratio}");
}

#[test]
fn a_day_that_is_not_counted_whole_is_not_judged() {
    let history = system(1.0, 0);
    let model = fit_all(&history).unwrap();
    assert_eq!(
        model.residual(&history, start() + 40 * 168, chrono_tz::UTC),
        None
    );
    assert_eq!(
        model.residual(&history, start() + 100, chrono_tz::UTC),
        None,
        "less than a week before"
    );
}

#[test]
fn a_short_history_or_a_dead_system_gives_no_model() {
    let dead = system(0.0, 0);
    assert_eq!(fit_all(&dead), None);
    assert_eq!(fit_all(&History::default()), None);
}
