use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use filrouge_bounded::hash_file;
use filrouge_storage::move_into_place;
use polars::prelude::{DataFrame, DataType, IntoLazy, PolarsResult, SortMultipleOptions, col, lit};

use super::entries::Parts;
use super::{ParquetFile, trips_folder};
use crate::LakeError;

/// The Parquet files of one file of trips, kept aside until all are written.
pub(crate) struct Staging {
    folder: PathBuf,
    trips: PathBuf,
    /// Start of the file's SHA-256, and of the names of its parts.
    key: String,
    batches: u32,
    parts: Parts,
}

impl Staging {
    /// An empty staging folder for the file of this hash.
    pub(crate) fn new(lake: &Path, sha256: &str) -> Self {
        // After the content: a run started again writes the same names.
        let key = sha256[..16].to_owned();
        Self {
            folder: staging_folder(lake).join(&key),
            trips: trips_folder(lake),
            key,
            batches: 0,
            parts: Parts::new(),
        }
    }

    /// Writes a frame of canonical trips, one sorted file a month. Trips whose start is
    /// unreadable go to `year=0000/month=00`.
    pub(crate) fn write(&mut self, frame: DataFrame) -> Result<(), LakeError> {
        let months = by_month(frame).map_err(|error| LakeError::unwritable(&self.folder, error))?;
        for (year, month, frame) in months {
            let part = format!(
                "year={year:04}/month={month:02}/{}-{:03}.parquet",
                self.key, self.batches
            );
            let path = self.folder.join(&part);
            let mut file = ParquetFile::create(&path, &frame)?;
            file.append(&frame)?;
            file.finish()?;

            let (_, sha256) =
                hash_file(&path).map_err(|error| LakeError::unreadable(path.display(), error))?;
            self.parts.insert(part, sha256);
        }

        self.batches += 1;
        Ok(())
    }

    /// Puts every file in its partition; answers their names and hashes.
    pub(crate) fn publish(&self) -> Result<Parts, LakeError> {
        for part in self.parts.keys() {
            let target = self.trips.join(part);
            move_into_place(&self.folder.join(part), &target)
                .map_err(|error| LakeError::unwritable(&target, error))?;
        }
        Ok(self.parts.clone())
    }

    /// Ends the ingestion, once the ledger knows the file.
    pub(crate) fn close(self) -> Result<(), LakeError> {
        remove_folder(&self.folder)
    }
}

/// Takes out of the lake the rests of killed runs: staging folders, and parts that the ledger does
/// not name.
pub(super) fn recover(lake: &Path, named: &Parts) -> Result<(), LakeError> {
    // Whoever opens the ledger holds the lock, so nobody stages now.
    remove_folder(&staging_folder(lake))?;
    let trips = trips_folder(lake);
    let mut left = Vec::new();

    for year in names(&trips)? {
        for month in names(&trips.join(&year))? {
            let files = names(&trips.join(&year).join(&month))?;
            left.extend(
                files
                    .iter()
                    .filter(|name| is_part(name))
                    .map(|name| format!("{year}/{month}/{name}")),
            );
        }
    }

    remove_parts(
        &trips,
        left.iter().filter(|part| !named.contains_key(*part)),
    )
}

/// True for a name that this program gives: a key of sixteen digits and a number.
fn is_part(name: &str) -> bool {
    let stem = name
        .strip_suffix(".parquet")
        .and_then(|stem| stem.split_once('-'));
    stem.is_some_and(|(key, number)| {
        key.len() == 16
            && key.bytes().all(|digit| digit.is_ascii_hexdigit())
            && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// Removes parts, and the folders that they leave empty.
pub(super) fn remove_parts<'a>(
    trips: &Path,
    parts: impl IntoIterator<Item = &'a String>,
) -> Result<(), LakeError> {
    for part in parts {
        let path = trips.join(part);
        ignore_absent(fs::remove_file(&path))
            .map_err(|error| LakeError::unwritable(&path, error))?;
        // A folder that still holds other parts refuses to go, as it must.
        let _ = path.parent().map(fs::remove_dir);
    }
    Ok(())
}

fn staging_folder(lake: &Path) -> PathBuf {
    lake.join(".staging")
}

fn remove_folder(folder: &Path) -> Result<(), LakeError> {
    ignore_absent(fs::remove_dir_all(folder)).map_err(|error| LakeError::unwritable(folder, error))
}

/// The names in a folder, none when it is absent.
fn names(folder: &Path) -> Result<Vec<String>, LakeError> {
    let list = || -> io::Result<Vec<String>> {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    };

    match list().map_err(|error| (error.kind(), error)) {
        // A stray file beside the folders is nobody's partition.
        Err((ErrorKind::NotFound | ErrorKind::NotADirectory, _)) => Ok(Vec::new()),
        other => other.map_err(|(_, error)| LakeError::unreadable(folder.display(), error)),
    }
}

fn ignore_absent(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn by_month(frame: DataFrame) -> PolarsResult<Vec<(i32, i32, DataFrame)>> {
    let start = || col("started_hour").dt();
    let year = start().year().fill_null(lit(0)).alias("year");
    let month = start().month().cast(DataType::Int32).fill_null(lit(0));

    // Sorted by hour, so that the statistics of a row group let a query skip it.
    let parts = frame
        .lazy()
        .with_columns([year, month.alias("month")])
        .sort(
            ["started_hour", "source_line"],
            SortMultipleOptions::default(),
        )
        .collect()?
        .partition_by_stable(["year", "month"], true)?;

    parts
        .into_iter()
        .map(|part| {
            let (year, month) = (first(&part, "year")?, first(&part, "month")?);
            Ok((year, month, part.drop_many(["year", "month"])))
        })
        .collect()
}

fn first(part: &DataFrame, column: &str) -> PolarsResult<i32> {
    Ok(part.column(column)?.i32()?.get(0).unwrap_or(0))
}
