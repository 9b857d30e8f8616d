//! The files of a raw run, read as they are: each absent one is told, each damaged one is an error
//! that names it.

pub(crate) mod calendar;
pub(crate) mod events;
pub(crate) mod gbfs;
pub(crate) mod operator;
pub(crate) mod weather;

use std::fs;
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::AggregateError;

/// The bytes of a file, or `None` when it is absent.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, AggregateError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(AggregateError::unreadable(path, error)),
    }
}

/// A JSON document, or `None` when the file is absent.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, AggregateError> {
    let Some(bytes) = read(path)? else {
        return Ok(None);
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| AggregateError::unreadable(path, error))
}

/// The records of a file with one JSON object a line, or `None` when it is absent. Blank lines are
/// none.
pub(crate) fn read_json_lines<T: DeserializeOwned>(
    path: &Path,
) -> Result<Option<Vec<T>>, AggregateError> {
    let Some(bytes) = read(path)? else {
        return Ok(None);
    };
    let lines = bytes
        .split(|&byte| byte == b'\n')
        // Before blank lines are dropped: errors name the line that an editor shows.
        .zip(1..)
        .filter(|(line, _)| !line.trim_ascii().is_empty());

    let record = |(line, number): (&[u8], u32)| {
        serde_json::from_slice(line)
            .map_err(|error| AggregateError::unreadable(path, format!("line {number}: {error}")))
    };
    lines.map(record).collect::<Result<_, _>>().map(Some)
}
