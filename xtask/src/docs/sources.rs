//! The Markdown documents of the repository, read once for all that judges them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use pulldown_cmark::{Options, Parser};

use crate::files;

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
    let wanted = ["*.md", ":!:**/submissions/**", ":!:changelog.d/*-*.md"];
    let source = |path: String| {
        Ok(Source {
            text: files::read(root, &path)?,
            path: path.into(),
        })
    };

    files::listed(root, &wanted)?
        .into_iter()
        .map(source)
        .collect()
}

pub(super) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Reads a document as the forges do.
pub(super) fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}
