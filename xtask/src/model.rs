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
    /// Put it through the gates, beside the champion
    Gate,
    /// Gather what is delivered, with the hash of each file
    Package,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Input {
    /// Station-hour data set; that of the state folder when none is named
    #[arg(long, default_value = "var/clean/station_hours.parquet")]
    dataset: PathBuf,
}

/// Runs one step; what it makes is under `target/model`, where the next step finds it.
pub(crate) fn run(root: &Path, step: &Step) -> Result<()> {
    let work = root.join("target/model");
    std::fs::create_dir_all(&work).with_context(|| format!("cannot make `{}`", work.display()))?;
    let file = |name: &str| work.join(name).display().to_string();
    let (past, recent, candidate) = (
        file("past.parquet"),
        file("recent.parquet"),
        file("candidate"),
    );

    let dataset = |input: &Input| input.dataset.display().to_string();

    match step {
        Step::TestData(input) => {
            filrouge(root, &["model", "test-data", "--dataset", &dataset(input)])
        }

        Step::Train(input) => {
            let dataset = dataset(input);
            let out = work.display().to_string();

            filrouge(
                root,
                &[
                    "split",
                    "--dataset",
                    &dataset,
                    "--days",
                    UNSEEN_DAYS,
                    "--out",
                    &out,
                ],
            )?;

            filrouge(root, &["train", "--dataset", &past, "--out", &candidate])
        }

        Step::Evaluate => {
            let json = file("evaluation.json");
            let arguments = [
                "--model",
                &candidate,
                "--history",
                &past,
                "--dataset",
                &recent,
                "--json",
                &json,
            ];

            filrouge(root, &[&["evaluate"], arguments.as_slice()].concat())
        }

        Step::Gate => {
            let arguments = [
                "--model",
                &candidate,
                "--history",
                &past,
                "--dataset",
                &recent,
            ];

            filrouge(root, &[&["model", "gate"], arguments.as_slice()].concat())
        }

        Step::Package => package(&work),
    }
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
