//! The steps of the delivery of the model, each a command that continuous integration calls by
//! name.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Subcommand;

use crate::cargo::cargo;

/// Days held out of training, on which the version is judged.
const UNSEEN_DAYS: &str = "30";

#[derive(Debug, Subcommand)]
pub(crate) enum Step {
    /// Run the tests of the data set
    TestData(Input),
    /// Train a version on all but the last days
    Train(Input),
    /// Measure it on those days, by slice too
    Evaluate,
    /// Check the quality gates, beside the champion
    Gate,
    /// Gather the files to deliver, with the hash of each
    Package,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Input {
    /// Station-hour data set; that of the state folder when none is named
    #[arg(long, default_value = "var/clean/station_hours.parquet")]
    dataset: PathBuf,
}

/// Runs one step; its files are under `target/model`, where the next step finds them.
pub(crate) fn run(root: &Path, step: &Step) -> Result<()> {
    let work = root.join("target/model");
    std::fs::create_dir_all(&work).with_context(|| format!("cannot make `{}`", work.display()))?;

    match step {
        Step::TestData(Input { dataset }) => {
            let dataset = dataset.display().to_string();
            filrouge(root, &["model", "test-data", "--dataset", &dataset])
        }
        Step::Train(Input { dataset }) => train(root, &work, dataset),
        Step::Evaluate => {
            let json = work.join("evaluation.json").display().to_string();
            on_unseen_days(root, &work, &["evaluate"], &["--json", &json])
        }
        Step::Gate => on_unseen_days(root, &work, &["model", "gate"], &[]),
        Step::Package => package(&work),
    }
}

/// Trains on all but the last days, which stay unseen.
fn train(root: &Path, work: &Path, dataset: &Path) -> Result<()> {
    let [dataset, out] = [dataset, work].map(|path| path.display().to_string());
    let [past, candidate] = files(work, ["past.parquet", "candidate"]);

    let split = [
        "split",
        "--dataset",
        &dataset,
        "--days",
        UNSEEN_DAYS,
        "--out",
        &out,
    ];
    filrouge(root, &split)?;
    filrouge(root, &["train", "--dataset", &past, "--out", &candidate])
}

/// Runs a command on the candidate and the days that it has not seen.
fn on_unseen_days(root: &Path, work: &Path, command: &[&str], more: &[&str]) -> Result<()> {
    let [model, past, recent] = files(work, ["candidate", "past.parquet", "recent.parquet"]);
    let data = ["--model", &model, "--history", &past, "--dataset", &recent];

    filrouge(root, &[command, &data, more].concat())
}

fn files<const N: usize>(work: &Path, names: [&str; N]) -> [String; N] {
    names.map(|name| work.join(name).display().to_string())
}

fn filrouge(root: &Path, arguments: &[&str]) -> Result<()> {
    let status = cargo(root)
        .args(["run", "--quiet", "--bin", "filrouge", "--"])
        .args(arguments)
        .status()
        .context("cannot run cargo")?;

    ensure!(
        status.success(),
        "`filrouge {}` failed",
        arguments.join(" ")
    );
    Ok(())
}

/// Copies the version and writes `SHA256SUMS` beside it, as `sha256sum --check` reads it.
fn package(work: &Path) -> Result<()> {
    let (candidate, package) = (work.join("candidate"), work.join("package"));

    if package.exists() {
        std::fs::remove_dir_all(&package)
            .with_context(|| format!("cannot replace `{}`", package.display()))?;
    }

    std::fs::create_dir_all(&package)
        .with_context(|| format!("cannot make `{}`", package.display()))?;

    let names = ["model.onnx", "model.json", "fidelity.json", "MODEL_CARD.md"];
    for name in names {
        let from = candidate.join(name);
        std::fs::copy(&from, package.join(name))
            .with_context(|| format!("cannot copy `{}`", from.display()))?;
    }

    let sums = Command::new("sha256sum")
        .args(names)
        .current_dir(&package)
        .output()
        .context("cannot run sha256sum")?;
    ensure!(sums.status.success(), "sha256sum failed");

    std::fs::write(package.join("SHA256SUMS"), sums.stdout).context("cannot write SHA256SUMS")
}
