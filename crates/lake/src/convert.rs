use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::read::{ReadOptions, empty_trips, identify, read_trips};
use crate::store::ParquetFile;
use crate::{FileReport, LakeError};

/// The result of a conversion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Converted {
    /// The files read, in the order given.
    pub files: Vec<FileReport>,
    /// Trips written.
    pub rows: u64,
}

/// Reads public trip histories into one canonical Parquet file, whole or not at all.
///
/// # Errors
/// The first file that cannot be read, or the result that cannot be written.
pub fn convert(
    files: &[PathBuf],
    target: &Path,
    options: ReadOptions,
) -> Result<Converted, LakeError> {
    let empty = empty_trips().map_err(|error| LakeError::unwritable(target, error))?;
    let mut trips = ParquetFile::create(target, &empty)?;
    let mut converted = Converted::default();

    for file in files {
        converted
            .files
            .extend(read_trips(&identify(file)?, options, |frame| {
                trips.append(&frame)
            })?);
    }

    trips.finish()?;
    converted.rows = converted.files.iter().map(|file| file.kept).sum();
    Ok(converted)
}
