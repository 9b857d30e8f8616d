mod cell;
mod csv_file;
mod fields;
mod instant;
mod parquet_file;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::{ConditionTable, Dataset, DatasetError, Warning};
use fields::FieldReader;

/// A table read from a file, and the warnings on the way.
#[derive(Debug, Clone)]
pub struct TableRead<T> {
    /// The rows.
    pub table: T,
    /// Facts that the reader of a report should know.
    pub warnings: Vec<Warning>,
}

/// Reads a station-hour data set, Parquet or CSV (plain or gzip) as its content says.
///
/// # Errors
/// A file that is not one: see [`DatasetError`], which names the file, the column and the line.
pub fn read_dataset(path: &Path) -> Result<TableRead<Dataset>, DatasetError> {
    read(path, true)
}

/// Reads the same file without its target, which may be absent: the input of a forecast.
///
/// # Errors
/// As [`read_dataset`].
pub fn read_conditions(path: &Path) -> Result<TableRead<ConditionTable>, DatasetError> {
    let TableRead { table, warnings } = read(path, false)?;
    Ok(TableRead {
        table: table.conditions,
        warnings,
    })
}

fn read(path: &Path, with_target: bool) -> Result<TableRead<Dataset>, DatasetError> {
    let unreadable = |error: io::Error| DatasetError::Unreadable {
        path: path.into(),
        reason: error.to_string(),
    };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut magic = [0; 4];
    let length = read_up_to(&mut file, &mut magic).map_err(unreadable)?;

    let mut fields = FieldReader::new(path, with_target);

    // By content: files are renamed more often than they are converted.
    match &magic[..length] {
        b"PAR1" => parquet_file::read(path, &mut fields)?,
        _ => csv_file::read(path, &mut fields)?,
    }

    fields.finish()
}

// `read` may give fewer bytes than it is asked for, and `read_exact` refuses a file shorter than
// that.
fn read_up_to(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..])? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}
