use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use filrouge_dataset::Dataset;
use filrouge_model::evaluation::{Evaluation, WindowStats};
use filrouge_model::{
    Description, FEATURE_NAMES, FORMAT, Predictor, SystemDemandModel, TrainingWindow, champion,
};
use filrouge_onnx_runtime::PoolSize;
use prost::Message;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::checks::Finding;
use crate::ensemble::Ensemble;
use crate::examples::Examples;
use crate::export;
use crate::fidelity::{self, Fidelity};
use crate::fit::Fit;
use crate::head::Head;
use crate::onnx::Model;
use crate::train::{TrainContext, TrainOptions, TrainReport};
use crate::{card, reference};

/// A trained model that has no folder yet.
pub(crate) struct Candidate {
    pub(crate) fit: Fit,
    pub(crate) head: Head,
    pub(crate) evaluation: Evaluation,
    pub(crate) backtest_days: Vec<WindowStats>,
    pub(crate) system_demand: Option<SystemDemandModel>,
    pub(crate) training: TrainingWindow,
    pub(crate) examples: Examples,
    /// What the forecasts of the rehearsals were worth, row by row.
    pub(crate) records: Vec<f32>,
    pub(crate) findings: Vec<Finding>,
}

/// Writes the folder of the version beside the others, then gives it its name, then promotes it if
/// asked.
///
/// The version is named after what it contains, so that training again on the same data finds it
/// already there.
pub(crate) fn publish(
    dataset: &Dataset,
    candidate: Candidate,
    options: &TrainOptions,
    context: &TrainContext<'_>,
) -> Result<TrainReport> {
    let (version, bytes) = onnx(&candidate, options);
    let description = describe(dataset, &candidate, options, context, &version, &bytes);
    let models = &options.models;
    fs::create_dir_all(models).with_context(|| format!("cannot make `{}`", models.display()))?;
    let draft = TempDir::with_prefix_in(".draft-", models)
        .with_context(|| format!("cannot write in `{}`", models.display()))?;

    write(&draft.path().join("model.onnx"), &bytes)?;
    write(
        &draft.path().join("model.json"),
        &serde_json::to_vec_pretty(&description)?,
    )?;
    let fidelity = certify(&candidate, draft.path(), options, context)?;

    write(
        &draft.path().join("fidelity.json"),
        &serde_json::to_vec_pretty(&fidelity)?,
    )?;
    write(
        &draft.path().join("MODEL_CARD.md"),
        card::render(&description, &fidelity).as_bytes(),
    )?;

    let folder = models.join(&version);
    name_folder(draft, &folder)?;

    if options.promote {
        champion::promote(models, &version)?;
    }

    Ok(TrainReport {
        version,
        folder,
        training: candidate.training,
        trees: candidate.fit.booster.trees.len(),
        evaluation: candidate.evaluation,
        fidelity,
        findings: candidate.findings,
    })
}

fn onnx(candidate: &Candidate, options: &TrainOptions) -> (String, Vec<u8>) {
    let ensemble = Ensemble::of_booster(&candidate.fit.booster, &candidate.fit.columns);
    let graph = export::graph(&ensemble, &candidate.head);
    let training = &candidate.training;
    let day = training.to.start().format("%Y-%m-%d");
    let hash = hex::encode(Sha256::digest(graph.encode_to_vec()));
    let version = format!("{day}-{}", &hash[..8]);

    let metadata = [
        ("version", version.clone()),
        ("feature_names", FEATURE_NAMES.join(",")),
        ("training_from", training.from.to_string()),
        ("training_to", training.to.to_string()),
        ("time_zone", options.time_zone.name().to_owned()),
        ("seed", options.seed.to_string()),
    ];

    let doc = "hourly departures of a bike station, a day ahead, with an 80 % interval";
    (version, Model::new(graph, doc, &metadata).to_bytes())
}

fn describe(
    dataset: &Dataset,
    candidate: &Candidate,
    options: &TrainOptions,
    context: &TrainContext<'_>,
    version: &str,
    bytes: &[u8],
) -> Description {
    Description {
        format: FORMAT,
        name: "demand".to_owned(),
        version: version.to_owned(),
        created_at: context.clock.now(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: options.commit.clone(),
        seed: options.seed,
        trees: candidate.fit.booster.trees.len(),
        time_zone: options.time_zone.name().to_owned(),
        feature_names: FEATURE_NAMES.map(str::to_owned).to_vec(),
        training: candidate.training.clone(),
        dataset_sha256: dataset.content_sha256(),
        model_sha256: hex::encode(Sha256::digest(bytes)),
        evaluation: candidate.evaluation.clone(),
        backtest_days: candidate.backtest_days.clone(),
        system_demand: candidate.system_demand.clone(),
        correction_strength: candidate.head.scale.correction_strength,
        reference: reference::of(&candidate.examples, &candidate.records),
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
        &candidate.fit,
        &candidate.head,
        &candidate.examples,
        options.seed,
    )
}

/// Renames the draft. A folder of that name holds the same model, unless it was damaged: it is then
/// replaced.
fn name_folder(draft: TempDir, folder: &Path) -> Result<()> {
    let written = fs::read(draft.path().join("model.onnx"))?;
    if fs::read(folder.join("model.onnx")).is_ok_and(|there| there == written)
        && Description::read(folder).is_ok()
    {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot replace `{}`", folder.display()))?;
    }
    let draft = draft.keep();
    fs::rename(&draft, folder).with_context(|| format!("cannot name `{}`", folder.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = File::create(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.with_context(|| format!("cannot write `{}`", path.display()))
}
