use std::fs::File;
use std::path::{Path, PathBuf};

use filrouge_storage::AtomicFile;
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{DataFrame, ParquetWriter, PolarsResult};

use crate::LakeError;

/// Rows of a row group: statistics on `started_hour` let a query skip the others.
const ROW_GROUP: usize = 1 << 17;

/// A Parquet file that takes its name once it is whole.
pub(crate) struct ParquetFile {
    path: PathBuf,
    file: AtomicFile,
    writer: BatchedWriter<File>,
}

impl ParquetFile {
    /// Begins a file with the columns of `like`.
    pub(crate) fn create(path: &Path, like: &DataFrame) -> Result<Self, LakeError> {
        let create = || -> PolarsResult<Self> {
            let file = AtomicFile::create(path)?;
            let writer = ParquetWriter::new(file.as_file().try_clone()?).batched(like.schema())?;

            Ok(Self {
                path: path.to_owned(),
                file,
                writer,
            })
        };
        create().map_err(|error| LakeError::unwritable(path, error))
    }

    /// Appends rows.
    pub(crate) fn append(&mut self, frame: &DataFrame) -> Result<(), LakeError> {
        let mut append = || -> PolarsResult<()> {
            let mut frame = frame.clone();
            // A row group is written by chunk: many small chunks would make small groups.
            frame.rechunk_mut();
            for start in (0..frame.height()).step_by(ROW_GROUP) {
                self.writer.write_batch(
                    &frame.slice(i64::try_from(start).unwrap_or(i64::MAX), ROW_GROUP),
                )?;
            }
            Ok(())
        };
        append().map_err(|error| LakeError::unwritable(&self.path, error))
    }

    /// Ends the file and names it.
    pub(crate) fn finish(self) -> Result<(), LakeError> {
        let finish = || -> PolarsResult<()> {
            self.writer.finish()?;
            Ok(self.file.commit()?)
        };
        finish().map_err(|error| LakeError::unwritable(&self.path, error))
    }
}
