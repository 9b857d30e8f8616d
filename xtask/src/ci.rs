//! `cargo xtask ci`: the jobs of the chains of integration, of the model and of delivery. Each one is
//! declared once, in `.ci/jobs.toml`, and played the same way on a laptop, by `.ci/run` and by a
//! workflow.

mod declaration;
mod faults;
mod gate_changes;
mod play;
mod run_folder;
mod workflow_file;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

pub(crate) use declaration::{CiJob, Jobs};
pub(crate) use workflow_file::{WorkflowFile, WorkflowJob};

/// A job, or a question about the jobs.
#[derive(Debug, clap::Args)]
pub(crate) struct CiArguments {
    /// Job to play; `--list` names them
    #[arg(required_unless_present_any = ["list", "check", "gates_since"])]
    job: Option<String>,
    /// List the jobs, each with what it proves
    #[arg(long)]
    list: bool,
    /// Fail when a step of a workflow cannot fail, waits for a trigger that is not declared, or names
    /// a job, a file or a gate that is not there
    #[arg(long)]
    check: bool,
    /// Fail when a quality gate is looser than at this commit, and no decision since names it
    #[arg(long, value_name = "COMMIT")]
    gates_since: Option<String>,
    /// Name of the run, whose files are in `var/runs/<name>`; that of the commit when none is given
    #[arg(long, env = "FILROUGE_RUN", value_name = "NAME")]
    run: Option<String>,
    /// Another repository: the tests plant their defects in a copy
    #[arg(long, hide = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

/// Plays one job, or answers a question. The code is 77 when a tool is missing: not played.
pub(crate) fn run(root: &Path, arguments: &CiArguments) -> Result<ExitCode> {
    // Whole, since the steps of a job are given paths below it.
    let root = std::path::absolute(arguments.root.as_deref().unwrap_or(root))?;
    let root = root.as_path();

    if let Some(commit) = &arguments.gates_since {
        return gate_changes::check(root, commit);
    }

    let jobs = Jobs::read(root)?;
    if arguments.list {
        jobs.iter()
            .for_each(|job| report(&format!("{:18} {}", job.name, job.proves)));
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.check {
        check(root, &jobs)?;
        return Ok(ExitCode::SUCCESS);
    }

    let name = arguments.job.as_deref().context("no job is named")?;
    let run = run_folder::RunFolder::open(root, arguments.run.as_deref())?;
    play::play(root, &jobs, jobs.find(name)?, &run)
}

fn check(root: &Path, jobs: &Jobs) -> Result<()> {
    let workflows = workflow_file::read_all(root)?;
    let faults = faults::of(root, jobs, &workflows)?;

    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    report(&format!(
        "{} workflows and {} jobs: every step can fail, and what they name is there",
        workflows.len(),
        jobs.iter().count()
    ));
    Ok(())
}

/// The workflows of the repository, in the order of their names.
pub(crate) fn workflows(root: &Path) -> Result<Vec<WorkflowFile>> {
    workflow_file::read_all(root)
}

#[expect(clippy::print_stdout, reason = "a command's report")]
fn report(line: &str) {
    println!("{line}");
}
