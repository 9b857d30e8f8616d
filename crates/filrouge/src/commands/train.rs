//! `filrouge train`: a version of the demand model.

mod mlflow;

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use chrono_tz::Tz;
use filrouge_dataset::{Dataset, read_dataset};
use filrouge_model::evaluation::{Evaluation, Measures};
use filrouge_storage::{StateFolder, move_into_place};
use filrouge_train::{TrainContext, TrainOptions, TrainReport, TrainStep, train};
use filrouge_types::SystemClock;
use tempfile::TempDir;

use crate::cli::{GlobalArgs, HabitsArguments, TrainArguments};
use crate::commands::collect;
use crate::progress::{Progress, Step, table};
use crate::state;
use crate::{print, project};

pub(crate) async fn run(global: &GlobalArgs, arguments: &TrainArguments) -> Result<()> {
    let state = state::open(&global.state)?;
    let time_zone = time_zone(global, &state, &arguments.habits)?;
    let path = match &arguments.dataset {
        Some(path) => path.clone(),
        None => state::station_hours(&state)?,
    };

    let reading = read_dataset(&path)?;
    for warning in &reading.warnings {
        print::line(&format!("à noter : {warning}"));
    }

    let options = TrainOptions {
        seed: global.seed,
        budget: arguments.budget,
        ..options(&state, time_zone)
    };

    let step = Progress::default().step("Entraînement");
    let report = match &arguments.out {
        Some(out) => train_into(&reading.table, out, options, &step)?,
        None => train_version(&reading.table, &options, &step)?,
    };
    step.done(&sentence(&report));
    print::line(&format!("modèle : {}", report.folder.display()));
    print::line(&describe(&report.evaluation));

    if let Some(address) = &arguments.mlflow {
        let run = mlflow::log(address, &report.folder)
            .await
            .context("la version est écrite, pas journalisée")?;
        print::line(&format!("MLflow : {run}"));
    }

    Ok(())
}

/// The time zone asked for, else that of the city's profile.
pub(crate) fn time_zone(
    global: &GlobalArgs,
    state: &StateFolder,
    habits: &HabitsArguments,
) -> Result<Tz> {
    match &habits.time_zone {
        Some(name) => name
            .parse()
            .with_context(|| format!("`{name}` n'est pas un fuseau horaire")),
        None => Ok(collect::read_profile(global, state, habits.profile.as_deref())?.time_zone),
    }
}

/// Options of a version that goes into service in the state.
pub(crate) fn options(state: &StateFolder, time_zone: Tz) -> TrainOptions {
    TrainOptions {
        models: state.demand_models(),
        time_zone,
        commit: commit(),
        ..TrainOptions::default()
    }
}

/// Trains a version, telling `step` how far it is.
pub(crate) fn train_version(
    dataset: &Dataset,
    options: &TrainOptions,
    step: &Step,
) -> Result<TrainReport> {
    let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
    let context = TrainContext {
        runtime: &runtime,
        clock: &SystemClock,
        progress: &|at| step.note(&wording(at)),
    };

    train(dataset, options, &context)
}

/// The result of a training, in one sentence.
pub(crate) fn sentence(report: &TrainReport) -> String {
    let gain = report
        .evaluation
        .lowest_skill()
        .map_or_else(String::new, |skill| {
            format!(
                ", {:.0} % de moins que la meilleure référence naïve",
                100.0 * skill
            )
        });

    format!(
        "version {}, MAE {:.3}{gain}",
        report.version, report.evaluation.measures.mae
    )
    .replace('.', ",")
}

/// Measures of a model beside the baselines.
pub(crate) fn describe(evaluation: &Evaluation) -> String {
    let header = [
        "",
        "MAE",
        "RMSE",
        "RMSLE",
        "WAPE",
        "R²",
        "Déviance",
        "Biais",
        "Couverture",
    ];

    let coverage = Some(evaluation.coverage_80);
    let model = row("modèle", &evaluation.measures, coverage);
    let baselines = evaluation.baselines.iter();
    let baselines = baselines.map(|(name, measures)| row(name, measures, None));
    let rows: Vec<_> = std::iter::once(model).chain(baselines).collect();

    format!("{} lignes\n{}", evaluation.rows, table(&header, &rows))
}

fn row(name: &str, measures: &Measures, coverage: Option<f64>) -> Vec<String> {
    let Measures {
        mae,
        rmse,
        rmsle,
        wape,
        r2,
        poisson_deviance,
        bias,
    } = *measures;

    let values = [
        Some(mae),
        Some(rmse),
        Some(rmsle),
        wape,
        r2,
        Some(poisson_deviance),
        Some(bias),
        coverage,
    ];
    let figure = |value: Option<f64>| {
        value.map_or("—".to_owned(), |value| {
            format!("{value:.4}").replace('.', ",")
        })
    };

    std::iter::once(name.to_owned())
        .chain(values.map(figure))
        .collect()
}

/// Trains beside `out`, then puts the version in its place: `out` holds a whole model at any
/// moment.
fn train_into(
    dataset: &Dataset,
    out: &Path,
    options: TrainOptions,
    step: &Step,
) -> Result<TrainReport> {
    let is_replaced = is_replaceable(out)?;
    let context = || format!("`{}` ne peut être écrit", out.display());
    let workshop = workshop_beside(out).with_context(context)?;

    let options = TrainOptions {
        models: workshop.path().join("models"),
        // A folder that somebody named is no registry: nothing goes into service.
        promote: false,
        ..options
    };
    let report = train_version(dataset, &options, step)?;

    if is_replaced {
        // A folder cannot be renamed over another that holds files.
        move_into_place(out, &workshop.path().join("replaced")).with_context(context)?;
    }

    move_into_place(&report.folder, out).with_context(context)?;

    Ok(TrainReport {
        folder: out.to_owned(),
        ..report
    })
}

/// Makes a temporary folder in the file system of `out`, so that a rename is enough.
fn workshop_beside(out: &Path) -> io::Result<TempDir> {
    let parent = out
        .parent()
        // The parent of a bare name is an empty path, in which nothing can be made.
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));

    fs::create_dir_all(parent)?;
    tempfile::Builder::new()
        .prefix(".training-")
        .tempdir_in(parent)
}

/// Tells whether `out` is there and may be replaced: an empty folder or a model, never anything
/// else.
fn is_replaceable(out: &Path) -> Result<bool> {
    if !out.exists() {
        return Ok(false);
    }

    let is_empty = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty || out.join("model.json").is_file() {
        return Ok(true);
    }

    bail!(
        "`{}` n'est ni vide ni un modèle : choisissez un autre dossier",
        out.display()
    )
}

fn wording(step: TrainStep) -> String {
    match step {
        TrainStep::SystemDemand => "régression de la demande totale".to_owned(),
        TrainStep::Fold { number, of } => format!("validation {number} sur {of}"),
        TrainStep::Boosting { trees } => format!("apprentissage, {trees} arbres"),
        TrainStep::Export => "export ONNX et certificat de fidélité".to_owned(),
    }
}

/// The commit of the sources, when the project is a clone and git is there.
fn commit() -> Option<String> {
    let output = Command::new("git")
        .args(["rev-parse", "HEAD"])
        // The working folder may belong to another repository.
        .current_dir(project::home())
        .output()
        .ok()?;
    let commit = String::from_utf8_lossy(&output.stdout);

    output.status.success().then(|| commit.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_a_model_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_replaceable(folder.path()).unwrap());
        assert!(!is_replaceable(&folder.path().join("new")).unwrap());
        std::fs::write(folder.path().join("thesis.odt"), "").unwrap();
        assert!(is_replaceable(folder.path()).is_err());
        std::fs::write(folder.path().join("model.json"), "{}").unwrap();
        assert!(is_replaceable(folder.path()).unwrap());
    }

    #[test]
    fn habits_follow_the_clock_of_the_profile_unless_another_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let global = GlobalArgs::of(folder.path().join("var"));
        let state = state::open(&global.state).unwrap();

        let profile = folder.path().join("profile.toml");
        fs::write(
            &profile,
            "name = \"Boston\"\ntime_zone = \"America/New_York\"\n",
        )
        .unwrap();
        let asked = |profile: Option<&Path>, name: Option<&str>| {
            let habits = HabitsArguments {
                profile: profile.map(Path::to_owned),
                time_zone: name.map(str::to_owned),
            };
            time_zone(&global, &state, &habits)
        };

        assert_eq!(asked(None, None).unwrap(), Tz::Europe__Paris);
        assert_eq!(asked(Some(&profile), None).unwrap(), Tz::America__New_York);
        assert_eq!(asked(Some(&profile), Some("UTC")).unwrap(), Tz::UTC);
        assert!(asked(None, Some("Rivemont")).is_err());
    }
}
