//! Files that only their owner may read: secrets, keys, personal data.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::AtomicFile;

/// Writes a private file, whole or not at all, in place of the one that is there.
///
/// # Errors
/// Those of the file system; the previous file is then untouched.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    draft(path, content)?.commit()
}

/// Writes a private file, unless one is there already: another service may have drawn its secret
/// first, and both must use the same.
///
/// # Errors
/// Those of the file system.
pub fn create_private(path: &Path, content: &[u8]) -> io::Result<()> {
    draft(path, content)?.commit_if_absent()
}

/// Reads a private file, whose content is drawn the first time.
///
/// # Errors
/// Those of `draw` and of the file system.
pub fn read_or_create_private<E: From<io::Error>>(
    path: &Path,
    draw: impl FnOnce() -> Result<Vec<u8>, E>,
) -> Result<Vec<u8>, E> {
    if !path.exists() {
        create_private(path, &draw()?)?;
    }

    Ok(fs::read(path)?)
}

fn draft(path: &Path, content: &[u8]) -> io::Result<AtomicFile> {
    let file = AtomicFile::create_private(path)?;
    file.as_file().write_all(content)?;
    Ok(file)
}

#[cfg(test)]
mod tests;
