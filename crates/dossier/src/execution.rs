//! How the programs of a repository run: within bounds, and in their place.

use std::process::Command;
use std::time::Instant;

use crate::bounded::{Bounds, End, Run};
use crate::sandbox::Confinement;

/// Bounds and place of the programs of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// For each test and each command.
    pub bounds: Bounds,
    /// For all that comes from the repository, its build too.
    pub confinement: Confinement,
}

impl Execution {
    /// Runs a program to its end.
    pub(crate) fn run(&self, program: &Command) -> anyhow::Result<Run> {
        self.bounds.run(&self.confinement.confine(program))
    }

    /// As [`Bounds::follow`].
    pub(crate) fn follow(
        &self,
        program: &Command,
        most: u32,
        line: impl FnMut(&str, Instant),
    ) -> anyhow::Result<End> {
        self.bounds
            .follow(&self.confinement.confine(program), most, line)
    }
}
