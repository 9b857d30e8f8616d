//! The files of a repository, and how one of them is replaced.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// Paths of the files that git tracks or would track, in order, from `root`.
pub(super) fn files(root: &Path) -> anyhow::Result<Vec<String>> {
    let listing = Command::new("git")
        .args([
            "-c",
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
        bail!("{} : {}", root.display(), String::from_utf8_lossy(&listing.stderr).trim());
    }
    let names = String::from_utf8_lossy(&listing.stdout);
    let mut files: Vec<String> = names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    files.sort();
    Ok(files)
}

/// Replaces a file in one go, so that a killed run leaves the old one.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let draft = path.with_extension("partial");
    std::fs::write(&draft, text)
        .and_then(|()| std::fs::File::open(&draft)?.sync_all())
        .and_then(|()| std::fs::rename(&draft, path))
        .with_context(|| format!("{} : écriture impossible", path.display()))
}
