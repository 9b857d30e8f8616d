#![doc = include_str!("../README.md")]

mod bench;
mod cargo;
mod chaos;
mod ci;
mod docs;
mod files;
mod fresh;
mod fuzz;
mod generated;
mod image;
mod incidents;
mod recipes;
mod release;
mod tool;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
    /// Play one job of the chains, as the workflows and `.ci/run` do
    Ci(ci::CiArguments),
    /// Write all that is generated: specifications, documents, proofs, list of shared features
    Regenerate,
    /// Fail when something generated is stale, a link is broken or a document is hard to listen to
    Check,
    /// Write the pages of the framing: specifications, stories, mock-ups, architecture, steering
    Docs {
        /// Write nothing; fail when a page is stale or a specification and the tree disagree
        #[arg(long)]
        check: bool,
        /// Write every document as an HTML page in this folder, and nothing else
        #[arg(long, value_name = "FOLDER", conflicts_with = "check")]
        html: Option<PathBuf>,
    },
    /// Draw the steering from the history again, up to the present commit
    Board,
    /// Play faults at random on the whole case, under a steady load
    Chaos(chaos::Options),
    /// Fail when the tests of one crate alone rebuild what `cargo test` built
    Fresh,
    /// Give changed inputs to every reader of what others write, for a time
    Fuzz {
        /// Seconds in all, shared between the readers
        #[arg(long, default_value_t = 600)]
        seconds: u64,
        /// Another seed draws other inputs
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Show a fault of the history on its own commit, then its absence today
    Incident(incidents::Options),
    /// Play the recipes of docs/recettes in a copy of the repository
    Recipes {
        /// One recipe; all of them, otherwise
        name: Option<String>,
    },
    /// Build the image of the services twice, check it and write it with its digest
    Image(image::Options),
    /// Gather and sign what a version delivers, then push its branch and its tag
    Release(release::Options),
    /// Measure the whole case on this machine and write docs/benchmarks.md
    Bench {
        /// Parts to measure; everything when nothing is named
        parts: Vec<bench::Part>,
        /// Also build everything from nothing, in a folder of its own, and count the processor time
        #[arg(long)]
        cold_build: bool,
        #[command(flatten)]
        options: bench::Options,
    },
}

fn main() -> Result<ExitCode> {
    let chore = match Cli::parse().chore {
        // Its code tells what was not played from what failed.
        Chore::Ci(arguments) => return ci::run(&root(), &arguments),
        Chore::Regenerate => generated::regenerate(&root()),
        Chore::Check => generated::check(&root()),
        Chore::Docs {
            html: Some(folder), ..
        } => docs::html::write(&root(), &folder).map(|pages| {
            generated::report(&format!("{pages} documents in `{}`", folder.display()))
        }),
        Chore::Docs { check: false, .. } => generated::write_framing(&root()),
        Chore::Docs { check: true, .. } => generated::check_framing(&root()),
        Chore::Board => generated::write_board(&root()),
        Chore::Chaos(options) => chaos::run(&root(), &options),
        Chore::Fresh => fresh::run(&root()),
        Chore::Fuzz { seconds, seed } => fuzz::run(&root(), seconds, seed),
        Chore::Incident(options) => incidents::run(&root(), &options),
        Chore::Recipes { name } => recipes::run(&root(), name.as_deref()),
        Chore::Image(options) => image::run(&root(), &options).map(drop),
        Chore::Release(options) => release::run(&root(), &options),
        Chore::Bench {
            parts,
            cold_build,
            options,
        } => bench::run(&root(), &parts, cold_build, &options),
    };

    chore.map(|()| ExitCode::SUCCESS)
}

/// The top folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        // This package stands right below the top folder.
        .nth(1)
        .unwrap_or(Path::new("."))
        .to_owned()
}
