//! `filrouge split`: the past to train on and the recent days to measure on. A random split would
//! let the model see the hours around those it is measured on.

use anyhow::{Context, Result, ensure};
use filrouge_dataset::{Dataset, read_dataset, write_dataset};

use crate::cli::{GlobalArgs, SplitArguments};
use crate::print;
use crate::state;

pub(crate) fn run(global: &GlobalArgs, arguments: &SplitArguments) -> Result<()> {
    let path = match &arguments.dataset {
        Some(path) => path.clone(),
        None => state::station_hours(&state::open(&global.state)?)?,
    };

    let (past, recent) = split(&read_dataset(&path)?.table, i64::from(arguments.days) * 24)?;
    let out = &arguments.out;

    std::fs::create_dir_all(out)
        .with_context(|| format!("`{}` ne peut être créé", out.display()))?;
    write_dataset(&out.join("past.parquet"), &past)?;
    write_dataset(&out.join("recent.parquet"), &recent)?;
    print::line(&format!(
        "{} lignes dans past.parquet, {} dans recent.parquet",
        past.len(),
        recent.len()
    ));

    Ok(())
}

/// The last `hours` hours apart from those before them.
fn split(dataset: &Dataset, hours: i64) -> Result<(Dataset, Dataset)> {
    let last = dataset
        .conditions
        .hour
        .iter()
        .max()
        .context("le jeu de données est vide")?;

    // The last hour is one of them.
    let first_recent = *last - (hours - 1);
    let part = |recent: bool| {
        let rows = dataset
            .iter()
            .filter(|row| (row.conditions.hour >= first_recent) == recent);

        Dataset::from_rows(rows)
    };

    let (past, recent) = (part(false)?, part(true)?);

    ensure!(
        !past.is_empty() && !recent.is_empty(),
        "le jeu de données ne couvre pas plus de {} jours",
        hours / 24
    );

    Ok((past, recent))
}

#[cfg(test)]
mod tests;
