//! Small Parquet files joined into one, and taken apart again when one of their sources changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::Path;

use polars::prelude::{
    Column, DataFrame, IntoLazy, JoinArgs, JoinType, ParquetReader, PolarsError, PolarsResult,
    SerReader, SortMultipleOptions, col,
};
use sha2::{Digest, Sha256};

use super::ParquetFile;
use crate::LakeError;

/// Files of a month from which on they are joined.
const MANY: usize = 8;

/// A file under this size is small: opening it costs as much as reading it.
const SMALL_BYTES: u64 = 4 << 20;

/// The parts to join, a list a month.
pub(super) fn small_parts(
    trips: &Path,
    parts: BTreeSet<String>,
) -> Result<Vec<Vec<String>>, LakeError> {
    let mut months: BTreeMap<String, Vec<String>> = BTreeMap::new();

    for part in parts {
        let path = trips.join(&part);
        let bytes = path
            .metadata()
            .map_err(|error| LakeError::unreadable(path.display(), error))?
            .len();
        // Large parts stay as they are: joining them again would write gigabytes for nothing.
        if bytes < SMALL_BYTES {
            months
                .entry(month(&part).to_owned())
                .or_default()
                .push(part);
        }
    }

    Ok(months
        .into_values()
        .filter(|parts| parts.len() >= MANY)
        .collect())
}

/// Writes one part that holds the trips of all, in the order of a part; answers its name.
pub(super) fn merge(trips: &Path, parts: &[String]) -> Result<String, LakeError> {
    let mut whole: Option<DataFrame> = None;

    for part in parts {
        let frame = read(trips, part)?;
        let joined = match whole.take() {
            None => Ok(frame),
            Some(before) => before.vstack(&frame),
        };
        whole =
            Some(joined.map_err(|error| LakeError::unreadable(trips.join(part).display(), error))?);
    }

    write(
        trips,
        &parts.join("\n"),
        month(parts.first().map_or("", String::as_str)),
        whole.unwrap_or_default(),
    )
}

/// Writes a part again without the trips of some source files; answers its new name.
pub(super) fn without(
    trips: &Path,
    part: &str,
    source_files: &[String],
) -> Result<String, LakeError> {
    let unreadable = |error: PolarsError| LakeError::unreadable(trips.join(part).display(), error);
    let names = [Column::new("source_file".into(), source_files)];
    let leaving = DataFrame::new(source_files.len(), names.into()).map_err(unreadable)?;
    let by_name = || [col("source_file")];

    let others = read(trips, part)?
        .lazy()
        .join(
            leaving.lazy(),
            by_name(),
            by_name(),
            JoinArgs::new(JoinType::Anti),
        )
        .collect();

    let frame = others.map_err(unreadable)?;

    write(
        trips,
        &format!("{part}\n{}", source_files.join("\n")),
        month(part),
        frame,
    )
}

fn read(trips: &Path, part: &str) -> Result<DataFrame, LakeError> {
    let path = trips.join(part);
    let read = || -> PolarsResult<DataFrame> {
        ParquetReader::new(Cursor::new(fs::read(&path)?)).finish()
    };
    read().map_err(|error| LakeError::unreadable(path.display(), error))
}

/// Writes a part named after the hash of its origin.
fn write(trips: &Path, origin: &str, month: &str, frame: DataFrame) -> Result<String, LakeError> {
    // Eight bytes of hash: two parts of one month never meet.
    let key = hex::encode(&Sha256::digest(origin)[..8]);
    let part = format!("{month}/{key}-000.parquet");
    let path = trips.join(&part);

    // A full order: joining the same trips twice gives the same bytes.
    let order = ["started_hour", "source_file", "source_line"];
    let sorted = frame
        .lazy()
        .sort(order, SortMultipleOptions::default())
        .collect();
    let frame = sorted.map_err(|error| LakeError::unwritable(&path, error))?;
    let mut file = ParquetFile::create(&path, &frame)?;

    file.append(&frame)?;
    file.finish()?;
    Ok(part)
}

/// The partition of a part.
fn month(part: &str) -> &str {
    part.rsplit_once('/').map_or("", |(month, _)| month)
}
