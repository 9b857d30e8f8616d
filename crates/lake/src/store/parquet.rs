use std::fs;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{DataFrame, ParquetWriter, PolarsResult};
use tempfile::NamedTempFile;

use crate::LakeError;

/// Rows of a row group: statistics on `started_hour` let a query skip the others.
const ROW_GROUP: usize = 1 << 17;

/// A Parquet file that takes its name once it is whole.
pub(crate) struct ParquetFile {
    path: PathBuf,
    temporary: NamedTempFile,
    writer: BatchedWriter<File>,
}

impl ParquetFile {
    /// Begins a file with the columns of `like`.
    pub(crate) fn create(path: &Path, like: &DataFrame) -> Result<Self, LakeError> {
        let create = || -> PolarsResult<Self> {
            let temporary = temporary_beside(path)?;
            let writer =
                ParquetWriter::new(temporary.as_file().try_clone()?).batched(like.schema())?;
            Ok(Self {
                path: path.to_owned(),
                temporary,
                writer,
            })
        };
        create().map_err(|error| LakeError::unwritable(path, error))
    }

    /// Appends rows.
    pub(crate) fn append(&mut self, frame: &DataFrame) -> Result<(), LakeError> {
        let mut append = || -> PolarsResult<()> {
            let mut frame = frame.clone();
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
            Ok(persist(self.temporary, &self.path)?)
        };
        finish().map_err(|error| LakeError::unwritable(&self.path, error))
    }
}

/// A temporary file in the folder of `path`, which is made when absent. As readable as any file of
/// its owner: another engine may read the lake.
pub(crate) fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Flushes a temporary file to the disk and gives it its name.
pub(crate) fn persist(temporary: NamedTempFile, path: &Path) -> io::Result<()> {
    temporary.as_file().sync_all()?;
    temporary
        .persist(path)
        .map(|_| ())
        .map_err(|error| error.error)
}
