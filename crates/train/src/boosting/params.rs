use filrouge_types::Hour;

/// Below this number of rows trees stay small, or they would overfit; and folds learn from all the
/// rows.
const FEW_ROWS: usize = 50_000;

/// Rows that one fold learns from, at most: the four of them together then cost one version of half
/// a million rows.
const MAX_FOLD_ROWS: usize = 125_000;

/// Rows that the boosters of a model learn from, all together, at most; unless one booster has more
/// or days are few.
const MAX_TOTAL_ROWS: usize = 60_000;

/// Boosters of one model, at most, and before a year has been seen: past this, their mean gains
/// nothing.
const MAX_BOOSTERS: usize = 5;

const YEAR_HOURS: i64 = 365 * 24;

/// Hyperparameters: the folds of a backtest and the version that follows share them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BoosterParams {
    pub(crate) learning_rate: f32,
    /// Leaves of a tree, at most.
    pub(crate) max_leaves: usize,
    /// A fold learns from one row in so many.
    pub(crate) fold_stride: usize,
    /// Boosters whose mean makes a model.
    boosters: usize,
}

impl BoosterParams {
    /// For so many rows, drawn from those of `hours`. Measured on a simulated city, on the counters
    /// of Paris and on Capital Bikeshare (decision 0082).
    pub(crate) fn for_rows(rows: usize, hours: &[Hour]) -> Self {
        let is_much = rows >= FEW_ROWS;
        let (learning_rate, max_leaves) = if is_much { (0.15, 127) } else { (0.1, 31) };
        let fold_stride = if is_much {
            rows.div_ceil(MAX_FOLD_ROWS).max(2)
        } else {
            1
        };

        let min_boosters = if span_a_year(hours) { 1 } else { MAX_BOOSTERS };
        let boosters = (MAX_TOTAL_ROWS / rows.max(1)).clamp(min_boosters, MAX_BOOSTERS);

        Self {
            learning_rate,
            max_leaves,
            fold_stride,
            boosters,
        }
    }

    /// The same with one booster: enough where a model is not kept.
    pub(crate) fn with_one_booster(self) -> Self {
        Self {
            boosters: 1,
            ..self
        }
    }

    /// One seed a booster. Each tree draws some of the columns, so boosters of different seeds err
    /// differently, and their mean less than any (bagging; Breiman, 1996): worth its time where rows
    /// are few, or days.
    pub(super) fn seeds(self, seed: u64) -> Vec<u64> {
        // 2⁶⁴ over the golden ratio: neighbouring numbers give seeds that lie far apart.
        let spread = |number: u64| seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));

        (0..self.boosters as u64).map(spread).collect()
    }
}

pub(super) fn span_a_year(hours: &[Hour]) -> bool {
    let bounds = hours.iter().min().zip(hours.iter().max());

    bounds.is_some_and(|(first, last)| *last - *first >= YEAR_HOURS)
}
