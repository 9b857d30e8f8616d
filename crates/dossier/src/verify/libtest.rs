//! The chosen tests of one binary, run in one process and one after the other: each has its own
//! duration, and a crash or a hang names its test.

mod transcript;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::time::Instant;

use super::{Finding, Verdict};
use crate::execution::Execution;
use transcript::Transcript;

/// The verdicts on these tests, by their full names. `program` starts the binary.
pub(super) fn run<'all>(
    program: impl Fn() -> Command,
    names: impl Iterator<Item = &'all str>,
    execution: &Execution,
) -> anyhow::Result<BTreeMap<&'all str, Verdict>> {
    let mut left: BTreeSet<&str> = names.collect();
    let mut verdicts = BTreeMap::new();
    let mut alone = false;

    // A process that dies takes the results of the others with it: they are run again without the
    // test that killed it.
    while let Some(first) = left.first().copied() {
        let batch = if alone {
            BTreeSet::from([first])
        } else {
            left.clone()
        };
        let found = round(program(), &batch, execution)?;

        alone = found.is_empty();
        for (name, verdict) in found {
            left.remove(name);
            verdicts.insert(name, verdict);
        }
    }

    Ok(verdicts)
}

/// Those of these tests that passed, by what their binary has printed: one of which it does not say so
/// clearly is not among them.
pub(super) fn passed<'all>(printed: &str, names: &BTreeSet<&'all str>) -> BTreeSet<&'all str> {
    let now = Instant::now();
    let mut transcript = Transcript::new(names, now);
    for line in printed.lines() {
        transcript.read(line.trim_end(), now);
    }

    let verdicts = transcript.verdicts(None).into_iter();
    verdicts
        .filter(|(_, verdict)| verdict.finding == Finding::Holds)
        .map(|(name, _)| name)
        .collect()
}

/// Runs a batch once; a verdict for each test that it is certain of, and always for one that is
/// alone.
fn round<'all>(
    mut program: Command,
    batch: &BTreeSet<&'all str>,
    execution: &Execution,
) -> anyhow::Result<BTreeMap<&'all str, Verdict>> {
    let mut transcript = Transcript::new(batch, Instant::now());
    program.args(["--exact", "--test-threads=1"]).args(batch);

    let most = u32::try_from(batch.len())?;
    let end = execution.follow(&program, most, |line, at| transcript.read(line, at))?;

    let end = if end.is_out_of_time {
        Some(execution.bounds.out_of_time())
    } else {
        end.fault
    };
    Ok(transcript.verdicts(end.as_deref()))
}

#[cfg(test)]
mod tests;
