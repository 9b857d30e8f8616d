//! `filrouge evaluate`: a model measured on hours that it has not seen.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use filrouge_dataset::{read_dataset, write_atomically};
use filrouge_model::champion;
use filrouge_train::{Measured, Slice};
use filrouge_types::Station;

use crate::cli::EvaluateArguments;
use crate::commands::train::describe;
use crate::{print, project};

pub(crate) fn run(arguments: &EvaluateArguments) -> Result<()> {
    let model = version(&arguments.model)?;
    let history = read_dataset(&arguments.history)?.table;
    let dataset = read_dataset(&arguments.dataset)?.table;
    let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
    let mut evaluation = filrouge_train::evaluate_in_slices(&runtime, &model, &history, &dataset)?;
    evaluation.add_districts(&stations(arguments.stations.as_deref())?);
    let json =
        || serde_json::to_string_pretty(&evaluation).context("l'évaluation ne s'écrit pas en JSON");

    match arguments.json.as_deref() {
        // Alone on the standard output, so that another program can read it.
        Some(path) if path == Path::new("-") => print::line(&json()?),
        Some(path) => {
            write_atomically(path, |mut file| {
                std::io::Write::write_all(&mut file, json()?.as_bytes())
                    .map_err(anyhow::Error::from)
            })
            .with_context(|| format!("`{}` ne peut être écrit", path.display()))?;
            report(&evaluation);
        }
        None => report(&evaluation),
    }

    Ok(())
}

/// Slices named in the report.
const WORST_SLICES: usize = 5;

/// The measures, then the slices where the model is worth least.
fn report(measured: &Measured) {
    print::line(&describe(&measured.evaluation));
    let percent = |share: f64| format!("{:.1} %", 100.0 * share).replace('.', ",");

    let row = |slice: &Slice| {
        let skill = slice.skill().map_or_else(|| "—".to_owned(), percent);
        vec![
            slice.kind.to_owned(),
            slice.name.clone(),
            slice.rows.to_string(),
            skill,
            percent(slice.coverage_80),
        ]
    };

    let rows: Vec<_> = measured.slices.iter().take(WORST_SLICES).map(row).collect();
    let header = [
        "Pires tranches",
        "",
        "Lignes",
        "Erreur évitée (semaine d'avant)",
        "Couverture",
    ];

    print::line(&crate::progress::table(&header, &rows));
}

/// The stations of a file such as `clean/stations.json`; none when no file is named.
pub(crate) fn stations(path: Option<&Path>) -> Result<Vec<Station>> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let text =
        std::fs::read(path).with_context(|| format!("`{}` est illisible", path.display()))?;
    serde_json::from_slice(&text)
        .with_context(|| format!("`{}` n'est pas une liste de stations", path.display()))
}

/// The folder of a version: the one named, or the one in service among the versions of the folder
/// named.
pub(crate) fn version(model: &Path) -> Result<PathBuf> {
    if model.join("champion").is_file() {
        Ok(champion::folder(model)?)
    } else {
        Ok(model.to_owned())
    }
}
