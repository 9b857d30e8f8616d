#![doc = include_str!("../README.md")]

mod bench;
mod cargo;
mod docs;
mod generated;
mod model;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Chores of this repository.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Run one step of the delivery of the model
    #[command(subcommand)]
    Model(model::Step),
    /// Write all that is generated: specifications, documents, proofs, list of shared features
    Regenerate,
    /// Fail when something generated is stale, a link is broken or a document is hard to listen to
    Check,
    /// Measure the whole case on this machine and write docs/benchmarks.md
    Bench {
        /// What to measure; everything when nothing is named
        parts: Vec<bench::Part>,
        /// Also build everything from nothing, in a folder of its own, and count the processor time
        #[arg(long)]
        cold_build: bool,
        #[command(flatten)]
        options: bench::Options,
    },
}

fn main() -> Result<()> {
    match Cli::parse().chore {
        Chore::Model(step) => model::run(&root(), &step),
        Chore::Regenerate => generated::regenerate(&root()),
        Chore::Check => generated::check(&root()),
        Chore::Bench {
            parts,
            cold_build,
            options,
        } => bench::run(&root(), &parts, cold_build, &options),
    }
}

/// The top folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(1)
        .unwrap_or(Path::new("."))
        .to_owned()
}
