//! The files of a raw run, read as they are: each absent one is told, each damaged one is an error
//! that names it.

pub(crate) mod calendar;
pub(crate) mod events;
pub(crate) mod gbfs;
pub(crate) mod operator;
pub(crate) mod weather;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use filrouge_bounded::{Allowance, DOCUMENT_BYTES, LINE_BYTES, Line, json, read_line};
use serde::de::DeserializeOwned;

use crate::AggregateError;

/// The file, or `None` when it is absent.
fn open(path: &Path) -> Result<Option<File>, AggregateError> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(AggregateError::unreadable(path, error)),
    }
}

/// A JSON document, or `None` when the file is absent. Its cost is bounded.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, AggregateError> {
    let Some(file) = open(path)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    Allowance::of(DOCUMENT_BYTES)
        .reader(file)
        .read_to_end(&mut bytes)
        .map_err(|_| {
            let reason = format!("it has more than {DOCUMENT_BYTES} bytes");
            AggregateError::unreadable(path, reason)
        })?;

    json(&bytes)
        .map(Some)
        .map_err(|error| AggregateError::unreadable(path, error))
}

/// The records of a file with one JSON object a line, or `None` when it is absent. Blank lines are
/// none.
pub(crate) fn read_json_lines<T: DeserializeOwned>(
    path: &Path,
) -> Result<Option<Vec<T>>, AggregateError> {
    let Some(file) = open(path)? else {
        return Ok(None);
    };
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut records = Vec::new();

    // Counted with the blank lines: errors name the line that an editor shows.
    for number in 1_u32.. {
        let unreadable = |reason: &dyn ToString| {
            let reason = format!("line {number}: {}", reason.to_string());
            AggregateError::unreadable(path, reason)
        };

        match read_line(&mut reader, &mut line).map_err(|error| unreadable(&error))? {
            Line::End => break,
            Line::TooLong => {
                return Err(unreadable(&format!("it has more than {LINE_BYTES} bytes")));
            }
            Line::Whole if line.trim_ascii().is_empty() => {}
            Line::Whole => records.push(json(&line).map_err(|error| unreadable(&error))?),
        }
    }

    Ok(Some(records))
}
