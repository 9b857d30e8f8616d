use filrouge_model::evaluation::WindowStats;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Probability that a version errs more than another: the share of the resamples of the days in
/// which its total error is larger (paired bootstrap; Efron & Tibshirani, *An Introduction to the
/// Bootstrap*, 1993).
///
/// Whole days are drawn, since the hours of a day go together. A tie counts half: a version against
/// itself gives 0.5.
pub(super) fn probability_of_worse(
    days: &[WindowStats],
    other: &[WindowStats],
    draws: usize,
    seed: u64,
) -> f64 {
    let pairs = days.iter().zip(other);
    let differences: Vec<f64> = pairs
        .filter(|(day, other)| day.from == other.from)
        .map(|(day, other)| day.absolute_error - other.absolute_error)
        .collect();

    // Nothing to compare: neither is better.
    if differences.is_empty() || draws == 0 {
        return 0.5;
    }

    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    let worse = (0..draws).map(|_| match resampled_sum(&differences, &mut generator) {
        sum if sum > 0.0 => 1.0,
        // A tie counts for half, as in the comparison of ranks (Mann and Whitney, 1947).
        0.0 => 0.5,
        _ => 0.0,
    });

    worse.sum::<f64>() / draws as f64
}

/// Sum of as many differences, drawn with replacement.
fn resampled_sum(differences: &[f64], generator: &mut ChaCha8Rng) -> f64 {
    (0..differences.len())
        .map(|_| differences[generator.random_range(0..differences.len())])
        .sum()
}
