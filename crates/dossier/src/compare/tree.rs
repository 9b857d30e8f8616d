//! The files of a submission, read within bounds.

mod folder;

use std::path::Path;

use super::{Error, Options, Read, Skipped};

/// A file whose text was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// Path from the root, with `/`.
    pub(super) path: String,
    /// Its text, invalid UTF-8 replaced.
    pub(super) text: String,
}

/// What was read of a submission.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) name: String,
    pub(super) commit: Option<String>,
    pub(super) files: Vec<File>,
    pub(super) read: Read,
    pub(super) skipped: Vec<Skipped>,
}

/// Reads the folder, or one commit of it.
pub(super) fn read(path: &Path, _options: &Options) -> Result<Tree, Error> {
    folder::read(path)
}
