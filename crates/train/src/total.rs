//! Learns the law of the whole system's total, which features read and the watch judges days by.

use chrono_tz::Tz;
use filrouge_model::monitoring::mad_sigma;
use filrouge_model::{DESIGN_COLUMNS, DesignRow, History, SystemDemandModel};
use filrouge_types::Hour;

use crate::linear::solve;
use crate::rolling::Fold;

/// Newton's steps: the logarithm of the likelihood is concave, a few are enough.
const STEPS: usize = 12;

/// The longest move of a weight in one step, so that an hour that counts nothing does not throw the
/// others far away.
const LONGEST_MOVE: f64 = 1.0;

/// Shrinks the weights, by row: terms that always go together share their effect instead of
/// fighting over it.
const SHRINKAGE: f64 = 1e-4;

/// Draws the weights of like terms together, by row: a heat that was never seen has the effect of
/// the warmest day.
const SMOOTHNESS: f64 = 3e-3;

/// A weight that moves less than this has arrived.
const SHORTEST_MOVE: f64 = 1e-6;

/// Hours without which nothing is learnt: four weeks.
const FEWEST_HOURS: usize = 4 * 7 * 24;

/// Days are tried every so many hours of a fold.
const STRIDE_HOURS: i64 = 6;

/// Days tried without which their spread is not known.
const FEWEST_DAYS: usize = 28;

/// One hour of the system.
struct Row {
    hour: Hour,
    counted: f64,
    terms: DesignRow,
}

/// The laws of a history: that of all its hours, and those that were known before each fold.
///
/// The features of a fold, learnt from or forecast, read the law of the hours before it: none tells
/// an hour that comes from the same days as what it is judged on. The hours that trees learn from
/// were learnt by the law too; measured on two cities, a law of other hours serves them no better,
/// and one of the hours before them worse.
#[derive(Debug, Default)]
pub(crate) struct Laws {
    before: Vec<Option<SystemDemandModel>>,
    all: Option<SystemDemandModel>,
}

impl Laws {
    pub(crate) fn learn(history: &History, folds: &[Fold], time_zone: Tz) -> Self {
        let rows = rows(history, time_zone);
        let mut laws = Self::default();
        let mut near = None;

        for fold in folds {
            let before = rows.partition_point(|row| row.hour < fold.start);
            near = fit(&rows[..before], near.as_ref());
            laws.before.push(near.clone());
        }

        laws.all = fit(&rows, near.as_ref());
        laws.all = laws.all.map(|law| SystemDemandModel {
            residual_scale: spread(history, folds, &laws.before, time_zone),
            ..law
        });

        laws
    }

    /// The law of all the hours; nothing when there are too few.
    pub(crate) fn all(&self) -> Option<&SystemDemandModel> {
        self.all.as_ref()
    }

    /// The law of the hours before fold `number`, from 0.
    pub(crate) fn before(&self, number: usize) -> Option<&SystemDemandModel> {
        self.before.get(number)?.as_ref()
    }
}

/// The law of the hours of `history` before `end`, or of all of them; nothing when there are too
/// few.
pub(crate) fn before(
    history: &History,
    end: Option<Hour>,
    time_zone: Tz,
) -> Option<SystemDemandModel> {
    let mut rows = rows(history, time_zone);
    rows.retain(|row| end.is_none_or(|end| row.hour < end));
    fit(&rows, None)
}

/// The spread of stable days, in units of chance ([`SystemDemandModel::residual_scale`]): those of each fold,
/// judged by the law of the hours before it.
fn spread(
    history: &History,
    folds: &[Fold],
    laws: &[Option<SystemDemandModel>],
    time_zone: Tz,
) -> Option<f64> {
    let mut residuals: Vec<f64> = Vec::new();

    for (fold, law) in folds.iter().zip(laws) {
        let Some(law) = law else { continue };
        let days = (HOURS_A_DAY..=fold.end - fold.start).step_by(STRIDE_HOURS as usize);
        let residual = |hours: i64| law.residual(history, fold.start + hours - 1, time_zone);
        residuals.extend(
            days.filter_map(residual)
                .map(|system| system.relative * system.expected.sqrt()),
        );
    }

    (residuals.len() >= FEWEST_DAYS).then(|| mad_sigma(residuals))
}

const HOURS_A_DAY: i64 = 24;

/// The hours of `history` that were counted.
fn rows(history: &History, time_zone: Tz) -> Vec<Row> {
    let counted = history
        .system_hours()
        .filter(|(_, counted)| !counted.is_nan());
    counted
        .map(|(hour, counted)| Row {
            hour,
            counted: f64::from(counted),
            terms: DesignRow::of_system(history, hour, time_zone),
        })
        .collect()
}

/// The log-linear law of greatest likelihood, were counts those of Poisson, shrunk a little; sought
/// from `near`.
fn fit(rows: &[Row], near: Option<&SystemDemandModel>) -> Option<SystemDemandModel> {
    let mean = rows.iter().map(|row| row.counted).sum::<f64>() / rows.len().max(1) as f64;
    if rows.len() < FEWEST_HOURS || mean <= 0.0 {
        return None;
    }

    let mut law = near.cloned().unwrap_or_else(|| SystemDemandModel {
        coefficients: vec![0.0; DESIGN_COLUMNS],
        residual_scale: None,
    });

    for _ in 0..STEPS {
        let moves = newton(rows, mean, &law);
        let longest = moves
            .iter()
            .fold(0.0_f64, |longest, step| longest.max(step.abs()));

        for (weight, step) in law.coefficients.iter_mut().zip(moves) {
            *weight += step.clamp(-LONGEST_MOVE, LONGEST_MOVE);
        }

        if longest < SHORTEST_MOVE {
            break;
        }
    }

    law.coefficients
        .iter()
        .all(|weight| weight.is_finite())
        .then_some(law)
}

/// Where the gradient of the likelihood, straightened by its curvature, leads.
fn newton(rows: &[Row], mean: f64, law: &SystemDemandModel) -> Vec<f64> {
    let shrinkage = SHRINKAGE * rows.len() as f64;
    let mut gradient: Vec<f64> = law
        .coefficients
        .iter()
        .map(|weight| -shrinkage * weight)
        .collect();
    let mut curvature = vec![vec![0.0; DESIGN_COLUMNS]; DESIGN_COLUMNS];

    (0..DESIGN_COLUMNS).for_each(|term| curvature[term][term] = shrinkage);
    let smoothness = SMOOTHNESS * rows.len() as f64;

    for (a, b) in DesignRow::smoothness_pairs() {
        let apart = smoothness * (law.coefficients[a] - law.coefficients[b]);
        gradient[a] -= apart;
        gradient[b] += apart;
        curvature[a][a] += smoothness;
        curvature[b][b] += smoothness;
        curvature[a.max(b)][a.min(b)] -= smoothness;
    }

    for row in rows {
        let expected = law.expected(&row.terms);
        for (a, left) in row.terms.iter() {
            gradient[a] += left * (row.counted / mean - expected);
            for (b, right) in row.terms.iter().filter(|(b, _)| *b <= a) {
                curvature[a][b] += expected * left * right;
            }
        }
    }

    solve(curvature, &gradient)
}

#[cfg(test)]
mod tests {
    use filrouge_model::{ConditionValues, HistoryRow};

    use super::*;

    fn start() -> Hour {
        "2025-01-06T00:00:00Z".parse().unwrap()
    }

    /// Forty weeks of a system that follows a law exactly, and `factor` times as much from hour
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
        crate::rolling::folds(start(), start() + 36 * 168 - 1).unwrap()
    }

    fn learn(history: &History) -> Option<SystemDemandModel> {
        Laws::learn(history, &folds(), chrono_tz::UTC)
            .all()
            .cloned()
    }

    #[test]
    fn a_law_is_found_again_and_a_shift_stands_out_of_it() {
        let from = 39 * 168;
        let history = system(1.3, from);
        let law = learn(&history).unwrap();
        assert!(
            law.residual_scale.unwrap() < 0.1,
            "{:?}",
            law.residual_scale
        );

        let residual = |last: i64| {
            law.residual(&history, start() + last, chrono_tz::UTC)
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
    fn the_law_of_a_fold_knows_nothing_of_what_follows() {
        let folds = folds();
        let of = |from: Hour| Laws::learn(&system(1.3, from - start()), &folds, chrono_tz::UTC);
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
        let law = learn(&system(1.0, 0)).unwrap();
        let expected = |temperature_c: f32| {
            let known = ConditionValues {
                temperature_c,
                precipitation_mm: 0.0,
                weather_code: 2.0,
                ..ConditionValues::MISSING
            };
            law.expected(&DesignRow::of(&known, start() + 8, chrono_tz::UTC))
        };
        let ratio = expected(34.0) / expected(12.0);
        assert!((0.8..1.25).contains(&ratio), "{ratio}");
    }

    #[test]
    fn a_day_that_is_not_counted_whole_is_not_judged() {
        let history = system(1.0, 0);
        let law = learn(&history).unwrap();
        assert_eq!(
            law.residual(&history, start() + 40 * 168, chrono_tz::UTC),
            None
        );
        assert_eq!(
            law.residual(&history, start() + 100, chrono_tz::UTC),
            None,
            "less than a week before"
        );
    }

    #[test]
    fn a_short_history_or_a_dead_system_gives_no_law() {
        let dead = system(0.0, 0);
        assert_eq!(learn(&dead), None);
        assert_eq!(learn(&History::default()), None);
    }
}
