use crate::cholesky::solve;

/// Rows that the regression reads, at most: its hundred unknowns need no more.
const MAX_ROWS: usize = 5_000;

/// R² of the least squares of `targets` on the features, and on the features times their row's
/// level; absent for a constant target.
///
/// A data set that holds the answer among its columns, whole or as parts of a sum, gives one.
pub(super) fn affine_share(rows: &[f32], columns: usize, targets: &[f32]) -> Option<f64> {
    // Evenly spread rows, without a draw: the answer must not depend on chance.
    let step = targets.len().div_ceil(MAX_ROWS).max(1);
    let kept: Vec<usize> = (0..targets.len()).step_by(step).collect();
    let mean = kept.iter().map(|row| f64::from(targets[*row])).sum::<f64>();
    let mean = mean / (kept.len() as f64).max(1.0);

    let centred = |row: usize| f64::from(targets[row]) - mean;
    let variance: f64 = kept.iter().map(|row| centred(*row).powi(2)).sum();

    if variance <= 0.0 {
        return None;
    }

    let observations = kept.iter().map(|&row| {
        let features = &rows[row * columns..(row + 1) * columns];
        (regressors(features), centred(row))
    });
    let (gram, moments) = normal_equations(2 * columns + 1, observations);
    let coefficients = solve(gram, &moments);
    let products = coefficients.iter().zip(&moments);
    let explained: f64 = products
        .map(|(coefficient, moment)| coefficient * moment)
        .sum();

    Some((explained / variance).clamp(0.0, 1.0))
}

/// `1`, the features, and the features times the level (the first of them): the model multiplies
/// by it, so both forms are offered. A missing value is zero.
fn regressors(features: &[f32]) -> Vec<f64> {
    let level = features.first().copied().unwrap_or(1.0);
    let scaled = features.iter().map(|value| value * level);
    let known = |value: f32| {
        if value.is_finite() {
            f64::from(value)
        } else {
            0.0
        }
    };

    std::iter::once(1.0)
        .chain(features.iter().copied().chain(scaled).map(known))
        .collect()
}

/// `XᵀX` and `Xᵀy`; only the lower half of `XᵀX` is filled.
fn normal_equations(
    size: usize,
    observations: impl Iterator<Item = (Vec<f64>, f64)>,
) -> (Vec<Vec<f64>>, Vec<f64>) {
    let (mut gram, mut moments) = (vec![vec![0.0; size]; size], vec![0.0; size]);

    for (inputs, target) in observations {
        for (a, left) in inputs.iter().enumerate() {
            moments[a] += left * target;

            for (b, right) in inputs.iter().enumerate().take(a + 1) {
                gram[a][b] += left * right;
            }
        }
    }

    (gram, moments)
}
