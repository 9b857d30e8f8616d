//! The files of the clean folder beside the summary that tells their bytes.

use std::fs::File;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::{AggregateError, Summary};

/// Makes sure that the file `name` of a clean folder is the one that its summary tells of: the
/// engine decodes what is damaged without a word. A folder without a summary promises nothing.
///
/// # Errors
/// A damaged file or summary.
pub fn require_whole(clean_dir: &Path, name: &str) -> Result<(), AggregateError> {
    if !clean_dir.join(Summary::FILE_NAME).exists() {
        return Ok(());
    }
    let summary = Summary::read(clean_dir)?;
    let Some(expected) = summary.files.get(name) else {
        return Ok(());
    };

    let path = clean_dir.join(name);
    let found = hash_file(&path).map_err(|error| AggregateError::unreadable(&path, error))?;
    if found == *expected {
        Ok(())
    } else {
        Err(AggregateError::Damaged { path })
    }
}

/// The SHA-256 of a file, hexadecimal.
pub(crate) fn hash_file(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hex::encode(hash.finalize()))
}
