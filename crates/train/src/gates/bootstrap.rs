use filrouge_model::evaluation::WindowStats;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How often a version errs more than another when the days are drawn again: a paired bootstrap
/// (Efron and Tibshirani, 1993), whole days, since the hours of a day go together. A tie counts
/// half: a version against itself gives 0.5.
pub(super) fn probability_of_worse(
    days: &[WindowStats],
    other: &[WindowStats],
    draws: usize,
    seed: u64,
) -> f64 {
    let paired = days
        .iter()
        .zip(other)
        .filter(|(day, other)| day.from == other.from);
    let differences: Vec<f64> = paired
        .map(|(day, other)| day.absolute_error - other.absolute_error)
        .collect();

    if differences.is_empty() || draws == 0 {
        return 0.5;
    }

    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    let mut worse = 0.0;

    for _ in 0..draws {
        let drawn = (0..differences.len())
            .map(|_| differences[generator.random_range(0..differences.len())]);
        worse += match drawn.sum::<f64>() {
            sum if sum > 0.0 => 1.0,
            0.0 => 0.5,
            _ => 0.0,
        };
    }

    worse / draws as f64
}
