//! The commands that a chain of integration has just played: a proof by one of them need not be
//! played twice on the same files.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, ensure};

/// The tests of the whole workspace, which are those of each package too.
const ALL_TESTS: &str = "cargo test";

/// Commands that ended well, with their seconds.
#[derive(Debug, Default)]
pub(super) struct PlayedCommands {
    seconds: BTreeMap<String, f64>,
}

impl PlayedCommands {
    /// Reads a file of which each line has a commit, seconds and a command, tabs between them.
    ///
    /// # Errors
    /// When it cannot be read, or when a line is not of this commit.
    pub(super) fn read(path: &Path, commit: &str) -> anyhow::Result<Self> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).with_context(|| shown.to_string())?;
        let mut played = Self::default();

        for (number, line) in (1..).zip(text.lines()) {
            let place = || format!("{shown}:{number}");
            let mut fields = line.splitn(3, '\t');
            let mut next = || fields.next().with_context(place);

            let (of, seconds, command) = (next()?, next()?, next()?);
            ensure!(of == commit, "{} : joué sur le commit {of:.12}", place());
            let seconds = seconds.parse().with_context(place)?;
            played.seconds.insert(command.to_owned(), seconds);
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
