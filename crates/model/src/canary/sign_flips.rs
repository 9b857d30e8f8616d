use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::PairedHour;

/// Hours whose difference has one sign: a quarter of a day, for neighbouring hours err together.
const BLOCK_HOURS: usize = 6;

/// Share of the draws of signs that make the canary err as much more as it did; a tie counts half, so
/// that a version against itself gives 0.5.
pub(super) fn worse_by_chance(hours: &[PairedHour], draws: usize, seed: u64) -> f64 {
    let blocks: Vec<f64> = hours.chunks(BLOCK_HOURS).map(difference).collect();
    // Nothing to compare: neither is better.
    if blocks.is_empty() {
        return 0.5;
    }

    let observed: f64 = blocks.iter().sum();
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    let as_much = (0..draws).map(|_| match flipped_sum(&blocks, &mut generator) {
        sum if sum > observed => 1.0,
        sum if sum < observed => 0.0,
        _ => 0.5,
    });
    as_much.sum::<f64>() / draws as f64
}

fn difference(block: &[PairedHour]) -> f64 {
    let of_hour = |pair: &PairedHour| pair.canary_error - pair.champion_error;
    block.iter().map(of_hour).sum()
}

/// Sum of the differences, each with a sign drawn at random.
fn flipped_sum(blocks: &[f64], generator: &mut ChaCha8Rng) -> f64 {
    let signed = |block: &f64| if generator.random() { *block } else { -block };
    blocks.iter().map(signed).sum()
}
