//! What a chain of integration has just played: a proof by one of its commands, or by a test that
//! passed in it, need not be played twice on the same files.

mod passed_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, ensure};

pub(super) use passed_tests::PassedTests;

/// The tests of the whole workspace, which are those of each package too.
const ALL_TESTS: &str = "cargo test";

/// Commands that ended well, with their seconds, and the tests that passed in them.
#[derive(Debug, Default)]
pub(super) struct PlayedCommands {
    seconds: BTreeMap<String, f64>,
    pub(super) tests: PassedTests,
}

impl PlayedCommands {
    /// Reads a file of which each line has a commit, seconds, a command and, for a `cargo
    /// test`, the name of its log beside the file; tabs between them.
    ///
    /// # Errors
    /// When it or a log cannot be read, or when a line is not of this commit.
    pub(super) fn read(path: &Path, commit: &str) -> anyhow::Result<Self> {
        let shown = path.display();
        let text = read(path)?;
        let mut played = Self::default();

        for (number, line) in (1..).zip(text.lines()) {
            let place = || format!("{shown}:{number}");
            let mut fields = line.splitn(4, '\t');
            let mut next = || fields.next().with_context(place);

            let (of, seconds, command) = (next()?, next()?, next()?);
            ensure!(of == commit, "{} : joué sur le commit {of:.12}", place());
            let seconds = seconds.parse().with_context(place)?;
            played.seconds.insert(command.to_owned(), seconds);

            if let Some(log) = fields.next().filter(|log| !log.is_empty()) {
                let log = read(&path.with_file_name(log)).with_context(place)?;
                played.tests.add(&log);
            }
        }
        Ok(played)
    }

    /// The seconds of a command that was played, alone or with others.
    pub(super) fn seconds(&self, command: &str) -> Option<f64> {
        let is_of_packages = command.starts_with("cargo test -p ");
        let of_all = || {
            let all = self.seconds.get(ALL_TESTS);
            all.filter(|_| is_of_packages)
        };
        self.seconds.get(command).or_else(of_all).copied()
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    // A log holds what programs printed, which may be no text.
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
