//! The delivery: a branch for the pull request, and the tag of the version, pushed in one go.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::{Release, changelog, notes};
use crate::tool;

/// The remote that receives a version.
pub(super) struct Remote<'a> {
    root: &'a Path,
    name: &'a str,
}

/// The branch of a version.
pub(super) fn branch(version: &str) -> String {
    format!("release/v{version}")
}

impl<'a> Remote<'a> {
    pub(super) fn new(root: &'a Path, name: &'a str) -> Self {
        Self { root, name }
    }

    /// Refuses a version whose tag or branch is there.
    pub(super) fn refuse_if_delivered(&self, version: &str) -> Result<()> {
        let asked = [
            format!("refs/tags/v{version}"),
            format!("refs/heads/{}", branch(version)),
        ];
        let mut git = self.git(self.root);
        git.args(["ls-remote", self.name]).args(&asked);
        let found = tool::printed(&mut git)
            .with_context(|| format!("the remote `{}` cannot be read", self.name))?;

        if let Some((_, reference)) = found.lines().find_map(|line| line.split_once('\t')) {
            bail!(
                "version {version} was delivered already: `{}` has {reference}",
                self.name
            );
        }
        Ok(())
    }

    /// Commits the changelog of the version on a branch of its own, and pushes branch and tag: both,
    /// or none.
    pub(super) fn deliver(&self, release: &Release<'_>, folder: &Path) -> Result<()> {
        let (branch, tag) = (branch(release.version), format!("v{}", release.version));
        let work = TempDir::with_prefix("filrouge-delivery-")?;
        let tree = work.path().join("tree");
        // The work tree of the person who releases stays as it is.
        let cloned = ["clone", "--quiet", "--no-hardlinks", "--shared"];
        tool::printed(
            self.git(self.root)
                .args(cloned)
                .args([self.root, tree.as_path()]),
        )?;

        let person = self.person()?;
        let git = |arguments: &[&str]| tool::printed(self.git(&tree).args(&person).args(arguments));
        git(&["switch", "--quiet", "--create", &branch, &release.revision])?;
        changelog::publish(&tree, &notes::text(release)?)?;
        git(&["add", "--all", "CHANGELOG.md", "changelog.d"])?;
        git(&[
            "commit",
            "--quiet",
            "--no-verify",
            "--message",
            &message(release, folder)?,
        ])?;
        git(&[
            "tag",
            "--annotate",
            "--message",
            &message(release, folder)?,
            &tag,
        ])?;

        let address = self.address()?;
        git(&["push", "--quiet", "--atomic", &address, &branch, &tag])
            .with_context(|| format!("nothing was delivered to `{}`", self.name))
            .map(drop)
    }

    /// The person who delivers, as the repository knows them: a clone does not.
    fn person(&self) -> Result<[String; 4]> {
        let setting = |name: &str| {
            let value = tool::printed(self.git(self.root).args(["config", name]))
                .with_context(|| format!("git does not know who delivers: git config {name}"))?;
            Ok::<_, anyhow::Error>(format!("{name}={value}"))
        };
        let (name, email) = (setting("user.name")?, setting("user.email")?);
        Ok(["-c".to_owned(), name, "-c".to_owned(), email])
    }

    /// The address of a remote that is named; an address is its own.
    fn address(&self) -> Result<String> {
        let asked = ["ls-remote", "--get-url", self.name];
        tool::printed(self.git(self.root).args(asked))
    }

    /// Git, which asks nobody for a password.
    fn git(&self, folder: &Path) -> Command {
        let mut git = Command::new("git");
        git.current_dir(folder).env("GIT_TERMINAL_PROMPT", "0");
        git
    }
}

/// The hashes of what was packaged: the tag vouches for them.
fn message(release: &Release<'_>, folder: &Path) -> Result<String> {
    let sums = crate::files::read(folder, tool::SUMS)?;
    Ok(format!(
        "release: deliver version {}\n\nImage {}\n\n{sums}",
        release.version, release.image.digest
    ))
}
