//! `filrouge model diff`: the facts by which two versions differ.

use std::path::Path;

use anyhow::Result;
use filrouge_model::Description;

use crate::print;
use crate::progress::table;

pub(super) fn run(models: &Path, old: &str, new: &str) -> Result<()> {
    let read = |version: &str| Description::read(&models.join(version)).map(|read| facts(&read));
    let both = read(old)?.into_iter().zip(read(new)?);

    let rows: Vec<Vec<String>> = both
        .filter(|(old, new)| old.1 != new.1)
        .map(|(old, new)| vec![old.0.to_owned(), old.1, new.1])
        .collect();

    print::line(&table(&["", old, new], &rows));
    Ok(())
}

/// The measures of a version, in one line.
pub(super) fn figures(description: &Description) -> String {
    let evaluation = &description.evaluation;
    let coverage = 100.0 * evaluation.coverage_80;
    let text = format!(
        "MAE {:.3}, couverture {coverage:.1} %",
        evaluation.measures.mae
    );

    text.replace('.', ",")
}

/// The facts of a version that are worth comparing, always in this order.
fn facts(description: &Description) -> Vec<(&'static str, String)> {
    let training = &description.training;
    let measures = &description.evaluation.measures;
    let commit = description.commit.clone().unwrap_or_default();
    let features = description.feature_names.len().to_string();

    vec![
        ("première heure apprise", training.from.to_string()),
        ("dernière heure apprise", training.to.to_string()),
        ("lignes du jeu", training.rows.to_string()),
        ("stations", training.stations.to_string()),
        ("jeu de données", description.dataset_sha256.clone()),
        ("graine", description.seed.to_string()),
        ("programme", description.program_version.clone()),
        ("commit", commit),
        ("caractéristiques", features),
        ("arbres", description.trees.to_string()),
        ("qualité en validation", figures(description)),
        ("RMSE", decimal(measures.rmse)),
        ("biais", decimal(measures.bias)),
        ("fichier", description.model_sha256.clone()),
    ]
}

fn decimal(value: f64) -> String {
    format!("{value:.3}").replace('.', ",")
}
