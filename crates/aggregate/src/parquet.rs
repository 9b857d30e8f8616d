//! Parquet files read by pieces: some columns of one row group, all its rows or some.
//!
//! The engine's own reader is made for whole files: it reads every row group before the one that is
//! wanted, and cannot leave rows out.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use filrouge_dataset::{check_parquet, guarded};
use polars::prelude::{ArrowSchema, DataType, PolarsError, PolarsResult, Series};
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, Filter, PageReader,
    column_iter_to_arrays, infer_schema, read_metadata,
};

use crate::AggregateError;

/// An open file: its row groups and columns are known, nothing else is read yet.
pub(crate) struct ParquetFile {
    path: PathBuf,
    metadata: FileMetadata,
    schema: ArrowSchema,
}

/// Rows of a row group, by their places in it.
#[derive(Debug, Clone)]
pub(crate) enum Rows<'a> {
    Between(Range<usize>),
    /// These, in order.
    At(&'a [u32]),
}

impl ParquetFile {
    /// Reads the footer, and judges the pages before any is decoded.
    pub(crate) fn open(path: &Path) -> Result<Self, AggregateError> {
        let unreadable = |reason: String| AggregateError::unreadable(path, reason);
        check_parquet(path).map_err(unreadable)?;

        let read = || -> PolarsResult<_> {
            let metadata = read_metadata(&mut File::open(path)?)?;
            let schema = infer_schema(&metadata)?;
            Ok(Self {
                path: path.to_owned(),
                metadata,
                schema,
            })
        };
        guarded(read)
            .map_err(unreadable)?
            .map_err(|error| AggregateError::unreadable(path, error))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Rows of each row group.
    pub(crate) fn groups(&self) -> impl Iterator<Item = usize> + '_ {
        self.metadata
            .row_groups
            .iter()
            .map(|group| group.num_rows())
    }

    /// The type of a column, when the file has it.
    pub(crate) fn type_of(&self, column: &str) -> Option<DataType> {
        self.schema.get(column).map(DataType::from_arrow_field)
    }

    /// The least value of a column of 64-bit integers or instants in a row group, when the file
    /// tells.
    pub(crate) fn least(&self, group: usize, column: &str) -> Option<i64> {
        let statistics = self
            .chunk(group, column)?
            .statistics(&self.metadata.footer_buf)?
            .ok()?;
        statistics.as_int64()?.min_value
    }

    /// One column of a row group, in the type that the file gives it.
    pub(crate) fn read(
        &self,
        group: usize,
        column: &str,
        rows: &Rows,
    ) -> Result<Series, AggregateError> {
        guarded(|| self.decode(group, column, rows))
            .map_err(|reason| AggregateError::unreadable(&self.path, reason))?
            .map_err(|error| AggregateError::unreadable(&self.path, error))
    }

    fn decode(&self, group: usize, column: &str, rows: &Rows) -> PolarsResult<Series> {
        let place = self.schema.get(column).zip(self.chunk(group, column));
        let (field, chunk) =
            place.ok_or_else(|| PolarsError::ColumnNotFound(column.to_owned().into()))?;

        // Pages of any size: some tools write one a row group.
        let pages = PageReader::new(
            Cursor::new(self.bytes(chunk)?.into()),
            chunk,
            Vec::new(),
            usize::MAX,
        );

        let pages = BasicDecompressor::new(pages, Vec::new());
        let kind = &chunk.descriptor().descriptor.primitive_type;
        let filter = rows.filter(self.metadata.row_groups[group].num_rows());
        let (arrays, _) = column_iter_to_arrays(vec![pages], vec![kind], field.clone(), filter)?;

        Series::try_from((field, arrays))
    }

    /// The compressed bytes of a column of a row group.
    fn bytes(&self, chunk: &ColumnChunkMetadata) -> PolarsResult<Vec<u8>> {
        let range = chunk.byte_range();
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(range.start))?;
        let mut bytes = Vec::new();
        file.take(range.end.saturating_sub(range.start))
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn chunk(&self, group: usize, column: &str) -> Option<&ColumnChunkMetadata> {
        self.metadata.row_groups[group]
            .columns_under_root_iter(column)?
            .next()
    }
}

impl Rows<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Between(rows) => rows.len(),
            Self::At(places) => places.len(),
        }
    }

    fn filter(&self, height: usize) -> Option<Filter> {
        match self {
            // Without any filter the decoder copies whole runs.
            Self::Between(rows) if rows.len() == height => None,
            Self::Between(rows) => Some(Filter::new_ranged(rows.start, rows.end)),
            Self::At(places) => {
                let mut wanted = vec![false; height];
                places
                    .iter()
                    .for_each(|&place| wanted[place as usize] = true);
                Some(Filter::new_masked(wanted.into_iter().collect()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trips::PUBLISHED_COLUMNS;

    #[test]
    fn fuzz_trips() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trips.parquet");

        crate::fuzz::fuzz("trips-parquet", |body| {
            std::fs::write(&path, body).unwrap();
            let Ok(file) = ParquetFile::open(&path) else {
                return;
            };

            for (group, rows) in file.groups().enumerate() {
                let rows = Rows::Between(0..rows);
                for column in PUBLISHED_COLUMNS {
                    let _ = (file.least(group, column), file.read(group, column, &rows));
                }
            }
        });
    }
}
