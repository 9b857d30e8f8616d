//! Measures the whole case as a person would see it, and writes the figures.

mod aggregation;
mod data_api;
mod fairness;
mod http_client;
mod measurements;
mod monitoring;
mod pages;
mod process;
mod reading;
mod service;
mod serving;
mod training;
mod whole_case;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

pub(crate) use measurements::Measurements;

/// A part of the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// From `up` to the first forecast, and the error of the forecast
    WholeCase,
    /// The data API: load, export, one page; beside its peers with `--python`
    DataApi,
    /// The model API: a client that behaves beside one that floods
    Fairness,
    /// The pages of the application: fifty people at once for a minute
    Pages,
    /// The reading of a large submission
    Reading,
    /// The aggregation beside its peers, which need `--python`
    Aggregation,
    /// The model API under load beside its peers, which need `--python`; long, measured when named
    Serving,
    /// Training beside its peers, which need `--python`, and production played again; an hour,
    /// measured when named
    Training,
    /// The monitoring of the model, on stable months and on changes; long, measured when named
    Monitoring,
}

/// Peers to measure beside, and the extent of a measurement.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Measure beside peers, with a Python that has tests/bench/requirements.txt
    /// (tests/bench/serving/requirements.txt for the part `serving`,
    /// tests/bench/training/requirements.txt for the part `training`)
    #[arg(long, value_name = "PYTHON")]
    python: Option<PathBuf>,
    /// A Python that has tests/bench/serving/mlserver/requirements.txt
    #[arg(long, value_name = "PYTHON")]
    mlserver_python: Option<PathBuf>,
    /// Data sets of the part `training`; all of them when none is named
    #[arg(long = "data-set", value_name = "DATA SET")]
    data_sets: Vec<training::Source>,
    /// Trials of the search of parameters in the part `training`; 0 leaves the search out
    #[arg(long, default_value_t = training::Extent::WHOLE.trials)]
    trials: u32,
    /// Only see that the part `training` runs, on one fold, two trials and one month: nothing is
    /// written
    #[arg(long)]
    quick: bool,
}

/// Runs the measurements of these parts, of all when none is named, and rewrites
/// `docs/benchmarks.json` and `docs/benchmarks.md`.
pub(crate) fn run(root: &Path, parts: &[Part], cold_build: bool, options: &Options) -> Result<()> {
    let python = options.python.as_deref();
    let is_wanted = |part| parts.is_empty() || parts.contains(&part);
    let mut measurements = Measurements::read(root).unwrap_or_default();
    measurements.describe_machine(root)?;

    if cold_build {
        measurements.record(
            "cold_build_cpu_minutes",
            process::cold_build_cpu_minutes(root)?,
        );
    }

    if let Some(python) = python.filter(|_| is_wanted(Part::Aggregation)) {
        aggregation::measure(root, python, &mut measurements)?;
    }

    if is_wanted(Part::DataApi) {
        data_api::measure(root, python, &mut measurements)?;
    }

    if is_wanted(Part::Fairness) {
        fairness::measure(root, &whole_case::build(root)?, &mut measurements)?;
    }

    if is_wanted(Part::Pages) {
        pages::measure(root, &whole_case::build(root)?, &mut measurements)?;
    }

    if is_wanted(Part::Reading) {
        reading::measure(root, &mut measurements)?;
    }

    if is_wanted(Part::WholeCase) {
        whole_case::measure(root, &mut measurements)?;
    }

    // Long parts, measured when they are named only.
    if parts.contains(&Part::Serving) {
        measure_serving(root, options, &mut measurements)?;
    }
    if parts.contains(&Part::Training) {
        measure_training(root, options, &mut measurements)?;
    }

    if parts.contains(&Part::Monitoring) {
        monitoring::measure(&whole_case::build(root)?, root, &mut measurements)?;
    }

    // Figures of a try would be taken for measurements.
    if options.quick {
        Ok(())
    } else {
        measurements.write(root)
    }
}

fn measure_serving(root: &Path, options: &Options, measurements: &mut Measurements) -> Result<()> {
    let peers = options.python.as_deref();
    let pythons = serving::Pythons {
        peers: peers.context("the part `serving` needs `--python`")?,
        mlserver: options.mlserver_python.as_deref(),
    };

    serving::measure(root, &whole_case::build(root)?, &pythons, measurements)
}

fn measure_training(root: &Path, options: &Options, measurements: &mut Measurements) -> Result<()> {
    let python = options.python.as_deref();
    let scripts = training::Scripts {
        root,
        python: python.context("the part `training` needs `--python`")?,
        program: &whole_case::build(root)?,
    };

    let extent = match options.quick {
        true => training::Extent::TRY,
        false => training::Extent {
            trials: options.trials,
            ..training::Extent::WHOLE
        },
    };
    training::measure(&scripts, &options.data_sets, extent, measurements)
}

#[expect(clippy::print_stdout, reason = "a measurement says what it saw")]
fn report(line: &str) {
    println!("{line}");
}
