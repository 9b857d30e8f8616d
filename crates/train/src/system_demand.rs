//! Fits the Poisson regression of the system's demand, `log E[y] = Σ coefficient · value`, by
//! penalised maximum likelihood: Newton's method on a concave function (McCullagh & Nelder,
//! *Generalized Linear Models*, 1989).

use chrono_tz::Tz;
use filrouge_model::monitoring::mad_sigma;
use filrouge_model::{DESIGN_COLUMNS, DesignRow, History, SystemDemandModel};
use filrouge_types::Hour;

use crate::cholesky::solve;
use crate::folds::Fold;

/// Newton's steps: the log-likelihood is concave, a few are enough.
const MAX_STEPS: usize = 12;

/// The longest move of a coefficient in one step, so that an hour that counts nothing does not
/// throw the others far away.
const MAX_MOVE: f64 = 1.0;

/// A coefficient that moves less than this has converged.
const TOLERANCE: f64 = 1e-6;

/// Ridge penalty, by row: terms that always go together share their effect instead of fighting over
/// it.
const RIDGE: f64 = 1e-4;

/// Penalty on the difference of the coefficients of like terms, by row (Eilers & Marx, 1996): a
/// heat that was never seen has the effect of the warmest day.
const SMOOTHNESS: f64 = 3e-3;

/// Hours without which nothing is fitted: four weeks.
const MIN_HOURS: usize = 4 * 7 * 24;

const HOURS_A_DAY: i64 = 24;

/// A day is judged every so many hours of a fold: closer ones would share most of their hours.
const STRIDE_HOURS: usize = 6;

/// Days without which the spread of their residuals is not known.
const MIN_DAYS: usize = 28;

/// One hour of the system.
struct Observation {
    hour: Hour,
    counted: f64,
    terms: DesignRow,
}

/// The models of a history: one of all its hours, and one of the hours before each fold.
///
/// The features of a fold, learnt from or forecast, read the model of the hours before it: none
/// knows the days that it is judged on. The hours that trees learn from were learnt by that model
/// too; measured on two cities, a model of other hours serves them no better, and one of the hours
/// before them worse.
#[derive(Debug, Default)]
pub(crate) struct FoldModels {
    before: Vec<Option<SystemDemandModel>>,
    all: Option<SystemDemandModel>,
}

impl FoldModels {
    pub(crate) fn fit(history: &History, folds: &[Fold], time_zone: Tz) -> Self {
        let rows = observations(history, time_zone);
        let mut before = Vec::new();
        let mut nearest = None;

        // Each fit starts from the one before: a few more weeks move it little.
        for fold in folds {
            let end = rows.partition_point(|row| row.hour < fold.start);
            nearest = fit(&rows[..end], nearest.as_ref());
            before.push(nearest.clone());
        }

        let all = fit(&rows, nearest.as_ref()).map(|model| SystemDemandModel {
            residual_scale: residual_scale(history, folds, &before, time_zone),
            ..model
        });

        Self { before, all }
    }

    /// The model of all the hours; nothing when there are too few.
    pub(crate) fn all(&self) -> Option<&SystemDemandModel> {
        self.all.as_ref()
    }

    /// The model of the hours before fold `number`, from 0.
    pub(crate) fn before(&self, number: usize) -> Option<&SystemDemandModel> {
        self.before.get(number)?.as_ref()
    }
}

/// Fits the hours of `history` before `end`, or all of them; nothing when there are too few.
pub(crate) fn fit_before(
    history: &History,
    end: Option<Hour>,
    time_zone: Tz,
) -> Option<SystemDemandModel> {
    let mut rows = observations(history, time_zone);

    rows.retain(|row| end.is_none_or(|end| row.hour < end));
    fit(&rows, None)
}

/// `1.4826 · median |r| √e` over the days of the folds, each judged by the model of the hours before
/// it, where `r` is the relative residual of a day and `e` what it was expected to count
/// ([`SystemDemandModel::residual_scale`]).
fn residual_scale(
    history: &History,
    folds: &[Fold],
    models: &[Option<SystemDemandModel>],
    time_zone: Tz,
) -> Option<f64> {
    let mut residuals: Vec<f64> = Vec::new();

    for (fold, model) in folds.iter().zip(models) {
        let Some(model) = model else { continue };
        let ends = (HOURS_A_DAY..=fold.end - fold.start).step_by(STRIDE_HOURS);
        let residual = |hours: i64| model.residual(history, fold.start + hours - 1, time_zone);
        let scaled = ends
            .filter_map(residual)
            .map(|residual| residual.relative * residual.expected.sqrt());
        residuals.extend(scaled);
    }

    (residuals.len() >= MIN_DAYS).then(|| mad_sigma(residuals))
}

/// The hours of `history` that were counted.
fn observations(history: &History, time_zone: Tz) -> Vec<Observation> {
    let counted = history
        .system_hours()
        .filter(|(_, counted)| !counted.is_nan());

    counted
        .map(|(hour, counted)| Observation {
            hour,
            counted: f64::from(counted),
            terms: DesignRow::of_system(history, hour, time_zone),
        })
        .collect()
}

/// Maximises the penalised likelihood, starting from the coefficients of `nearest`.
fn fit(rows: &[Observation], nearest: Option<&SystemDemandModel>) -> Option<SystemDemandModel> {
    let mean = rows.iter().map(|row| row.counted).sum::<f64>() / rows.len().max(1) as f64;

    if rows.len() < MIN_HOURS || mean <= 0.0 {
        return None;
    }

    let mut model = nearest.cloned().unwrap_or_else(|| SystemDemandModel {
        coefficients: vec![0.0; DESIGN_COLUMNS],
        residual_scale: None,
    });

    for _ in 0..MAX_STEPS {
        let step = newton_step(rows, mean, &model);
        let longest = step.iter().map(|step| step.abs()).fold(0.0, f64::max);

        for (coefficient, step) in model.coefficients.iter_mut().zip(step) {
            *coefficient += step.clamp(-MAX_MOVE, MAX_MOVE);
        }

        if longest < TOLERANCE {
            break;
        }
    }

    // Counts too odd for the method end in infinities: no model is better than that one.
    let is_finite = model.coefficients.iter().all(|weight| weight.is_finite());
    is_finite.then_some(model)
}

/// `H⁻¹ g`: gradient and (negated) Hessian of the penalised log-likelihood.
fn newton_step(rows: &[Observation], mean: f64, model: &SystemDemandModel) -> Vec<f64> {
    let mut gradient = vec![0.0; DESIGN_COLUMNS];
    let mut hessian = vec![vec![0.0; DESIGN_COLUMNS]; DESIGN_COLUMNS];

    add_penalties(&mut gradient, &mut hessian, &model.coefficients, rows.len());

    for row in rows {
        let expected = model.expected(&row.terms);
        // Counts over their mean: coefficients near zero are then a good start in any city.
        let residual = row.counted / mean - expected;

        for (a, left) in row.terms.iter() {
            gradient[a] += left * residual;
            for (b, right) in row.terms.iter().filter(|(b, _)| *b <= a) {
                hessian[a][b] += expected * left * right;
            }
        }
    }

    solve(hessian, &gradient)
}

/// Only the lower half of the Hessian is filled: `solve` reads no other.
fn add_penalties(gradient: &mut [f64], hessian: &mut [Vec<f64>], weights: &[f64], rows: usize) {
    let ridge = RIDGE * rows as f64;
    let smoothness = SMOOTHNESS * rows as f64;

    for (term, weight) in weights.iter().enumerate() {
        gradient[term] = -ridge * weight;
        hessian[term][term] = ridge;
    }

    for (a, b) in DesignRow::smoothness_pairs() {
        let pull = smoothness * (weights[a] - weights[b]);
        gradient[a] -= pull;
        gradient[b] += pull;

        hessian[a][a] += smoothness;
        hessian[b][b] += smoothness;
        hessian[a.max(b)][a.min(b)] -= smoothness;
    }
}

#[cfg(test)]
mod tests;
