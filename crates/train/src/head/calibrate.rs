use super::{Head, Scale};

/// Share of the truths that the interval misses when the future is like the rehearsals.
const MISSED: f64 = 0.2;

/// What the search for the share of misses may choose from. Less than [`MISSED`] answers a demand
/// that drifts from fold to fold, as far as it can be answered without widening a calm future too
/// much; more, hours so idle that zero alone covers them and lifts the whole.
const MISSED_BOUNDS: (f64, f64) = (0.18, 0.22);

/// Share of the unseen truths that the interval is meant to hold.
const WANTED: f64 = 0.8;

/// Halvings of [`MISSED_BOUNDS`]: to a third of a hundredth.
const HALVINGS: usize = 5;

/// What is kept of the correction where most hours count nothing. There the median is zero and the
/// mean is a fraction that no hour ever counts: halfway between the square of the mean root and the
/// mean errs least, whether absolute or squared errors are judged.
const IDLE_CORRECTION: f64 = 0.5;

/// Rows that a knot is computed from, at least: a tenth of them decide each margin.
const ROWS_A_KNOT: usize = 400;

const MOST_KNOTS: usize = 16;

/// Knots are further apart than this, in roots of departures, so that no slope is a division by
/// almost nothing.
const CLOSEST_KNOTS: f64 = 1e-3;

/// Forecasts of hours that the trees had not seen, fold by fold, beside the truths.
#[derive(Debug, Default)]
pub(crate) struct Rehearsed {
    folds: Vec<Vec<Pair>>,
}

/// One hour that the trees had not seen.
#[derive(Debug, Clone, Copy)]
struct Pair {
    /// Forecast of the root of demand.
    root: f64,
    /// Demand.
    truth: f64,
    /// Number of the fold, from 0.
    fold: usize,
}

impl Pair {
    fn error(&self) -> f64 {
        self.truth.sqrt() - self.root
    }
}

impl Rehearsed {
    /// Adds one fold: `roots` (forecasts of the root of demand) beside `truths`.
    pub(crate) fn add(&mut self, roots: &[f64], truths: &[f32]) {
        let fold = self.folds.len();
        let pairs = roots.iter().zip(truths).map(|(root, truth)| Pair {
            root: *root,
            truth: f64::from(*truth),
            fold,
        });
        self.folds.push(pairs.collect());
    }

    /// The heads to judge each fold with, learnt from the others.
    pub(crate) fn held_out_heads(&self, missed: f64, scale: Scale) -> Vec<Head> {
        let all = self.folds.len();
        let learnt = (0..all).map(|held_out| {
            let others = (0..all).filter(|fold| *fold != held_out || all == 1);
            Head::learn(
                others.flat_map(|fold| &self.folds[fold]).copied().collect(),
                missed,
                scale,
            )
        });
        learnt.collect()
    }

    /// The share of misses that a head is to be learnt with so that it covers [`WANTED`] of the
    /// truths of a fold that it has not seen.
    pub(crate) fn missed_share(&self) -> f64 {
        if self.folds.len() < 2 {
            return MISSED;
        }

        let (mut least, mut most) = MISSED_BOUNDS;

        for _ in 0..HALVINGS {
            let middle = f64::midpoint(least, most);
            if self.held_out_coverage(middle) > WANTED {
                least = middle
            } else {
                most = middle
            }
        }

        f64::midpoint(least, most)
    }

    /// The head learnt from all the folds.
    pub(crate) fn head(&self, missed: f64, scale: Scale) -> Head {
        Head::learn(self.folds.concat(), missed, scale)
    }

    /// The mean of the folds' coverages: a fold says as much as another, whatever its number of
    /// rows.
    fn held_out_coverage(&self, missed: f64) -> f64 {
        let heads = self.held_out_heads(
            missed,
            Scale {
                default: 1.0,
                correction_strength: 0.0,
            },
        );

        let covered = self.folds.iter().zip(&heads).map(|(fold, head)| {
            let inside = fold
                .iter()
                .filter(|pair| head.covers(pair.root, pair.truth))
                .count();
            inside as f64 / fold.len().max(1) as f64
        });

        covered.sum::<f64>() / self.folds.len() as f64
    }
}

impl Head {
    /// Learns the curves from forecasts of the root of demand beside the demand of hours that the
    /// trees had not seen.
    ///
    /// This is split conformal prediction (Vovk et al., 2005; Lei et al., 2018) on the root scale,
    /// by level: within each group of rows of like forecast, the margins are quantiles of what the
    /// truths needed. Counts cannot be fewer than none: where zero alone is likelier than the share
    /// that may be missed, the interval starts at zero and its upper end alone decides the
    /// coverage.
    fn learn(mut pairs: Vec<Pair>, missed: f64, scale: Scale) -> Self {
        pairs.sort_by(|a, b| a.root.total_cmp(&b.root).then(a.truth.total_cmp(&b.truth)));
        let mut head = Self {
            scale,
            knots: Vec::new(),
            values: Vec::new(),
        };

        for group in groups(&pairs) {
            let knot = group[group.len() / 2].root;
            if head
                .knots
                .last()
                .is_none_or(|last| knot > last + CLOSEST_KNOTS)
            {
                head.knots.push(knot);
                head.values.push(curves_of(group, missed));
            }
        }

        head.complete()
    }

    fn covers(&self, root: f64, truth: f64) -> bool {
        let [_, lower, upper] = self.curves(root);
        let truth = truth.sqrt();
        (root - lower).max(0.0) <= truth && truth <= root + upper
    }

    /// At least two knots, so that there is a slope.
    fn complete(mut self) -> Self {
        while self.knots.len() < 2 {
            self.knots
                .push(self.knots.last().map_or(0.0, |knot| knot + 1.0));
            self.values
                .push(self.values.last().copied().unwrap_or([0.0, 1.0, 1.0]));
        }
        self
    }
}

/// Consecutive rows in groups of like size; rows of the same forecast stay together.
fn groups(pairs: &[Pair]) -> Vec<&[Pair]> {
    let size = pairs
        .len()
        .div_ceil((pairs.len() / ROWS_A_KNOT).clamp(1, MOST_KNOTS));
    let mut rest = pairs;
    let mut groups = Vec::new();
    while let Some(lowest) = rest.first() {
        let alike = rest.partition_point(|pair| pair.root <= lowest.root + CLOSEST_KNOTS);
        let (group, others) = rest.split_at(size.max(alike).min(rest.len()));
        groups.push(group);
        rest = others;
    }
    groups
}

fn curves_of(group: &[Pair], missed: f64) -> [f64; 3] {
    let (lower, upper) = margins(group, missed);
    let is_idle = 2 * zeros(group) > group.len();
    let kept = if is_idle { IDLE_CORRECTION } else { 1.0 };
    [kept * spread(group), lower, upper]
}

/// Rows that counted nothing.
fn zeros(group: &[Pair]) -> usize {
    group.iter().filter(|pair| pair.truth == 0.0).count()
}

/// What squaring the mean of roots loses: the mean of a square is the square of the mean plus the
/// variance. The errors' own mean in each fold is left out, for it says how demand drifted during
/// the rehearsals, not how it will.
fn spread(group: &[Pair]) -> f64 {
    let folds = group
        .iter()
        .map(|pair| pair.fold)
        .max()
        .map_or(0, |last| last + 1);

    let squares = (0..folds).map(|fold| {
        let errors = || {
            group
                .iter()
                .filter(|pair| pair.fold == fold)
                .map(Pair::error)
        };
        let mean = errors().sum::<f64>() / errors().count().max(1) as f64;
        errors().map(|error| (error - mean).powi(2)).sum::<f64>()
    });

    squares.sum::<f64>() / group.len() as f64
}

fn margins(group: &[Pair], missed: f64) -> (f64, f64) {
    let missed = (group.len() as f64 * missed) as usize;
    let lower = if zeros(group) > missed {
        // Below the lowest forecast of the group and of its neighbours: the interval starts at
        // zero.
        2.0 * group.iter().map(|pair| pair.root).fold(0.0, f64::max)
    } else {
        largest_but(group.iter().map(|pair| -pair.error()), missed / 2)
    };

    let missed_below = group
        .iter()
        .filter(|pair| pair.truth.sqrt() < pair.root - lower)
        .count();
    let upper = largest_but(
        group.iter().map(Pair::error),
        missed - missed_below.min(missed),
    );

    (lower, upper)
}

/// The largest value once the `dropped` largest are left out; never negative.
fn largest_but(values: impl Iterator<Item = f64>, dropped: usize) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values.get(dropped).copied().unwrap_or(0.0).max(0.0)
}
