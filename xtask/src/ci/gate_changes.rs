//! Changes of the quality gates: a gate may be made tighter at will; a looser one needs a decision
//! that names it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use super::report;
use crate::files;

/// The quality gates, from the top folder.
pub(super) const FILE: &str = "models/demand/gates.toml";

const DECISIONS: &str = "docs/decisions";

/// The code of a command that could not be played.
const NOT_PLAYED: u8 = 77;

/// Each gate with its figures: one, or the two ends of a range.
pub(super) type GateFigures = BTreeMap<String, Vec<f64>>;

/// The side on which a gate is tight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tight {
    High,
    Low,
}

/// Gates whose name does not begin by `lowest_`, `least_`, `worst_`, `most_` or `highest_`.
const SIDES: [(&str, Tight); 4] = [
    ("bootstrap_draws", Tight::High),
    ("fidelity", Tight::Low),
    ("leak", Tight::Low),
    ("slice_rows", Tight::Low),
];

/// Fails when a gate is looser than at a commit and no decision of `docs/decisions` that changed
/// since names it. The code is 77 when the commit is not in this clone.
pub(super) fn check(root: &Path, commit: &str) -> Result<ExitCode> {
    let object = format!("{commit}:{FILE}");
    let Some(before) = git(root, &["show", &object])? else {
        report(&format!(
            "not played: `{commit}` is not in this clone; git fetch --unshallow"
        ));
        return Ok(ExitCode::from(NOT_PLAYED));
    };

    let loosened = loosened(&flat(&before)?, &flat(&files::read(root, FILE)?)?);
    let decisions = decisions_since(root, commit)?;
    let faults: Vec<_> = loosened
        .iter()
        .filter(|(gate, _)| !decisions.contains(gate.as_str()))
        .map(|(gate, change)| {
            format!("`{FILE}`: `{gate}` {change}, and no decision since `{commit}` names it")
        })
        .collect();

    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    report(&format!(
        "no gate is looser than at `{commit}` without a decision"
    ));
    Ok(ExitCode::SUCCESS)
}

/// The figures of a file of gates, those of its tables too.
pub(super) fn flat(text: &str) -> Result<GateFigures> {
    let table: toml::Table = toml::from_str(text).with_context(|| format!("in `{FILE}`"))?;
    let mut gates = GateFigures::new();
    gather(&table, &mut gates);
    Ok(gates)
}

fn gather(table: &toml::Table, gates: &mut GateFigures) {
    for (name, value) in table {
        match value {
            toml::Value::Table(inner) => gather(inner, gates),
            toml::Value::Array(values) => {
                gates.insert(name.clone(), values.iter().filter_map(figure).collect());
            }
            value => {
                gates.extend(figure(value).map(|figure| (name.clone(), vec![figure])));
            }
        }
    }
}

fn figure(value: &toml::Value) -> Option<f64> {
    let whole = value.as_integer().map(|whole| whole as f64);
    value.as_float().or(whole)
}

/// The gates that let more through than before, each with its change.
fn loosened(before: &GateFigures, now: &GateFigures) -> Vec<(String, String)> {
    let change = |(gate, old): (&String, &Vec<f64>)| {
        let Some(new) = now.get(gate) else {
            return Some((gate.clone(), "was taken away".to_owned()));
        };
        let change = format!("went from {old:?} to {new:?}");
        is_looser(gate, old, new).then(|| (gate.clone(), change))
    };
    before.iter().filter_map(change).collect()
}

fn is_looser(gate: &str, old: &[f64], new: &[f64]) -> bool {
    match (side(gate), old, new) {
        (Some(Tight::High), [old], [new]) => new < old,
        (Some(Tight::Low), [old], [new]) => new > old,
        // A range is tight when it is narrow.
        (_, [old_low, old_high], [low, high]) => low < old_low || high > old_high,
        // Of a gate that nobody described here, any change is one to explain.
        _ => old != new,
    }
}

fn side(gate: &str) -> Option<Tight> {
    let begins = |starts: &[&str]| starts.iter().any(|start| gate.starts_with(start));

    if begins(&["lowest_", "least_", "worst_"]) {
        return Some(Tight::High);
    }
    if begins(&["most_", "highest_"]) {
        return Some(Tight::Low);
    }
    let own = SIDES.iter().find(|(name, _)| *name == gate);
    own.map(|(_, side)| *side)
}

/// The text of the decisions that changed since a commit, those not yet committed too.
fn decisions_since(root: &Path, commit: &str) -> Result<String> {
    let changed = git(root, &["diff", "--name-only", commit, "--", DECISIONS])?;
    let changed = changed.with_context(|| format!("git knows no changes since `{commit}`"))?;
    let new = git(
        root,
        &[
            "ls-files",
            "--others",
            "--exclude-standard",
            "--",
            DECISIONS,
        ],
    )?;
    let new = new.unwrap_or_default();

    let paths = changed.lines().chain(new.lines());
    // One that was removed decides nothing.
    let texts = paths.filter_map(|path| files::read(root, path).ok());
    Ok(texts.collect::<Vec<_>>().join("\n"))
}

/// The output of git; nothing when it refuses.
fn git(root: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let mut git = Command::new("git");
    let output = git.args(arguments).current_dir(root).output();
    let output = output.context("cannot run git")?;

    let is_done = output.status.success();
    Ok(is_done.then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}

#[cfg(test)]
mod tests;
