//! Fits the calibration by split conformal prediction (Vovk et al., *Algorithmic Learning in a
//! Random World*, 2005; Lei et al., 2018) on the hours of a backtest, which no tree has seen.
//!
//! Rows of like forecast make a group (Mondrian conformal prediction: one guarantee a group), and
//! the margins of a group are quantiles of its errors `√actual − x`.

use crate::calibration::{Calibration, Scale};

/// Share of the counts that the interval should hold.
const TARGET_COVERAGE: f64 = 0.8;

/// Share of the counts left outside when the future is like the calibration set.
const MISCOVERAGE: f64 = 0.2;

/// Bounds of the search for that share. Below [`MISCOVERAGE`] it answers a demand that drifts from
/// fold to fold, as far as it can without widening a calm future too much; above, hours so idle
/// that zero alone covers them and lifts the whole.
const MISCOVERAGE_BOUNDS: (f64, f64) = (0.18, 0.22);

/// Bisections of [`MISCOVERAGE_BOUNDS`]: to about a thousandth.
const BISECTIONS: usize = 5;

/// Share of the correction that is kept where most hours count nothing. There the median is zero
/// and the mean is a fraction that no hour ever counts: halfway between the square of the mean root
/// and the mean errs least, whether absolute or squared errors are judged.
const IDLE_CORRECTION: f64 = 0.5;

/// Rows that a knot is computed from, at least: a tenth of them decide each margin.
const MIN_ROWS_A_KNOT: usize = 400;

const MAX_KNOTS: usize = 16;

/// Distance between two knots, at least, in √departures: no slope divides by almost nothing.
const MIN_KNOT_DISTANCE: f64 = 1e-3;

/// Held-out forecasts beside their counts, fold by fold.
#[derive(Debug, Default)]
pub(crate) struct CalibrationSet {
    folds: Vec<Vec<HeldOut>>,
}

/// One hour that the trees had not seen.
#[derive(Debug, Clone, Copy)]
struct HeldOut {
    /// Forecast of √demand.
    root: f64,
    /// Departures counted.
    actual: f64,
    /// Number of the fold, from 0.
    fold: usize,
}

impl HeldOut {
    fn error(&self) -> f64 {
        self.actual.sqrt() - self.root
    }
}

impl CalibrationSet {
    /// Adds one fold: `roots` (forecasts of √demand) beside `actual` counts.
    pub(crate) fn add_fold(&mut self, roots: &[f64], actual: &[f32]) {
        let fold = self.folds.len();
        let held_out = roots.iter().zip(actual).map(|(root, actual)| HeldOut {
            root: *root,
            actual: f64::from(*actual),
            fold,
        });

        self.folds.push(held_out.collect());
    }

    /// Fits one calibration on all the folds.
    pub(crate) fn fit(&self, miscoverage: f64, scale: Scale) -> Calibration {
        fit(self.folds.concat(), miscoverage, scale)
    }

    /// For each fold, the calibration fitted on the others (leave one fold out).
    pub(crate) fn fit_without_each_fold(&self, miscoverage: f64, scale: Scale) -> Vec<Calibration> {
        let count = self.folds.len();
        let without = |left_out| {
            // A single fold has no other: it calibrates itself.
            let others = (0..count).filter(|fold| *fold != left_out || count == 1);
            let held_out = others.flat_map(|fold| &self.folds[fold]).copied();
            fit(held_out.collect(), miscoverage, scale)
        };

        (0..count).map(without).collect()
    }

    /// The miscoverage to calibrate with, so that [`TARGET_COVERAGE`] of the counts of a fold that
    /// the calibration has not seen are covered; found by bisection.
    pub(crate) fn tuned_miscoverage(&self) -> f64 {
        if self.folds.len() < 2 {
            return MISCOVERAGE;
        }

        let (mut low, mut high) = MISCOVERAGE_BOUNDS;

        for _ in 0..BISECTIONS {
            let middle = f64::midpoint(low, high);
            if self.held_out_coverage(middle) > TARGET_COVERAGE {
                low = middle
            } else {
                high = middle
            }
        }

        f64::midpoint(low, high)
    }

    /// Mean of the coverages of the folds, each by the calibration of the others: a fold says as
    /// much as another, whatever its number of rows.
    fn held_out_coverage(&self, miscoverage: f64) -> f64 {
        // Roots are scaled already: the interval around them reads no scale.
        let calibrations = self.fit_without_each_fold(miscoverage, Scale::default());
        let coverages = self.folds.iter().zip(&calibrations).map(coverage);

        coverages.sum::<f64>() / self.folds.len() as f64
    }
}

/// Share of the rows of a fold inside their interval.
fn coverage((fold, calibration): (&Vec<HeldOut>, &Calibration)) -> f64 {
    let covered = fold
        .iter()
        .filter(|hour| calibration.covers(hour.root, hour.actual));

    covered.count() as f64 / fold.len().max(1) as f64
}

/// Fits the curves: one knot a group, at its median forecast.
fn fit(mut held_out: Vec<HeldOut>, miscoverage: f64, scale: Scale) -> Calibration {
    held_out.sort_by(|a, b| {
        let by_root = a.root.total_cmp(&b.root);
        by_root.then(a.actual.total_cmp(&b.actual))
    });

    let mut calibration = Calibration {
        scale,
        knots: Vec::new(),
        values: Vec::new(),
    };

    for group in groups(&held_out) {
        let knot = group[group.len() / 2].root;
        let last = calibration.knots.last();

        if last.is_none_or(|last| knot > last + MIN_KNOT_DISTANCE) {
            calibration.knots.push(knot);
            calibration.values.push(curves_of(group, miscoverage));
        }
    }

    with_two_knots(calibration)
}

/// Adds knots until there are two, so that there is a slope.
fn with_two_knots(mut calibration: Calibration) -> Calibration {
    while calibration.knots.len() < 2 {
        let knot = calibration.knots.last().map_or(0.0, |knot| knot + 1.0);
        let value = calibration.values.last().copied();

        calibration.knots.push(knot);
        calibration.values.push(value.unwrap_or([0.0, 1.0, 1.0]));
    }

    calibration
}

/// Consecutive rows in groups of like size; rows of the same forecast stay together.
fn groups(held_out: &[HeldOut]) -> Vec<&[HeldOut]> {
    let count = (held_out.len() / MIN_ROWS_A_KNOT).clamp(1, MAX_KNOTS);
    let size = held_out.len().div_ceil(count);
    let mut rest = held_out;
    let mut groups = Vec::new();

    while let Some(lowest) = rest.first() {
        let alike = rest.partition_point(|hour| hour.root <= lowest.root + MIN_KNOT_DISTANCE);
        let (group, others) = rest.split_at(size.max(alike).min(rest.len()));
        groups.push(group);
        rest = others;
    }

    groups
}

/// Correction, lower margin, upper margin of a group.
fn curves_of(group: &[HeldOut], miscoverage: f64) -> [f64; 3] {
    let (lower, upper) = margins(group, miscoverage);
    let is_idle = 2 * zeros(group) > group.len();
    let kept = if is_idle { IDLE_CORRECTION } else { 1.0 };

    [kept * error_variance(group), lower, upper]
}

/// Number of rows that counted nothing.
fn zeros(group: &[HeldOut]) -> usize {
    group.iter().filter(|hour| hour.actual == 0.0).count()
}

/// `E[y] = E[√y]² + Var(√y)`: the variance of the errors corrects the mean that squaring a mean
/// root loses (Duan's smearing estimate, 1983).
///
/// Variance within each fold: the mean error of a fold tells how demand drifted during the
/// backtest, not how it will.
fn error_variance(group: &[HeldOut]) -> f64 {
    let folds = group
        .iter()
        .map(|hour| hour.fold)
        .max()
        .map_or(0, |n| n + 1);

    let squares = (0..folds).map(|fold| {
        let in_fold = group.iter().filter(|hour| hour.fold == fold);
        squared_deviations(in_fold.map(HeldOut::error).collect())
    });

    squares.sum::<f64>() / group.len() as f64
}

fn squared_deviations(errors: Vec<f64>) -> f64 {
    let mean = errors.iter().sum::<f64>() / errors.len().max(1) as f64;

    errors.iter().map(|error| (error - mean).powi(2)).sum()
}

/// Lower and upper margins that leave a share `miscoverage` of the group outside.
fn margins(group: &[HeldOut], miscoverage: f64) -> (f64, f64) {
    let outside = (group.len() as f64 * miscoverage) as usize;
    let lower = lower_margin(group, outside);

    let below = |hour: &&HeldOut| hour.actual.sqrt() < hour.root - lower;
    let outside_below = group.iter().filter(below).count();
    let outside_above = outside - outside_below.min(outside);

    let upper = largest_but(group.iter().map(HeldOut::error), outside_above);
    (lower, upper)
}

fn lower_margin(group: &[HeldOut], outside: usize) -> f64 {
    // No count is below zero: where zeros alone are more than may be left outside, the interval
    // starts at zero and its upper end alone decides the coverage. Twice the highest forecast stays
    // below zero when interpolated with the groups beside.
    if zeros(group) > outside {
        return 2.0 * group.iter().map(|hour| hour.root).fold(0.0, f64::max);
    }

    largest_but(group.iter().map(|hour| -hour.error()), outside / 2)
}

/// The largest value once the `dropped` largest are left out; never negative.
fn largest_but(values: impl Iterator<Item = f64>, dropped: usize) -> f64 {
    let mut values: Vec<f64> = values.collect();

    values.sort_by(|a, b| b.total_cmp(a));
    values.get(dropped).copied().unwrap_or(0.0).max(0.0)
}

#[cfg(test)]
mod tests;
