use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use filrouge_dataset::Dataset;
use filrouge_model::evaluation::{Evaluation, WindowStats};
use filrouge_model::{
    Description, FEATURE_NAMES, FORMAT, Predictor, SystemDemandModel, TrainingWindow, champion,
};
use filrouge_onnx_runtime::PoolSize;
use filrouge_storage::{make_folder, move_into_place, replace_file, temporary_folder};
use prost::Message;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::boosting::Booster;
use crate::calibration::Calibration;
use crate::data_tests::Finding;
use crate::examples::Examples;
use crate::fidelity::{self, Fidelity};
use crate::job::{TrainContext, TrainOptions, TrainReport};
use crate::onnx::Model;
use crate::{export, model_card, reference};

/// A trained model that has no folder yet.
pub(crate) struct Candidate {
    pub(crate) booster: Booster,
    pub(crate) calibration: Calibration,
    pub(crate) evaluation: Evaluation,
    pub(crate) backtest_days: Vec<WindowStats>,
    pub(crate) system_demand: Option<SystemDemandModel>,
    pub(crate) training: TrainingWindow,
    pub(crate) examples: Examples,
    /// Counted over forecast during the days before each hour of the backtest.
    pub(crate) bias_ratios: Vec<f32>,
    pub(crate) findings: Vec<Finding>,
}

/// Writes the folder of the version beside the others, then gives it its name, then promotes it if
/// asked.
///
/// The name comes from the content, so that training again on the same data finds the version
/// already there.
pub(crate) fn publish(
    dataset: &Dataset,
    candidate: Candidate,
    options: &TrainOptions,
    context: &TrainContext<'_>,
) -> Result<TrainReport> {
    let exported = export_model(&candidate, options);
    let now = context.clock.now();
    let description = describe(dataset, &candidate, options, &exported, now);
    let ExportedModel { version, onnx } = exported;
    let draft = draft_in(&options.models)?;

    write(&draft, "model.onnx", &onnx)?;
    write_json(&draft, "model.json", &description)?;
    // The certificate comes from the files just written, read as the model API reads them.
    let fidelity = certify(&candidate, draft.path(), options, context)?;
    write_json(&draft, "fidelity.json", &fidelity)?;

    let card = model_card::render(&description, &fidelity);
    write(&draft, "MODEL_CARD.md", card.as_bytes())?;

    let folder = options.models.join(&version);
    give_name(draft, &folder)?;
    if options.promote {
        champion::promote(&options.models, &version)?;
    }

    Ok(TrainReport {
        version,
        folder,
        training: candidate.training,
        trees: candidate.booster.tree_count(),
        evaluation: candidate.evaluation,
        fidelity,
        findings: candidate.findings,
    })
}

/// The bytes of `model.onnx`, and the version that they hold.
struct ExportedModel {
    version: String,
    onnx: Vec<u8>,
}

fn export_model(candidate: &Candidate, options: &TrainOptions) -> ExportedModel {
    let graph = export::graph(&candidate.booster.ensemble(), &candidate.calibration);
    let training = &candidate.training;

    let day = training.to.start().format("%Y-%m-%d");
    // Before the metadata are added, for they hold the name.
    let hash = hex::encode(&Sha256::digest(graph.encode_to_vec())[..4]);
    let version = format!("{day}-{hash}");

    let metadata = [
        ("version", version.clone()),
        ("feature_names", FEATURE_NAMES.join(",")),
        ("training_from", training.from.to_string()),
        ("training_to", training.to.to_string()),
        ("time_zone", options.time_zone.name().to_owned()),
        ("seed", options.seed.to_string()),
    ];

    let doc = "hourly departures of a bike station, a day ahead, with an 80 % interval";
    let onnx = Model::new(graph, doc, &metadata).to_bytes();
    ExportedModel { version, onnx }
}

fn describe(
    dataset: &Dataset,
    candidate: &Candidate,
    options: &TrainOptions,
    exported: &ExportedModel,
    now: DateTime<Utc>,
) -> Description {
    Description {
        format: FORMAT,
        name: "demand".to_owned(),
        version: exported.version.clone(),
        created_at: now,
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: options.commit.clone(),
        seed: options.seed,
        trees: candidate.booster.tree_count(),
        time_zone: options.time_zone.name().to_owned(),
        feature_names: FEATURE_NAMES.map(str::to_owned).to_vec(),

        training: candidate.training.clone(),
        dataset_sha256: dataset.content_sha256(),
        model_sha256: hex::encode(Sha256::digest(&exported.onnx)),

        evaluation: candidate.evaluation.clone(),
        backtest_days: candidate.backtest_days.clone(),
        system_demand: candidate.system_demand.clone(),
        correction_strength: candidate.calibration.scale.correction_strength,
        reference: reference::of(&candidate.examples, &candidate.bias_ratios),
    }
}

fn certify(
    candidate: &Candidate,
    draft: &Path,
    options: &TrainOptions,
    context: &TrainContext<'_>,
) -> Result<Fidelity> {
    let predictor = Predictor::load(context.runtime, draft, PoolSize::SINGLE)
        .context("the exported graph cannot be loaded")?;

    fidelity::certify(
        &predictor,
        &candidate.booster,
        &candidate.calibration,
        &candidate.examples,
        options.seed,
    )
}

/// Start of the name of a version that is not whole yet.
const DRAFT: &str = ".draft-";

/// Makes a hidden folder among the versions: renaming it stays inside one file system. Those that
/// killed trainings left are removed; whoever trains into a folder does so alone.
fn draft_in(models: &Path) -> Result<TempDir> {
    make_folder(models).with_context(|| format!("cannot make `{}`", models.display()))?;

    remove_drafts(models)
        .and_then(|()| temporary_folder(models, DRAFT))
        .with_context(|| format!("cannot write in `{}`", models.display()))
}

fn remove_drafts(models: &Path) -> io::Result<()> {
    for entry in fs::read_dir(models)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(DRAFT) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Renames the draft. A folder of that name holds the same model, unless it was damaged: it is then
/// replaced.
fn give_name(draft: TempDir, folder: &Path) -> Result<()> {
    let written = fs::read(draft.path().join("model.onnx"))?;
    let is_same = fs::read(folder.join("model.onnx")).is_ok_and(|there| there == written);

    if is_same && Description::read(folder).is_ok() {
        return Ok(());
    }

    // A folder cannot be renamed over another that holds files.
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot replace `{}`", folder.display()))?;
    }

    move_into_place(&draft.keep(), folder)
        .with_context(|| format!("cannot name `{}`", folder.display()))
}

fn write_json(draft: &TempDir, name: &str, value: &impl serde::Serialize) -> Result<()> {
    write(draft, name, &serde_json::to_vec_pretty(value)?)
}

fn write(draft: &TempDir, name: &str, bytes: &[u8]) -> Result<()> {
    let path = draft.path().join(name);

    replace_file(&path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
}
