/// Added to the diagonal, relative to it, so that unknowns that say the same thing do not divide by
/// zero.
const RIDGE: f64 = 1e-6;

/// Solves `gram · x = moments` by Cholesky's decomposition; only the lower half of `gram` is read.
pub(crate) fn solve(mut gram: Vec<Vec<f64>>, moments: &[f64]) -> Vec<f64> {
    let size = moments.len();

    for (index, row) in gram.iter_mut().enumerate() {
        row[index] = row[index].mul_add(1.0 + RIDGE, f64::MIN_POSITIVE.sqrt());
    }

    for a in 0..size {
        for b in 0..=a {
            let inner: f64 = (0..b).map(|c| gram[a][c] * gram[b][c]).sum();
            let rest = gram[a][b] - inner;
            gram[a][b] = if a == b {
                rest.max(f64::MIN_POSITIVE.sqrt()).sqrt()
            } else {
                rest / gram[b][b]
            };
        }
    }

    let mut forward = vec![0.0; size];

    for a in 0..size {
        let inner: f64 = (0..a).map(|b| gram[a][b] * forward[b]).sum();
        forward[a] = (moments[a] - inner) / gram[a][a];
    }

    let mut solution = vec![0.0; size];

    for a in (0..size).rev() {
        let inner: f64 = (a + 1..size).map(|b| gram[b][a] * solution[b]).sum();
        solution[a] = (forward[a] - inner) / gram[a][a];
    }

    solution
}
