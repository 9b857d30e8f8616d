use super::Head;

/// Share of the truths that the interval may miss.
const MISSED: f64 = 0.2;

/// Rows that a knot is computed from, at least: a tenth of them decide each margin.
const ROWS_A_KNOT: usize = 400;

const MOST_KNOTS: usize = 16;

/// Knots are further apart than this, in roots of departures, so that no slope is a division by almost nothing.
const CLOSEST_KNOTS: f64 = 1e-3;

impl Head {
    /// Learns the curves from forecasts of hours that the trees had not seen: `roots` (forecasts of the root of demand)
    /// beside `truths`.
    ///
    /// This is split conformal prediction (Vovk et al., 2005; Lei et al., 2018) on the root scale, by level: within
    /// each group of rows of like forecast, the margins are quantiles of what the truths needed. Counts cannot be
    /// fewer than none: where zero alone is likelier than the share that may be missed, the interval starts at zero
    /// and its upper end alone decides the coverage.
    pub(crate) fn calibrate(roots: &[f64], truths: &[f32], default_level: f64) -> Self {
        let mut pairs: Vec<(f64, f64)> = roots.iter().zip(truths).map(|(x, y)| (*x, f64::from(*y))).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut head = Self { default_level, knots: Vec::new(), values: Vec::new() };
        for group in groups(&pairs) {
            let knot = group[group.len() / 2].0;
            if head.knots.last().is_none_or(|last| knot > last + CLOSEST_KNOTS) {
                head.knots.push(knot);
                head.values.push(curves_of(group));
            }
        }
        head.complete()
    }

    /// At least two knots, so that there is a slope.
    fn complete(mut self) -> Self {
        while self.knots.len() < 2 {
            self.knots.push(self.knots.last().map_or(0.0, |knot| knot + 1.0));
            self.values.push(self.values.last().copied().unwrap_or([0.0, 1.0, 1.0]));
        }
        self
    }
}

/// Consecutive rows in groups of like size; rows of the same forecast stay together.
fn groups(pairs: &[(f64, f64)]) -> Vec<&[(f64, f64)]> {
    let size = pairs.len().div_ceil((pairs.len() / ROWS_A_KNOT).clamp(1, MOST_KNOTS));
    let mut rest = pairs;
    let mut groups = Vec::new();
    while let Some((lowest, _)) = rest.first() {
        let alike = rest.partition_point(|(root, _)| *root <= lowest + CLOSEST_KNOTS);
        let (group, others) = rest.split_at(size.max(alike).min(rest.len()));
        groups.push(group);
        rest = others;
    }
    groups
}

fn curves_of(group: &[(f64, f64)]) -> [f64; 3] {
    let (lower, upper) = margins(group);
    [spread(group), lower, upper]
}

/// What squaring the mean of roots loses: the mean of a square is the square of the mean plus the variance. The errors'
/// own mean is left out, for it says how demand drifted during the rehearsals, not how it will.
fn spread(group: &[(f64, f64)]) -> f64 {
    let errors = || group.iter().map(|(root, truth)| truth.sqrt() - root);
    let mean = errors().sum::<f64>() / group.len() as f64;
    errors().map(|error| (error - mean).powi(2)).sum::<f64>() / group.len() as f64
}

fn margins(group: &[(f64, f64)]) -> (f64, f64) {
    let missed = (group.len() as f64 * MISSED) as usize;
    let zeros = group.iter().filter(|(_, truth)| *truth == 0.0).count();
    let lower = if zeros > missed {
        // Below the lowest forecast of the group and of its neighbours: the interval starts at zero.
        2.0 * group.iter().map(|(root, _)| *root).fold(0.0, f64::max)
    } else {
        largest_but(group.iter().map(|(root, truth)| root - truth.sqrt()), missed / 2)
    };
    let missed_below = group.iter().filter(|(root, truth)| truth.sqrt() < root - lower).count();
    let upper = largest_but(group.iter().map(|(root, truth)| truth.sqrt() - root), missed - missed_below.min(missed));
    (lower, upper)
}

/// The largest value once the `dropped` largest are left out; never negative.
fn largest_but(values: impl Iterator<Item = f64>, dropped: usize) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values.get(dropped).copied().unwrap_or(0.0).max(0.0)
}
