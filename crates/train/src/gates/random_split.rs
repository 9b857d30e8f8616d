use anyhow::Result;
use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use filrouge_model::History;

use crate::examples::{Examples, remember};
use crate::fit::Fit;
use crate::sample;

/// Rows that the split draws, halves together: enough for a second digit.
const ROWS: usize = 30_000;

const TREES: usize = 100;

/// Rows without which nothing is said.
const FEWEST_ROWS: usize = 2_000;

/// `Σ|ŷ − y| / Σy` on half of the rows, drawn at random, of trees grown on the other half.
pub(super) fn relative_error(dataset: &Dataset, time_zone: Tz, seed: u64) -> Result<Option<f64>> {
    let mut history = History::default();
    remember(&mut history, dataset)?;
    let examples = Examples::of(dataset, &history, &sample::draw(dataset.len(), ROWS, seed), time_zone);
    if examples.len() < FEWEST_ROWS {
        return Ok(None);
    }
    let learnt = sample::draw(examples.len(), examples.len() / 2, seed);
    let held_out: Vec<usize> = (0..examples.len()).filter(|row| learnt.binary_search(row).is_err()).collect();
    let roots = Fit::new(&examples, &learnt, None, TREES, seed)?.predict(&examples, &held_out);
    let (mut error, mut total) = (0.0, 0.0);
    for (row, root) in held_out.iter().zip(roots) {
        let truth = f64::from(examples.truth[*row]);
        error += (root.max(0.0).powi(2) * f64::from(examples.level(*row)) - truth).abs();
        total += truth;
    }
    Ok((total > 0.0).then(|| error / total))
}
