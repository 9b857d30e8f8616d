//! `filrouge model`: the registry of versions, the champion, the quality gates.

mod canary;
mod diff;
mod dispatch;
pub(crate) mod drift_simulation;
mod package;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use filrouge_dataset::read_dataset;
use filrouge_model::{Description, Predictor, champion};
use filrouge_onnx_runtime::PoolSize;
use filrouge_storage::{replace_file, write_atomically};
use filrouge_train::data_tests::{self, DataTest, Finding, Severity};
use filrouge_train::gates::{FILE_NAME, GateInputs, Gates, Verdict};
use filrouge_train::write_features;

use crate::cli::{
    ArchiveArguments, FeaturesArguments, GateArguments, GlobalArgs, ModelCommand, ModelFolder,
};
use crate::commands::{evaluate, train};
use crate::progress::table;
use crate::state;
use crate::{print, project};

pub(crate) async fn run(global: &GlobalArgs, command: &ModelCommand) -> Result<()> {
    match command {
        ModelCommand::List(folder) => list(&models(global, folder)?),
        ModelCommand::Promote { candidate, folder } => promote(&models(global, folder)?, candidate),
        ModelCommand::Rollback(folder) => roll_back(&models(global, folder)?),
        ModelCommand::Diff { old, new, folder } => diff::run(&models(global, folder)?, old, new),

        ModelCommand::TestData { dataset } => test_data(global, dataset.as_deref()),
        ModelCommand::Features(arguments) => features(global, arguments),
        ModelCommand::SimulateDrift(arguments) => drift_simulation::run(arguments),
        ModelCommand::Gate(arguments) => gate(global, arguments),

        ModelCommand::Package(arguments) => package::package(arguments),
        ModelCommand::Verify(archive) => verify(archive),
        ModelCommand::Install { archive, folder } => install(&own_models(global, folder)?, archive),

        ModelCommand::Canary(command) => canary::run(global, command).await,
        ModelCommand::Dispatch(arguments) => dispatch::run(arguments).await,
    }
}

/// The folder named, or that of the state: a version that arrives never enters the project's.
fn own_models(global: &GlobalArgs, folder: &ModelFolder) -> Result<PathBuf> {
    match &folder.models {
        Some(models) => Ok(models.clone()),
        None => Ok(state::open(&global.state)?.demand_models()),
    }
}

fn models(global: &GlobalArgs, folder: &ModelFolder) -> Result<PathBuf> {
    if let Some(models) = &folder.models {
        return Ok(models.clone());
    }

    let own = state::open(&global.state)?.demand_models();
    Ok(if own.is_dir() {
        own
    } else {
        project::shipped_models()
    })
}

/// Names a version champion once it has shown that it can serve.
fn promote(models: &Path, candidate: &str) -> Result<()> {
    try_out(models, candidate)?;
    champion::promote(models, candidate)?;
    print::line(&format!("championne : {candidate}"));
    Ok(())
}

/// Names the nearest version that served before and still can.
fn roll_back(models: &Path) -> Result<()> {
    let before = champion::before(models)?;
    let version = before
        .into_iter()
        .find(|version| try_out(models, version).is_ok())
        .context("aucune version qui ait servi avant la championne ne peut servir")?;

    champion::roll_back(models, &version)?;
    print::line(&format!("championne : {version}"));
    Ok(())
}

/// Loads a version as the model API does, and lets it predict once.
fn try_out(models: &Path, version: &str) -> Result<()> {
    let folder = champion::folder_of(models, version)?;
    let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
    Predictor::load(&runtime, &folder, PoolSize::SINGLE)?;
    Ok(())
}

fn verify(archive: &ArchiveArguments) -> Result<()> {
    let release = package::verify(archive)?;
    print::line(&format!("version {} : intacte", release.version()));
    Ok(())
}

fn install(models: &Path, archive: &ArchiveArguments) -> Result<()> {
    let release = package::install(archive, models)?;
    print::line(&format!("version {} : installée", release.version()));
    Ok(())
}

fn list(models: &Path) -> Result<()> {
    let in_service = champion::read(models).ok();
    let versions = champion::versions(models)?.into_iter();

    let row = |version: String| {
        let is_champion = in_service.as_ref() == Some(&version);
        let mark = if is_champion { "*" } else { "" };
        // A version that cannot be read is listed all the same: its name is needed to remove it.
        let figures = Description::read(&models.join(&version))
            .map_or_else(|_| "illisible".to_owned(), |read| diff::figures(&read));

        vec![mark.to_owned(), version, figures]
    };

    let rows: Vec<_> = versions.map(row).collect();
    print::line(&table(&["", "Version", "Qualité en validation"], &rows));
    Ok(())
}

fn test_data(global: &GlobalArgs, dataset: Option<&Path>) -> Result<()> {
    let path = dataset_path(global, dataset)?;
    let findings = data_tests::check(&read_dataset(&path)?.table);
    let rows: Vec<_> = data_tests::SUITE
        .iter()
        .map(|test| data_test_row(test, &findings))
        .collect();

    print::line(&table(&["Règle", "Exigence", "Verdict"], &rows));

    let stops = findings.iter().filter(|finding| is_stop(finding)).count();
    ensure!(
        stops == 0,
        "{stops} règle(s) bloquante(s) enfreinte(s) : ce jeu ne doit pas être appris"
    );

    Ok(())
}

fn data_test_row(test: &DataTest, findings: &[Finding]) -> Vec<String> {
    let found = findings.iter().find(|finding| finding.rule == test.name);
    let verdict = found.map_or_else(
        || "passe".to_owned(),
        |finding| {
            let effect = if is_stop(finding) {
                "refuse"
            } else {
                "avertit"
            };
            format!("{effect} : {} lignes, {}", finding.rows, finding.example)
        },
    );

    vec![test.name.to_owned(), test.requirement.to_owned(), verdict]
}

fn is_stop(finding: &Finding) -> bool {
    finding.severity == Severity::Stop
}

fn features(global: &GlobalArgs, arguments: &FeaturesArguments) -> Result<()> {
    let FeaturesArguments {
        dataset,
        habits,
        fit_before,
        out,
    } = arguments;

    let state = state::open(&global.state)?;
    let zone = train::time_zone(global, &state, habits)?;
    let path = dataset_path(global, dataset.as_deref())?;
    let table = read_dataset(&path)?.table;

    let rows = write_atomically(out, |file| write_features(&table, zone, *fit_before, file))?;
    print::line(&format!("{rows} lignes : {}", out.display()));

    Ok(())
}

/// The data set named, or that of the state.
fn dataset_path(global: &GlobalArgs, dataset: Option<&Path>) -> Result<PathBuf> {
    match dataset {
        Some(path) => Ok(path.to_owned()),
        None => state::station_hours(&state::open(&global.state)?),
    }
}

fn gate(global: &GlobalArgs, arguments: &GateArguments) -> Result<()> {
    let path = arguments
        .gates
        .clone()
        .unwrap_or_else(|| project::shipped_models().join(FILE_NAME));
    let gates = Gates::read(&path).context("les critères de promotion ne peuvent être lus")?;
    let history = read_dataset(&arguments.history)?.table;
    let dataset = read_dataset(&arguments.dataset)?.table;
    let stations = evaluate::stations(arguments.stations.as_deref())?;

    let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
    let inputs = GateInputs {
        stations: &stations,
        model: &arguments.model,
        champion: arguments.champion.as_deref(),
        history: &history,
        dataset: &dataset,
        seed: global.seed,
    };
    let verdicts = gates.judge(&runtime, &inputs)?;
    if let Some(path) = &arguments.json {
        write_verdicts(path, &arguments.model, &verdicts)?;
    }
    let rows: Vec<_> = verdicts.iter().map(verdict_row).collect();

    print::line(&table(&["Critère", "Exigence", "Mesuré", "Verdict"], &rows));
    match verdicts.iter().filter(|verdict| !verdict.passed).count() {
        0 => Ok(()),
        refused => bail!(
            "{refused} critère(s) de promotion non rempli(s) : cette version ne doit pas servir"
        ),
    }
}

/// Writes the verdicts with the version that they are about.
fn write_verdicts(path: &Path, model: &Path, verdicts: &[Verdict]) -> Result<()> {
    let description = Description::read(model)?;
    let report = serde_json::json!({
        "version": description.version,
        "model_sha256": description.model_sha256,
        "passed": verdicts.iter().all(|verdict| verdict.passed),
        "verdicts": verdicts,
    });

    let json = serde_json::to_string_pretty(&report).context("les verdicts ne s'écrivent pas")?;
    replace_file(path, json + "\n")
        .with_context(|| format!("`{}` ne peut être écrit", path.display()))
}

fn verdict_row(verdict: &Verdict) -> Vec<String> {
    let passed = if verdict.passed { "passe" } else { "refuse" };

    vec![
        verdict.gate.to_owned(),
        verdict.requirement.clone(),
        verdict.measured.clone(),
        passed.to_owned(),
    ]
}
