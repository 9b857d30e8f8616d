//! The files of a repository.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// Paths of the files that git tracks or would track, in order, from `root`.
pub(super) fn files(root: &Path) -> anyhow::Result<Vec<String>> {
    let listing = Command::new("git")
        .args([
            "-c",
            // A repository may name a program there, which git would run.
            "core.fsmonitor=",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "--deduplicate",
        ])
        .current_dir(root)
        .output()
        .context("git est introuvable")?;

    if !listing.status.success() {
        bail!(
            "{} : {}",
            root.display(),
            String::from_utf8_lossy(&listing.stderr).trim()
        );
    }

    let names = String::from_utf8_lossy(&listing.stdout);
    let mut files: Vec<String> = names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();

    files.sort();
    Ok(files)
}
