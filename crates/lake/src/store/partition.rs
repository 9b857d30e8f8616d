use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, DataType, IntoLazy, PolarsResult, SortMultipleOptions, col, lit};

use super::{ParquetFile, trips_folder};
use crate::LakeError;

/// The Parquet files of one file of trips, kept aside until all are written.
pub(crate) struct Staging {
    folder: PathBuf,
    trips: PathBuf,
    /// Part of every name, so that writing the same file again replaces its own parts only.
    key: String,
    batches: u32,
    parts: Vec<String>,
}

impl Staging {
    /// An empty staging folder for the file of this hash; what a killed run left there is removed.
    pub(crate) fn new(lake: &Path, sha256: &str) -> Result<Self, LakeError> {
        let key = sha256[..16].to_owned();
        let folder = lake.join(".staging").join(&key);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(LakeError::unwritable(&folder, error)),
            _ => Ok(Self { folder, trips: trips_folder(lake), key, batches: 0, parts: Vec::new() }),
        }
    }

    /// Writes a frame of canonical trips, one sorted file a month. Trips whose start is
    /// unreadable go to `year=0/month=0`.
    pub(crate) fn write(&mut self, frame: DataFrame) -> Result<(), LakeError> {
        let months = by_month(frame).map_err(|error| LakeError::unwritable(&self.folder, error))?;
        for (year, month, frame) in months {
            let part = format!("year={year:04}/month={month:02}/{}-{:03}.parquet", self.key, self.batches);
            let mut file = ParquetFile::create(&self.folder.join(&part), &frame)?;
            file.append(&frame)?;
            file.finish()?;
            self.parts.push(part);
        }
        self.batches += 1;
        Ok(())
    }

    /// Puts every file in its partition; answers their names.
    pub(crate) fn publish(self) -> Result<Vec<String>, LakeError> {
        for part in &self.parts {
            let target = self.trips.join(part);
            let publish = || -> io::Result<()> {
                fs::create_dir_all(target.parent().unwrap_or(&self.trips))?;
                fs::rename(self.folder.join(part), &target)
            };
            publish().map_err(|error| LakeError::unwritable(&target, error))?;
        }
        // Only empty folders are left: failing to remove them harms nothing.
        let _ = fs::remove_dir_all(&self.folder);
        Ok(self.parts)
    }
}

fn by_month(frame: DataFrame) -> PolarsResult<Vec<(i32, i32, DataFrame)>> {
    let parts = frame
        .lazy()
        .with_columns([
            col("started_hour").dt().year().fill_null(lit(0)).alias("year"),
            col("started_hour").dt().month().cast(DataType::Int32).fill_null(lit(0)).alias("month"),
        ])
        .sort(["started_hour", "source_line"], SortMultipleOptions::default())
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
