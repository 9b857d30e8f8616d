use std::fs::File;
use std::path::Path;

use polars::prelude::{ParquetReader, PolarsResult, SerReader};

use crate::LakeError;
use crate::store::parts;

/// The bytes that a scan has to read, from the metadata of the Parquet files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// Files opened.
    pub files: u64,
    /// Rows in them.
    pub rows: u64,
    /// Compressed bytes of the columns read.
    pub bytes: u64,
}

/// Weighs the partitions that `wanted` chooses by year and month, and in them the columns that
/// `is_read` chooses.
///
/// # Errors
/// A lake whose files cannot be read.
pub fn weigh(
    lake: &Path,
    wanted: impl Fn(u32, u32) -> bool,
    is_read: impl Fn(&str) -> bool,
) -> Result<Weight, LakeError> {
    let mut weight = Weight::default();

    for file in parts(lake)? {
        // `…/year=2026/month=03/part.parquet`: the month is met first.
        let mut folders = file.ancestors().skip(1).map(number);
        let (month, year) = (folders.next().unwrap_or(0), folders.next().unwrap_or(0));

        if wanted(year, month) {
            add(&mut weight, &file, &is_read)
                .map_err(|error| LakeError::unreadable(file.display(), error))?;
        }
    }

    Ok(weight)
}

fn add(weight: &mut Weight, file: &Path, is_read: &impl Fn(&str) -> bool) -> PolarsResult<()> {
    let mut reader = ParquetReader::new(File::open(file)?);
    let metadata = reader.get_metadata()?;
    weight.files += 1;
    weight.rows += metadata.num_rows as u64;

    let columns = metadata
        .row_groups
        .iter()
        .flat_map(|group| group.parquet_columns());
    for column in columns {
        let path = &column.descriptor().path_in_schema;

        if path.first().is_some_and(|name| is_read(name)) {
            weight.bytes += column.compressed_size().unsigned_abs();
        }
    }

    Ok(())
}

/// The number at the end of a folder such as `month=03`; 0 where there is none.
fn number(folder: &Path) -> u32 {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.rsplit_once('=')
        .and_then(|(_, number)| number.parse().ok())
        .unwrap_or(0)
}
