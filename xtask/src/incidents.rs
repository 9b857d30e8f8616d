//! `cargo xtask incident`: a fault of the history shown on its own commit, then its absence today.

pub(crate) mod application;
pub(crate) mod sheet;
mod worktree;

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::cargo::cargo;
use sheet::{RedTest, Sheet};
use worktree::Worktree;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// An incident of data/incidents; with --e5, a fault of docs/incidents/e5
    name: Option<String>,
    /// Name them all
    #[arg(long)]
    list: bool,
    /// Bring the fault back into today's application, in a copy of the repository, and show it
    #[arg(long)]
    e5: bool,
}

/// Lists the incidents, or plays one.
pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let Some(name) = options.name.as_deref().filter(|_| !options.list) else {
        return list(root, options.e5);
    };
    if options.e5 {
        return application::play(root, name);
    }

    let sheets = sheet::read_all(root)?;
    let sheet = sheets.iter().find(|sheet| sheet.name == name);
    let sheet = sheet.with_context(|| format!("no incident `{name}`: see --list"))?;
    play(root, sheet)
}

fn list(root: &Path, e5: bool) -> Result<()> {
    if e5 {
        for fault in application::read_all(root)? {
            report(&format!("{}: {}", fault.name, fault.title));
        }
        return Ok(());
    }
    for sheet in sheet::read_all(root)? {
        report(&format!(
            "{} ({}): {}",
            sheet.name,
            sheet.state.french(),
            sheet.title
        ));
    }
    Ok(())
}

/// Shows the fault on its commit, then that it is gone.
fn play(root: &Path, sheet: &Sheet) -> Result<()> {
    let reproduction = sheet.reproduction.as_ref();
    let reproduction =
        reproduction.with_context(|| format!("`{}` has no reproduction yet", sheet.name))?;

    report(&format!(
        "{}: the fault, on commit {}",
        sheet.name, reproduction.fault
    ));
    let worktree = Worktree::of(root, &sheet.name, &reproduction.fault)?;
    if let Some(patch) = &reproduction.written_since {
        worktree.apply(&root.join(patch))?;
    }
    let output = play_test(worktree.cargo(), &reproduction.red)?;
    shows(&output, &reproduction.red.name, &reproduction.told)?;
    report(&format!("  red, as expected: {}", reproduction.told));

    report("today:");
    let output = play_test(cargo(root), reproduction.today())?;
    ensure!(
        output.status.success(),
        "the fault is back:\n{}",
        text(&output)
    );
    ensure!(
        text(&output).contains("1 passed"),
        "`{}` is no test of today:\n{}",
        reproduction.today().name,
        text(&output)
    );
    report("  green: the fault is gone");
    Ok(())
}

fn play_test(mut cargo: Command, test: &RedTest) -> Result<Output> {
    cargo
        .args(["test", "--quiet", "--package", &test.package])
        .args(test.target.split(' '))
        .args(["--", "--exact", &test.name])
        // What an early end leaves is told as it is.
        .env("RUST_BACKTRACE", "0");
    cargo.output().context("cannot run cargo")
}

/// A build that fails shows nothing: the test itself must have failed, with these words.
fn shows(output: &Output, test: &str, told: &str) -> Result<()> {
    let text = text(output);

    if output.status.success() {
        bail!("the fault does not show: `{test}` passes");
    }
    ensure!(
        text.contains("test result: FAILED") && text.contains(told),
        "`{test}` failed without saying « {told} »:\n{text}"
    );
    Ok(())
}

fn text(output: &Output) -> String {
    let written = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&written).into_owned()
}

#[expect(clippy::print_stdout, reason = "a command's report")]
fn report(line: &str) {
    println!("{line}");
}
