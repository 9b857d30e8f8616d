//! Files of the repository: listed as git does, read with an error that names them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Text of a file, which is named from the top folder.
pub(crate) fn read(root: &Path, path: &str) -> Result<String> {
    std::fs::read_to_string(root.join(path)).with_context(|| format!("cannot read `{path}`"))
}

/// Files of a folder that git tracks or would, and that are there.
pub(crate) fn listed(folder: &Path, patterns: &[&str]) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    // Zeros between the names: with line breaks, git escapes those that hold accents.
    git.args(["ls-files", "-z", "--cached", "--others"])
        .args(["--exclude-standard", "--deduplicate", "--"])
        .args(patterns);

    let output = git.current_dir(folder).output().context("cannot run git")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git ls-files: {complaint}");
    let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;

    // A file that was removed is listed until the removal is staged.
    let is_there = |name: &&str| !name.is_empty() && folder.join(name).is_file();
    Ok(names
        .split('\0')
        .filter(is_there)
        .map(str::to_owned)
        .collect())
}

/// Names of the Markdown files of a folder, in order.
pub(crate) fn markdown_files(folder: &Path) -> Result<Vec<String>> {
    let unreadable = || format!("cannot list `{}`", folder.display());
    let entries = std::fs::read_dir(folder).with_context(unreadable)?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names
        .collect::<std::io::Result<_>>()
        .with_context(unreadable)?;

    names.retain(|name| name.ends_with(".md"));
    names.sort();
    Ok(names)
}
