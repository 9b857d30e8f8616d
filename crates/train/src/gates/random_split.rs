use anyhow::{Context, Result};
use filrouge_dataset::Dataset;
use filrouge_model::Description;

use crate::boosting::{Booster, BoosterParams};
use crate::examples::{Examples, history_of};
use crate::sample;

/// Rows drawn, both halves together: enough for a second digit of the error.
const MAX_ROWS: usize = 30_000;

/// Rows without which nothing is said.
const MIN_ROWS: usize = 2_000;

const TREES: usize = 100;

/// `Σ|ŷ − y| / Σy` on half of the rows, drawn at random, of trees fitted on the other half.
pub(super) fn relative_error(
    dataset: &Dataset,
    description: &Description,
    seed: u64,
) -> Result<Option<f64>> {
    let (train, test) = random_halves(dataset, description, seed)?;

    if train.len() + test.len() < MIN_ROWS {
        return Ok(None);
    }

    let params = BoosterParams::for_rows(train.len(), &train.hour).with_one_booster();
    let booster = Booster::fit(&train, None, params, TREES, seed)?.pop();
    let roots = booster.context("no tree was grown")?.predict(&test);
    let (mut error, mut total) = (0.0, 0.0);

    for (row, root) in roots.into_iter().enumerate() {
        let actual = f64::from(test.actual[row]);
        let demand = root.max(0.0).powi(2) * f64::from(test.scale(row));
        error += (demand - actual).abs();
        total += actual;
    }

    Ok((total > 0.0).then(|| error / total))
}

fn random_halves(
    dataset: &Dataset,
    description: &Description,
    seed: u64,
) -> Result<(Examples, Examples)> {
    let history = history_of(&[dataset])?;
    let expected = description.expected(&history);

    let rows = sample::draw(dataset.len(), MAX_ROWS, seed);
    let half = sample::draw(rows.len(), rows.len() / 2, seed);
    let (train, test): (Vec<usize>, Vec<usize>) =
        // A sample is in order, so that it can be searched by halves.
        (0..rows.len()).partition(|row| half.binary_search(row).is_ok());

    let examples = |half: &[usize]| {
        let rows: Vec<usize> = half.iter().map(|row| rows[*row]).collect();
        Examples::of(dataset, &history, &rows, &expected)
    };

    Ok((examples(&train), examples(&test)))
}
