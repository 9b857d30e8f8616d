//! Learns the law of the whole system's total, which the watch judges days by.

use chrono_tz::Tz;
use filrouge_model::History;
use filrouge_model::watch::{TERMS, Terms, TotalLaw};
use filrouge_types::Hour;

use crate::linear::solve;
use crate::rolling::Fold;

/// Newton's steps: the logarithm of the likelihood is concave, a few are enough.
const STEPS: usize = 12;

/// The longest move of a weight in one step, so that an hour that counts nothing does not throw the others far away.
const LONGEST_MOVE: f64 = 1.0;

/// Shrinks the weights, by row: terms that always go together share their effect instead of fighting over it.
const SHRINKAGE: f64 = 1e-4;

/// Hours without which nothing is learnt: eight weeks.
const FEWEST_HOURS: usize = 8 * 7 * 24;

/// Days are tried every so many hours of a fold.
const STRIDE_HOURS: i64 = 6;

/// Days tried without which their spread is not known.
const FEWEST_DAYS: usize = 28;

/// The median absolute deviation of a normal law is 0.6745 of its standard deviation.
const NORMAL: f64 = 1.4826;

/// One hour of the system.
struct Row {
    hour: Hour,
    counted: f64,
    terms: Terms,
}

/// The law of all the hours, and the spread of stable days: those of each fold, judged by a law of the hours before it.
/// Nothing when the history is too short to know either.
pub(crate) fn learn(history: &History, folds: &[Fold], time_zone: Tz) -> Option<TotalLaw> {
    let rows: Vec<Row> = history
        .system_hours()
        .filter(|(_, counted)| !counted.is_nan())
        .map(|(hour, counted)| Row {
            hour,
            counted: f64::from(counted),
            terms: Terms::of(&history.shared_known(hour), hour, time_zone),
        })
        .collect();
    let mut excesses: Vec<f64> = Vec::new();
    for fold in folds {
        let before = rows.partition_point(|row| row.hour < fold.start);
        let Some(law) = fit(&rows[..before]) else { continue };
        let days = (HOURS_A_DAY..=fold.end - fold.start).step_by(STRIDE_HOURS as usize);
        excesses.extend(days.filter_map(|hours| law.excess(history, fold.start + hours - 1, time_zone)));
    }
    if excesses.len() < FEWEST_DAYS {
        return None;
    }
    excesses.iter_mut().for_each(|excess| *excess = excess.abs());
    excesses.sort_by(f64::total_cmp);
    fit(&rows).map(|law| TotalLaw { spread: NORMAL * excesses[excesses.len() / 2], ..law })
}

const HOURS_A_DAY: i64 = 24;

/// The log-linear law of greatest likelihood, were counts those of Poisson, shrunk a little.
fn fit(rows: &[Row]) -> Option<TotalLaw> {
    let mean = rows.iter().map(|row| row.counted).sum::<f64>() / rows.len().max(1) as f64;
    if rows.len() < FEWEST_HOURS || mean <= 0.0 {
        return None;
    }
    let mut law = TotalLaw { weights: vec![0.0; TERMS], spread: 0.0 };
    for _ in 0..STEPS {
        let moves = newton(rows, mean, &law);
        for (weight, step) in law.weights.iter_mut().zip(moves) {
            *weight += step.clamp(-LONGEST_MOVE, LONGEST_MOVE);
        }
    }
    law.weights.iter().all(|weight| weight.is_finite()).then_some(law)
}

/// Where the gradient of the likelihood, straightened by its curvature, leads.
fn newton(rows: &[Row], mean: f64, law: &TotalLaw) -> Vec<f64> {
    let shrinkage = SHRINKAGE * rows.len() as f64;
    let mut gradient: Vec<f64> = law.weights.iter().map(|weight| -shrinkage * weight).collect();
    let mut curvature = vec![vec![0.0; TERMS]; TERMS];
    (0..TERMS).for_each(|term| curvature[term][term] = shrinkage);
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
    use filrouge_model::{HistoryRow, Known};

    use super::*;

    fn start() -> Hour {
        "2025-01-06T00:00:00Z".parse().unwrap()
    }

    /// Forty weeks of a system that follows a law exactly, and `factor` times as much from hour `from` on.
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
                known: Known {
                    temperature_c: 12.0,
                    precipitation_mm: if wet { 2.0 } else { 0.0 },
                    weather_code: if wet { 61.0 } else { 2.0 },
                    ..Known::MISSING
                },
            }
        };
        history.extend((0..40 * 168).map(row)).unwrap();
        history
    }

    fn folds() -> Vec<Fold> {
        crate::rolling::folds(start(), start() + 36 * 168 - 1).unwrap()
    }

    #[test]
    fn a_law_is_found_again_and_a_shift_stands_out_of_it() {
        let from = 39 * 168;
        let history = system(1.3, from);
        let law = learn(&history, &folds(), chrono_tz::UTC).unwrap();
        assert!(law.spread < 0.01, "{}", law.spread);
        let excess = |last: i64| law.excess(&history, start() + last, chrono_tz::UTC).unwrap();
        assert!(excess(from - 1).abs() < 0.01, "{}", excess(from - 1));
        assert!((excess(from + 23) - 0.3).abs() < 0.01, "{}", excess(from + 23));
    }

    #[test]
    fn a_day_that_is_not_counted_whole_is_not_judged() {
        let history = system(1.0, 0);
        let law = learn(&history, &folds(), chrono_tz::UTC).unwrap();
        assert_eq!(law.excess(&history, start() + 40 * 168, chrono_tz::UTC), None);
        assert_eq!(law.excess(&history, start() + 100, chrono_tz::UTC), None, "less than a week before");
    }

    #[test]
    fn a_short_history_or_a_dead_system_gives_no_law() {
        let dead = system(0.0, 0);
        assert_eq!(learn(&dead, &folds(), chrono_tz::UTC), None);
        assert_eq!(learn(&History::default(), &folds(), chrono_tz::UTC), None);
    }
}
