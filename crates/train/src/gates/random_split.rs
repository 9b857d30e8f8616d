use anyhow::{Context, Result};
use filrouge_dataset::Dataset;
use filrouge_model::{Description, History};

use crate::examples::{Examples, remember};
use crate::fit::{Fit, Growth};
use crate::sample;

/// Rows that the split draws, halves together: enough for a second digit.
const ROWS: usize = 30_000;

const TREES: usize = 100;

/// Rows without which nothing is said.
const FEWEST_ROWS: usize = 2_000;

/// `Σ|ŷ − y| / Σy` on half of the rows, drawn at random, of trees grown on the other half.
pub(super) fn relative_error(
    dataset: &Dataset,
    description: &Description,
    seed: u64,
) -> Result<Option<f64>> {
    let mut history = History::default();
    remember(&mut history, dataset)?;
    let expected = description.expected(&history);
    let rows = sample::draw(dataset.len(), ROWS, seed);
    let (learnt, held_out): (Vec<usize>, Vec<usize>) = {
        let half = sample::draw(rows.len(), rows.len() / 2, seed);
        (0..rows.len()).partition(|row| half.binary_search(row).is_ok())
    };

    let of = |half: &[usize]| {
        let rows: Vec<usize> = half.iter().map(|row| rows[*row]).collect();
        Examples::of(dataset, &history, &rows, &expected)
    };
    let (learnt, held_out) = (of(&learnt), of(&held_out));

    if learnt.len() + held_out.len() < FEWEST_ROWS {
        return Ok(None);
    }

    let growth = Growth::on(learnt.len(), &learnt.hour).alone();
    let fit = Fit::grow(&learnt, None, growth, TREES, seed)?
        .pop()
        .context("no tree was grown")?;
    let roots = fit.predict(&held_out);
    let (mut error, mut total) = (0.0, 0.0);

    for (row, root) in roots.into_iter().enumerate() {
        let truth = f64::from(held_out.truth[row]);
        error += (root.max(0.0).powi(2) * f64::from(held_out.scale(row)) - truth).abs();
        total += truth;
    }

    Ok((total > 0.0).then(|| error / total))
}
