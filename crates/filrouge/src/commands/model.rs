//! `filrouge model`: which versions there are, which one serves, what a version must show.

mod drill;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use filrouge_dataset::{read_dataset, write_atomically};
use filrouge_model::{Description, champion};
use filrouge_train::gates::{Gates, Judged, Verdict};
use filrouge_train::{checks, write_features};

use crate::cli::{FeaturesArguments, GateArguments, ModelCommand, ModelFolder, Place};
use crate::commands::evaluate;
use crate::progress::table;
use crate::state::State;
use crate::{print, project};

pub(crate) fn run(place: &Place, command: &ModelCommand) -> Result<()> {
    match command {
        ModelCommand::List(folder) => list(&models(place, folder)?),
        ModelCommand::Promote { candidate, folder } => {
            champion::promote(&models(place, folder)?, candidate)?;
            print::line(&format!("championne : {candidate}"));
            Ok(())
        }
        ModelCommand::Rollback(folder) => {
            let version = champion::roll_back(&models(place, folder)?)?;
            print::line(&format!("championne : {version}"));
            Ok(())
        }
        ModelCommand::Diff { old, new, folder } => diff(&models(place, folder)?, old, new),
        ModelCommand::TestData { dataset } => test_data(place, dataset.as_deref()),
        ModelCommand::Features(arguments) => features(place, arguments),
        ModelCommand::Drill(arguments) => drill::run(arguments),
        ModelCommand::Gate(arguments) => gate(place, arguments),
    }
}

fn models(place: &Place, folder: &ModelFolder) -> Result<PathBuf> {
    if let Some(models) = &folder.models {
        return Ok(models.clone());
    }
    let own = State::open(&place.state)?.demand_models();
    Ok(if own.is_dir() {
        own
    } else {
        project::shipped_models()
    })
}

fn list(models: &Path) -> Result<()> {
    let in_service = champion::read(models).ok();
    let mut rows = Vec::new();

    for version in champion::versions(models)? {
        let mark = if in_service.as_ref() == Some(&version) {
            "*"
        } else {
            ""
        };

        // A version that cannot be read is listed all the same: its name is what one needs to
        // remove it.
        let figures = Description::read(&models.join(&version))
            .map_or_else(|_| "illisible".to_owned(), |read| figures(&read));
        rows.push(vec![mark.to_owned(), version, figures]);
    }

    print::line(&table(&["", "Version", "Qualité en répétition"], &rows));
    Ok(())
}

fn figures(description: &Description) -> String {
    let evaluation = &description.evaluation;
    let text = format!(
        "MAE {:.3}, couverture {:.1} %",
        evaluation.measures.mae,
        100.0 * evaluation.coverage_80
    );
    text.replace('.', ",")
}

fn diff(models: &Path, old: &str, new: &str) -> Result<()> {
    let read = |version: &str| {
        Description::read(&models.join(version)).map(|description| facts(&description))
    };
    let (old_facts, new_facts) = (read(old)?, read(new)?);
    let changed = old_facts
        .into_iter()
        .zip(new_facts)
        .filter(|(old, new)| old.1 != new.1);

    let rows: Vec<Vec<String>> = changed
        .map(|(old, new)| vec![old.0.to_owned(), old.1, new.1])
        .collect();
    print::line(&table(&["", old, new], &rows));

    Ok(())
}

/// What is worth comparing of two versions, always in this order.
fn facts(description: &Description) -> Vec<(&'static str, String)> {
    let Description {
        training,
        evaluation,
        ..
    } = description;
    vec![
        ("première heure apprise", training.from.to_string()),
        ("dernière heure apprise", training.to.to_string()),
        ("lignes du jeu", training.rows.to_string()),
        ("stations", training.stations.to_string()),
        ("jeu de données", description.dataset_sha256.clone()),
        ("graine", description.seed.to_string()),
        ("programme", description.program_version.clone()),
        ("commit", description.commit.clone().unwrap_or_default()),
        (
            "caractéristiques",
            description.feature_names.len().to_string(),
        ),
        ("arbres", description.trees.to_string()),
        ("qualité en répétition", figures(description)),
        (
            "RMSE",
            format!("{:.3}", evaluation.measures.rmse).replace('.', ","),
        ),
        (
            "biais",
            format!("{:.3}", evaluation.measures.bias).replace('.', ","),
        ),
        ("fichier", description.model_sha256.clone()),
    ]
}

fn test_data(place: &Place, dataset: Option<&Path>) -> Result<()> {
    let path = match dataset {
        Some(path) => path.to_owned(),
        None => State::open(&place.state)?.station_hours(),
    };
    let findings = checks::check(&read_dataset(&path)?.table);

    let row = |rule: &checks::Rule| {
        let found = findings.iter().find(|finding| finding.rule == rule.name);
        let verdict = found.map_or_else(
            || "passe".to_owned(),
            |finding| {
                let severity = if finding.severity == checks::Severity::Stop {
                    "refuse"
                } else {
                    "avertit"
                };
                format!("{severity} : {} lignes, {}", finding.rows, finding.example)
            },
        );

        vec![rule.name.to_owned(), rule.demand.to_owned(), verdict]
    };

    print::line(&table(
        &["Règle", "Demande", "Verdict"],
        &checks::SUITE.iter().map(row).collect::<Vec<_>>(),
    ));
    let stops = findings
        .iter()
        .filter(|finding| finding.severity == checks::Severity::Stop)
        .count();

    ensure!(
        stops == 0,
        "{stops} règle(s) bloquante(s) enfreinte(s) : ce jeu ne doit pas être appris"
    );

    Ok(())
}

fn features(place: &Place, arguments: &FeaturesArguments) -> Result<()> {
    let FeaturesArguments {
        dataset,
        time_zone,
        law_before,
        out,
    } = arguments;

    let zone = time_zone
        .parse()
        .with_context(|| format!("`{time_zone}` n'est pas un fuseau horaire"))?;
    let path = match dataset {
        Some(path) => path.clone(),
        None => State::open(&place.state)?.station_hours(),
    };

    let table = read_dataset(&path)?.table;
    let rows = write_atomically(out, |file| write_features(&table, zone, *law_before, file))?;
    print::line(&format!("{rows} lignes : {}", out.display()));

    Ok(())
}

fn gate(place: &Place, arguments: &GateArguments) -> Result<()> {
    let path = arguments
        .gates
        .clone()
        .unwrap_or_else(|| project::shipped_models().join(filrouge_train::gates::FILE_NAME));
    let gates = Gates::read(&path).context("les portes ne peuvent être lues")?;
    let (history, dataset) = (
        read_dataset(&arguments.history)?.table,
        read_dataset(&arguments.dataset)?.table,
    );
    let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
    let stations = evaluate::stations(arguments.stations.as_deref())?;
    let judged = Judged {
        stations: &stations,
        model: &arguments.model,
        champion: arguments.champion.as_deref(),
        history: &history,
        dataset: &dataset,
        seed: place.seed,
    };
    let verdicts = gates.judge(&runtime, &judged)?;
    print::line(&table(
        &["Porte", "Demande", "Mesuré", "Verdict"],
        &verdicts.iter().map(row).collect::<Vec<_>>(),
    ));
    match verdicts.iter().filter(|verdict| !verdict.passed).count() {
        0 => Ok(()),
        refused => bail!("{refused} porte(s) refusent cette version : elle ne doit pas servir"),
    }
}

fn row(verdict: &Verdict) -> Vec<String> {
    let passed = if verdict.passed { "passe" } else { "refuse" };
    vec![
        verdict.gate.to_owned(),
        verdict.demand.clone(),
        verdict.measured.clone(),
        passed.to_owned(),
    ]
}
