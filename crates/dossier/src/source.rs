//! Files of the repository that is read: never behind a link that leaves it, never without end.

#[cfg(test)]
mod tests;

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// Greatest size of a file that is read, in bytes: none that declares or shows a proof is as large.
const LIMIT: u64 = 4 << 20;

/// The text of a file, by its path from the root.
///
/// # Errors
/// When it is absent, a folder, no text, too large, or outside the repository.
pub(crate) fn read(root: &Path, file: &str) -> Result<String> {
    let path = place(root, file)?;

    if path.metadata()?.len() > LIMIT {
        return Err(Error::other(format!("plus de {} Mio", LIMIT >> 20)));
    }
    std::fs::read_to_string(path)
}

/// True when a file holds nothing but blanks.
///
/// # Errors
/// When it is absent, a folder, or outside the repository.
pub(crate) fn is_empty(root: &Path, file: &str) -> Result<bool> {
    let path = place(root, file)?;

    let is_large = path.metadata()?.len() > LIMIT;
    Ok(!is_large && std::fs::read(path)?.trim_ascii().is_empty())
}

/// The regular file behind a path from the root.
fn place(root: &Path, file: &str) -> Result<PathBuf> {
    let root = root.canonicalize()?;
    let path = root.join(file).canonicalize()?;

    if !path.starts_with(&root) {
        return Err(Error::other("hors du dépôt"));
    }
    if path.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    // A device has no end, and a pipe waits for ever.
    if !path.is_file() {
        return Err(Error::other("n'est pas un fichier"));
    }
    Ok(path)
}
