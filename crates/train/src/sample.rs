use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// At most `budget` of the rows `0..rows`, drawn evenly, in order. The same seed draws the same
/// rows.
pub(crate) fn draw(rows: usize, budget: usize, seed: u64) -> Vec<usize> {
    let mut all: Vec<usize> = (0..rows).collect();

    if rows <= budget {
        return all;
    }

    let (drawn, _) = all.partial_shuffle(&mut ChaCha8Rng::seed_from_u64(seed), budget);
    let mut drawn = drawn.to_vec();

    drawn.sort_unstable();
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_in_order_without_repeats_and_the_seed_decides_it() {
        let sample = draw(1000, 100, 1);
        assert_eq!(sample.len(), 100);
        assert!(sample.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(sample, draw(1000, 100, 1));
        assert_ne!(sample, draw(1000, 100, 2));
    }

    #[test]
    fn a_budget_that_is_not_reached_keeps_every_row() {
        assert_eq!(draw(5, 100, 1), [0, 1, 2, 3, 4]);
    }
}
