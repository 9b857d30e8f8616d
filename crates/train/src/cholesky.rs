/// Added to the diagonal, relative to it, so that columns that say the same thing do not divide by
/// zero.
const RIDGE: f64 = 1e-6;

/// Solves `A · x = b` for a symmetric positive matrix: `A = L · Lᵀ` (Cholesky), then `L · y = b` and
/// `Lᵀ · x = y`. Only the lower half of `matrix` is read.
pub(crate) fn solve(mut matrix: Vec<Vec<f64>>, right_side: &[f64]) -> Vec<f64> {
    for (index, row) in matrix.iter_mut().enumerate() {
        // A column of zeros keeps a pivot that can be divided by, hence the addend.
        row[index] = row[index].mul_add(1.0 + RIDGE, f64::MIN_POSITIVE.sqrt());
    }

    decompose(&mut matrix);
    back_substitute(&matrix, &forward_substitute(&matrix, right_side))
}

/// Replaces the lower half of `matrix` by `L`.
fn decompose(matrix: &mut [Vec<f64>]) {
    for a in 0..matrix.len() {
        for b in 0..=a {
            let inner: f64 = (0..b).map(|c| matrix[a][c] * matrix[b][c]).sum();
            let rest = matrix[a][b] - inner;

            matrix[a][b] = if a == b {
                // Rounding may leave a pivot below zero, which has no square root.
                rest.max(f64::MIN_POSITIVE.sqrt()).sqrt()
            } else {
                rest / matrix[b][b]
            };
        }
    }
}

fn forward_substitute(lower: &[Vec<f64>], right_side: &[f64]) -> Vec<f64> {
    let mut solution = vec![0.0; lower.len()];

    for a in 0..lower.len() {
        let inner: f64 = (0..a).map(|b| lower[a][b] * solution[b]).sum();
        solution[a] = (right_side[a] - inner) / lower[a][a];
    }

    solution
}

fn back_substitute(lower: &[Vec<f64>], right_side: &[f64]) -> Vec<f64> {
    let size = lower.len();
    let mut solution = vec![0.0; size];

    for a in (0..size).rev() {
        let inner: f64 = (a + 1..size).map(|b| lower[b][a] * solution[b]).sum();
        solution[a] = (right_side[a] - inner) / lower[a][a];
    }

    solution
}
