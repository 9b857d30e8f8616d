//! The files of the clean folder beside the summary that tells their bytes.

use std::path::Path;

use filrouge_bounded::hash_file;

use crate::{AggregateError, Summary};

/// Makes sure that the file `name` of a clean folder is the one that its summary tells of: the
/// engine decodes damaged bytes without a word. A folder without a summary promises nothing.
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
    let (_, found) = hash_file(&path).map_err(|error| AggregateError::unreadable(&path, error))?;
    if found == *expected {
        Ok(())
    } else {
        Err(AggregateError::Damaged { path })
    }
}
