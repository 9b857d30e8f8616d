//! An old commit in a folder of its own, always in the same place: cargo knows crates by their
//! paths, so the next run finds the builds of this one.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::cargo::forget_package;
use crate::tool;

/// The files of one commit; taken away when dropped.
pub(super) struct Worktree {
    root: PathBuf,
    folder: PathBuf,
    /// Cargo's, shared with the repository: dependencies that did not change are built once.
    target: PathBuf,
}

impl Worktree {
    pub(super) fn of(root: &Path, name: &str, commit: &str) -> Result<Self> {
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into());
        let target = root.join(target);
        let worktree = Self {
            root: root.to_owned(),
            folder: target.join("incidents").join(name),
            target,
        };

        // A run that was killed left its own.
        worktree.remove();
        let mut git = worktree.git(&["worktree", "add", "--quiet", "--detach"]);
        git.arg(&worktree.folder).arg(commit);
        tool::run(&mut git)?;
        Ok(worktree)
    }

    /// Lays a patch on the files.
    pub(super) fn apply(&self, patch: &Path) -> Result<()> {
        let mut git = Command::new("git");
        git.arg("apply").arg(patch).current_dir(&self.folder);
        tool::run(&mut git)
    }

    /// Cargo as a person would start it there, with the dependencies of that day.
    pub(super) fn cargo(&self) -> Command {
        let mut command = Command::new(env!("CARGO"));
        forget_package(&mut command);
        command
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }

    fn remove(&self) {
        let mut git = self.git(&["worktree", "remove", "--force"]);
        // Nothing to remove is no failure.
        let _ = git.arg(&self.folder).output();
        let _ = std::fs::remove_dir_all(&self.folder);
        let _ = self.git(&["worktree", "prune"]).output();
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(&self.root);
        command
    }
}

impl Drop for Worktree {
    fn drop(&mut self) {
        self.remove();
    }
}
