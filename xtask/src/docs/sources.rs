//! The Markdown documents of the repository, read once for all that judges them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pulldown_cmark::{Options, Parser};

/// A document as it is written.
pub(crate) struct Source {
    /// Path from the top folder.
    pub(crate) path: PathBuf,
    /// Its whole text.
    pub(crate) text: String,
}

/// The Markdown documents that git tracks, or would. Planted submissions speak of themselves, and
/// entries of the changelog are read where they are assembled.
pub(crate) fn of_the_repository(root: &Path) -> Result<Vec<Source>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.md",
            ":!:**/submissions/**",
            ":!:changelog.d/*-*.md",
        ])
        .current_dir(root)
        .output()
        .context("cannot run git")?;

    ensure!(
        output.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let paths = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    // A file that was removed is listed until the removal is staged.
    let paths = paths
        .lines()
        .map(PathBuf::from)
        .filter(|path| root.join(path).exists());

    paths
        .map(|path| {
            Ok(Source {
                text: read(&root.join(&path))?,
                path,
            })
        })
        .collect()
}

pub(super) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Reads a document as the forges do.
pub(super) fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}
