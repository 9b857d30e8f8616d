use crate::linear::solve;

/// Rows that the fit reads, at most: fifty unknowns need no more.
const MOST_ROWS: usize = 5_000;

/// The share of the variance of `targets` that an affine combination of the features reproduces
/// (the R² of least squares), and of the features times their row's level, since the model
/// multiplies by it. `None` for a constant target.
///
/// A data set that holds the answer among its columns, whole or as parts of a sum, gives one.
pub(crate) fn affine_share(rows: &[f32], columns: usize, targets: &[f32]) -> Option<f64> {
    let step = targets.len().div_ceil(MOST_ROWS).max(1);
    let kept: Vec<usize> = (0..targets.len()).step_by(step).collect();
    let count = kept.len() as f64;
    let target = |row: usize| f64::from(targets[row]);
    let mean = kept.iter().map(|row| target(*row)).sum::<f64>() / count.max(1.0);
    let total: f64 = kept.iter().map(|row| (target(*row) - mean).powi(2)).sum();

    if total <= 0.0 {
        return None;
    }

    // Features are relative to the level (the first of them): both forms are offered.
    let inputs = |row: usize| {
        let own = &rows[row * columns..(row + 1) * columns];
        let level = own.first().copied().unwrap_or(1.0);
        let scaled = own.iter().map(move |value| value * level);

        let known = |value: f32| {
            if value.is_finite() {
                f64::from(value)
            } else {
                0.0
            }
        };

        std::iter::once(1.0)
            .chain(own.iter().copied().chain(scaled).map(known))
            .collect::<Vec<f64>>()
    };

    let size = 2 * columns + 1;
    let (mut gram, mut moments) = (vec![vec![0.0; size]; size], vec![0.0; size]);

    for &row in &kept {
        let inputs = inputs(row);
        for (a, left) in inputs.iter().enumerate() {
            moments[a] += left * (target(row) - mean);
            for (b, right) in inputs.iter().enumerate().take(a + 1) {
                gram[a][b] += left * right;
            }
        }
    }

    let weights = solve(gram, &moments);
    let explained: f64 = weights
        .iter()
        .zip(&moments)
        .map(|(weight, moment)| weight * moment)
        .sum();

    Some((explained / total).clamp(0.0, 1.0))
}
