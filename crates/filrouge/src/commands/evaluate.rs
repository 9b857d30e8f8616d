//! `filrouge evaluate`: a model measured on hours that it has not seen.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use filrouge_dataset::read_dataset;
use filrouge_model::champion;
use filrouge_storage::replace_file;
use filrouge_train::{Slice, SlicedEvaluation};
use filrouge_types::Station;

use crate::cli::EvaluateArguments;
use crate::commands::train::describe;
use crate::{print, project};

pub(crate) fn run(arguments: &EvaluateArguments) -> Result<()> {
    let model = version(&arguments.model)?;
    let history = read_dataset(&arguments.history)?.table;
    let dataset = read_dataset(&arguments.dataset)?.table;
    let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;

    let mut evaluation = filrouge_train::evaluate(&runtime, &model, &history, &dataset)?;
    evaluation.add_districts(&stations(arguments.stations.as_deref())?);

    let Some(path) = arguments.json.as_deref() else {
        report(&evaluation);
        return Ok(());
    };

    let json =
        serde_json::to_string_pretty(&evaluation).context("l'évaluation ne s'écrit pas en JSON")?;
    if path == Path::new("-") {
        // Alone on the standard output, so that another program can read it.
        print::line(&json);
    } else {
        replace_file(path, &json)
            .with_context(|| format!("`{}` ne peut être écrit", path.display()))?;
        report(&evaluation);
    }

    Ok(())
}

/// Slices named in the report.
const WORST_SLICES: usize = 5;

/// Prints the measures, then the slices of lowest skill.
fn report(sliced: &SlicedEvaluation) {
    let header = [
        "Pires tranches",
        "",
        "Lignes",
        "Erreur évitée (semaine d'avant)",
        "Couverture",
    ];
    let worst = sliced.slices.iter().take(WORST_SLICES);
    let rows: Vec<_> = worst.map(row).collect();

    print::line(&describe(&sliced.evaluation));
    print::line(&crate::progress::table(&header, &rows));
}

fn row(slice: &Slice) -> Vec<String> {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share).replace('.', ",");

    vec![
        slice.kind.to_owned(),
        slice.name.clone(),
        slice.rows.to_string(),
        slice.skill().map_or_else(|| "—".to_owned(), percent),
        percent(slice.coverage_80),
    ]
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
