//! The commands that proofs name, each run once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;
use std::process::Command;

use super::chain::PlayedCommands;
use super::{Finding, NOT_PLAYED, Progress, STRICT, Verdict, installed};
use crate::bounded::{Bounds, Run};
use crate::cargo;
use crate::execution::Execution;
use filrouge_compare::proof::{Proof, Subject};

/// Exit code of a command that cannot play; its last error names the tool it lacks.
const CANNOT_PLAY: i32 = 77;

/// The verdicts on the commands of these proofs, by their line.
pub(super) fn run<'all>(
    root: &Path,
    proofs: &[&'all Proof],
    execution: &Execution,
    before: &PlayedCommands,
    progress: Progress<'_>,
) -> anyhow::Result<BTreeMap<&'all str, Verdict>> {
    let mut verdicts = BTreeMap::new();

    for proof in proofs {
        let Subject::Command(line) = &proof.subject else {
            continue;
        };

        // Several criteria may be proved by one command, which may take minutes.
        if let Entry::Vacant(verdict) = verdicts.entry(line.as_str()) {
            verdict.insert(match before.seconds(line) {
                Some(seconds) => Verdict {
                    finding: Finding::Holds,
                    seconds,
                },
                None => {
                    progress(&format!("commande {line}"));
                    play(root, line, execution)?
                }
            });
        }
    }

    Ok(verdicts)
}

/// Runs one command from the root, where something of the repository may run.
pub(super) fn play(root: &Path, line: &str, execution: &Execution) -> anyhow::Result<Verdict> {
    if let Some(reason) = execution.confinement.refusal() {
        let reason = reason.to_owned();
        return Ok(Verdict::at_once(Finding::NotPlayed(reason)));
    }

    let mut command = Command::new("sh");
    command
        .args(["-c", line])
        .current_dir(root)
        .env(STRICT.0, STRICT.1);
    installed::name_to(&mut command);
    cargo::forget_package(&mut command);

    let execution = Execution {
        // A browser reserves far more than it uses.
        bounds: Bounds {
            memory_mib: None,
            ..execution.bounds
        },
        ..execution.clone()
    };
    let run = execution.run(&command)?;
    Ok(Verdict {
        finding: finding(&run),
        seconds: run.seconds,
    })
}

fn finding(run: &Run) -> Finding {
    let missing = run.last_error.strip_prefix(NOT_PLAYED);

    match (run.code(), missing, missing_to_tests(&run.output)) {
        (Some(0), ..) => Finding::Holds,
        (Some(CANNOT_PLAY), Some(missing), _) | (_, _, Some(missing)) => {
            Finding::NotPlayed(missing.to_owned())
        }
        _ => Finding::of_fault(run.fault().map(|fault| told(&fault, &run.last_error))),
    }
}

/// The first thing that is missing to a `cargo test` of which every failure says so.
fn missing_to_tests(output: &str) -> Option<&str> {
    let failed = output
        .lines()
        .filter(|line| line.starts_with("test ") && line.ends_with(" ... FAILED"));

    let messages = output
        .lines()
        .zip(output.lines().skip(1))
        .filter(|(line, _)| line.starts_with("thread '") && line.contains(" panicked at "));
    let missing: Vec<&str> = messages
        .filter_map(|(_, message)| message.strip_prefix(NOT_PLAYED))
        .collect();

    let first = missing.first()?;
    (missing.len() == failed.count()).then_some(*first)
}

fn told(fault: &str, last_error: &str) -> String {
    if last_error.is_empty() {
        fault.to_owned()
    } else {
        format!("{fault} : {last_error}")
    }
}

#[cfg(test)]
mod tests;
