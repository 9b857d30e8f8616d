//! The file system below the program: Debian packages, made by `docker/bases/make`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::files::read;
use crate::tool;

/// Said of a base that is not that of its lock: an image is made of it, and no release.
pub(crate) const CHANGED: &str = "the base image changed; read what changed, then run `cargo xtask image --accept-base` and commit the lock";

/// A base, as an archive.
pub(crate) struct Base {
    pub(crate) archive: PathBuf,
    /// `sha256:…` of the archive.
    pub(crate) digest: String,
    name: String,
    /// Version of each package, one `name=version` a line.
    pub(crate) versions: String,
}

impl Base {
    /// Finds the base of this list of packages, or makes it.
    pub(crate) fn make(root: &Path, name: &str) -> Result<Self> {
        let archive = tool::printed(Command::new(root.join("docker/bases/make")).arg(name))?;
        let archive = PathBuf::from(archive);
        let versions = archive.with_file_name("versions");

        Ok(Self {
            digest: format!("sha256:{}", tool::sha256(&archive)?),
            name: name.to_owned(),
            versions: std::fs::read_to_string(&versions)
                .with_context(|| format!("cannot read `{}`", versions.display()))?,
            archive,
        })
    }

    /// The names of its files.
    pub(crate) fn files(&self) -> Result<Vec<String>> {
        let names = tool::printed(
            Command::new("tar")
                .arg("--list")
                .arg("--file")
                .arg(&self.archive),
        )?;
        Ok(names.lines().map(super::content::plain).collect())
    }

    /// What differs from the lock that git has, package by package.
    pub(crate) fn changes(&self, root: &Path) -> Result<Vec<String>> {
        Ok(changes(&read(root, &self.lock_file())?, &self.lock()))
    }

    /// Writes the lock anew: a person has read the changes.
    pub(crate) fn accept(&self, root: &Path) -> Result<()> {
        let file = self.lock_file();
        std::fs::write(root.join(&file), self.lock())
            .with_context(|| format!("cannot write `{file}`"))
    }

    fn lock_file(&self) -> String {
        format!("docker/bases/{}.lock", self.name)
    }

    fn lock(&self) -> String {
        format!("{}\n{}", self.digest, self.versions)
    }
}

/// What differs from one lock to the other: packages first, since they explain the digest.
fn changes(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (packages(old), packages(new));
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();

    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| {
            let version =
                |lock: &BTreeMap<&str, &str>| lock.get(name).copied().unwrap_or("none").to_owned();
            format!("{name}: {} → {}", version(&old), version(&new))
        })
        .collect()
}

/// Versions by package; the digest under `archive`.
fn packages(lock: &str) -> BTreeMap<&str, &str> {
    lock.lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.split_once('=').unwrap_or(("archive", line)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_that_changed_is_told_package_by_package() {
        let lock = "sha256:aa\nlibc6=2.36-9\nlibgcc-s1=12\n";
        let table: [(&str, &[&str]); 4] = [
            (lock, &[]),
            (
                "sha256:bb\nlibc6=2.36-10\nlibgcc-s1=12\n",
                &["archive: sha256:aa → sha256:bb", "libc6: 2.36-9 → 2.36-10"],
            ),
            ("sha256:aa\nlibc6=2.36-9\n", &["libgcc-s1: 12 → none"]),
            (
                "sha256:aa\nlibc6=2.36-9\nlibgcc-s1=12\ncurl=7\n",
                &["curl: none → 7"],
            ),
        ];

        for (new, expected) in table {
            assert_eq!(changes(lock, new), expected, "{new}");
        }
    }
}
