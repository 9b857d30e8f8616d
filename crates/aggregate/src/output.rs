//! The clean folder: every file is written under a temporary name, then all take theirs.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use filrouge_bounded::hash_file;
use filrouge_dataset::{ConditionTable, Dataset, DatasetError, write_conditions, write_dataset};
use filrouge_storage::{make_folder, sync_folder, temporary_folder, write_atomically};
use polars::prelude::{DataFrame, ParquetWriter, PolarsError};
use serde::Serialize;
use tempfile::TempDir;

use crate::{AggregateError, Summary};

/// Prefix of the folder of a run that is not over.
const UNFINISHED: &str = ".unfinished-";

/// The files of a run that is not over. Dropped before [`Output::publish`], it leaves nothing.
pub(crate) struct Output {
    folder: TempDir,
    /// The files so far: the SHA-256 of each, by name.
    files: BTreeMap<&'static str, String>,
}

impl Output {
    /// An empty folder inside `out_dir`; those that killed runs left there are removed.
    pub(crate) fn new(out_dir: &Path) -> Result<Self, AggregateError> {
        let create = || {
            make_folder(out_dir)?;
            remove_unfinished(out_dir)?;

            // On the same disk as the names to come: a rename across two is a copy.
            temporary_folder(out_dir, UNFINISHED)
        };

        let folder = create().map_err(|error| AggregateError::unwritable(out_dir, error))?;

        Ok(Self {
            folder,
            files: BTreeMap::new(),
        })
    }

    pub(crate) fn station_hours(&mut self, dataset: &Dataset) -> Result<(), AggregateError> {
        self.write("station_hours.parquet", |path| {
            write_dataset(path, dataset).map_err(reason)
        })
    }

    pub(crate) fn conditions(&mut self, table: &ConditionTable) -> Result<(), AggregateError> {
        self.write("conditions.parquet", |path| {
            write_conditions(path, table).map_err(reason)
        })
    }

    pub(crate) fn rejects(&mut self, mut rejects: DataFrame) -> Result<(), AggregateError> {
        self.write("rejects.parquet", |path| {
            let written = write_atomically(path, |file| {
                ParquetWriter::new(file).finish(&mut rejects).map(|_| ())
            });
            written.map_err(|error: PolarsError| error.to_string())
        })
    }

    pub(crate) fn json(
        &mut self,
        name: &'static str,
        value: &impl Serialize,
    ) -> Result<(), AggregateError> {
        self.write(name, |path| {
            let written = write_atomically(path, |file| {
                serde_json::to_writer_pretty(file, value).map_err(io::Error::from)
            });
            written.map_err(|error| error.to_string())
        })
    }

    /// Writes the summary, which tells the bytes of the other files, then gives every file its name.
    pub(crate) fn publish(
        mut self,
        out_dir: &Path,
        mut summary: Summary,
    ) -> Result<Summary, AggregateError> {
        let names: Vec<&str> = self.files.keys().copied().collect();
        let files = std::mem::take(&mut self.files).into_iter();
        summary.files = files
            .map(|(name, sha256)| (name.to_owned(), sha256))
            .collect();
        self.json(Summary::FILE_NAME, &summary)?;

        // The summary last: killed in between, files beside that of before are refused, not mixed.
        for name in names.into_iter().chain([Summary::FILE_NAME]) {
            let target = out_dir.join(name);
            fs::rename(self.folder.path().join(name), &target)
                .map_err(|error| AggregateError::unwritable(&target, error))?;
        }

        // The names are on the disk only after this.
        sync_folder(out_dir).map_err(|error| AggregateError::unwritable(out_dir, error))?;
        Ok(summary)
    }

    fn write(
        &mut self,
        name: &'static str,
        write: impl FnOnce(&Path) -> Result<(), String>,
    ) -> Result<(), AggregateError> {
        let path = self.folder.path().join(name);
        write(&path).map_err(|reason| AggregateError::unwritable(&path, reason))?;

        let (_, sha256) =
            hash_file(&path).map_err(|error| AggregateError::unreadable(&path, error))?;
        self.files.insert(name, sha256);
        Ok(())
    }
}

fn remove_unfinished(out_dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(out_dir)? {
        let entry = entry?;

        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_dir_all(entry.path())?;
        }
    }

    Ok(())
}

fn reason(error: DatasetError) -> String {
    match error {
        DatasetError::Unwritable { reason, .. } => reason,
        other => other.to_string(),
    }
}
