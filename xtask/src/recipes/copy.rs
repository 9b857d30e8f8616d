//! A copy of the repository, always in the same place: cargo knows crates by their paths, so the
//! next run finds the builds of this one.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::cargo::forget_package;
use crate::files;

/// The copy, a git repository of its own.
pub(crate) struct Copy {
    folder: PathBuf,
    /// Cargo's, shared with the repository: the dependencies are built once for both.
    target: PathBuf,
}

impl Copy {
    /// Brings the copy to the state of the working tree: files that are the same keep their dates,
    /// so that cargo does not build them again.
    pub(crate) fn of(root: &Path) -> Result<Self> {
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into());
        let target = root.join(target);
        let copy = Self {
            folder: target.join("recipes"),
            target,
        };
        std::fs::create_dir_all(&copy.folder).context("cannot create the folder of the copy")?;

        // A run that was killed may have left a patch behind.
        if copy.folder.join(".git").exists() {
            copy.reset()?;
        } else {
            copy.git(&["init", "--quiet"])?;
        }

        copy.follow(root)?;
        copy.git(&["add", "--all"])?;
        Ok(copy)
    }

    /// Brings the files of `root`, and removes those that it has no more.
    fn follow(&self, root: &Path) -> Result<()> {
        let files = listed(root)?;
        let held = listed(&self.folder)?;

        for file in held.iter().filter(|file| !files.contains(file)) {
            std::fs::remove_file(self.folder.join(file))
                .with_context(|| format!("cannot remove `{file}`"))?;
        }
        for file in &files {
            self.bring(root, file)
                .with_context(|| format!("cannot copy `{file}`"))?;
        }
        Ok(())
    }

    /// A command line, as a person would run it in the copy.
    pub(crate) fn shell(&self, line: &str) -> Command {
        let mut command = Command::new("sh");
        forget_package(&mut command);
        command
            .args(["-c", line])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .stdin(Stdio::null());
        command
    }

    /// Applies a patch to the files alone.
    pub(crate) fn apply(&self, patch: &str) -> Result<()> {
        let mut command = self.command(&["apply", "-"]);
        let mut git = command
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot run git")?;

        // Dropped at once: git waits for the end of its input.
        if let Some(mut input) = git.stdin.take() {
            let written = input.write_all(patch.as_bytes());
            written.context("cannot hand the patch to git")?;
        }

        ensure!(
            git.wait()?.success(),
            "the patch no longer applies: make it again"
        );
        Ok(())
    }

    /// Takes the files back to the state that was copied.
    pub(crate) fn reset(&self) -> Result<()> {
        self.git(&["checkout-index", "--all", "--force"])?;
        self.git(&["clean", "--quiet", "--force", "-d"])
    }

    fn bring(&self, root: &Path, file: &str) -> Result<()> {
        let (from, to) = (root.join(file), self.folder.join(file));
        let content = std::fs::read(&from)?;
        if std::fs::read(&to).is_ok_and(|held| held == content) {
            return Ok(());
        }
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent)?;
        }
        // With its permissions: scripts are run.
        std::fs::copy(&from, &to)?;
        Ok(())
    }

    fn git(&self, arguments: &[&str]) -> Result<()> {
        let status = self.command(arguments).status().context("cannot run git")?;
        ensure!(status.success(), "git {}: {status}", arguments.join(" "));
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(&self.folder);
        command
    }
}

fn listed(folder: &Path) -> Result<Vec<String>> {
    files::listed(folder, &[]).with_context(|| format!("in `{}`", folder.display()))
}

#[cfg(test)]
mod tests;
