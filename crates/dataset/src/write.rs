mod frame;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use filrouge_storage::write_atomically;
use filrouge_types::{Hour, StationHour, StationId};
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    CompatLevel, CsvWriter, DataFrame, ParquetWriter, PolarsError, PolarsResult, SchemaExt,
    SerWriter,
};
use polars_arrow::array::Array;
use polars_arrow::io::ipc::write::{FileWriter, StreamWriter, WriteOptions};
use polars_arrow::record_batch::RecordBatchT;

use crate::{ConditionTable, Dataset, DatasetError};

/// Rows of a Parquet row group: enough to compress well, few enough to be read in pieces.
const ROW_GROUP: usize = 1 << 18;

/// A format of the files and exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet, Zstandard.
    Parquet,
    /// CSV, comma, header, UTF-8.
    Csv,
    /// Apache Arrow, record batches one after the other.
    ArrowStream,
    /// Apache Arrow, record batches and their places at the end.
    ArrowFile,
}

impl Format {
    /// The format that a file's extension asks for: CSV for `.csv`, else Parquet.
    pub fn of(path: &Path) -> Self {
        match path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
        {
            true => Self::Csv,
            false => Self::Parquet,
        }
    }
}

/// A forecast of one station's hour: departures, with the bounds of an 80 % interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The station.
    pub station_id: StationId,
    /// The hour, UTC.
    pub hour: Hour,
    /// Expected departures.
    pub demand: f32,
    /// Lower bound: one hour in ten is below.
    pub demand_p10: f32,
    /// Upper bound: one hour in ten is above.
    pub demand_p90: f32,
}

/// Writes a data set, whole or not at all, in the format of the extension (CSV or Parquet).
///
/// # Errors
/// The file system's, with the name of the file.
pub fn write_dataset(path: &Path, dataset: &Dataset) -> Result<(), DatasetError> {
    write_slices(path, dataset.len(), |start, end| {
        frame::of_table(&dataset.conditions, Some(&dataset.departures), start..end)
    })
}

/// Writes conditions, the same columns without `departures`, as [`write_dataset`] does.
///
/// # Errors
/// As [`write_dataset`].
pub fn write_conditions(path: &Path, table: &ConditionTable) -> Result<(), DatasetError> {
    write_slices(path, table.len(), |start, end| {
        frame::of_table(table, None, start..end)
    })
}

/// Writes forecasts in the order given, as [`write_dataset`] does.
///
/// # Errors
/// As [`write_dataset`].
pub fn write_predictions(path: &Path, predictions: &[Prediction]) -> Result<(), DatasetError> {
    write_slices(path, predictions.len(), |start, end| {
        frame::of_predictions(&predictions[start..end])
    })
}

/// Writes rows as they come into any sink: the exports of the data API.
///
/// Each call of [`write`](Self::write) becomes one Parquet row group, one Arrow record batch or one
/// piece of CSV; the header and the columns are there even when no row ever comes.
pub struct StationHourWriter<W: Write + Send>(FrameWriter<W>);

impl<W: Write + Send> StationHourWriter<W> {
    /// Begins a file in `sink`.
    ///
    /// # Errors
    /// The sink's answer to the first bytes.
    pub fn new(sink: W, format: Format) -> std::io::Result<Self> {
        // The columns are written even when no row ever comes.
        let empty = frame::of_rows(&[]).map_err(to_io)?;
        FrameWriter::new(sink, format, &empty)
            .map(Self)
            .map_err(to_io)
    }

    /// Appends a batch of rows.
    ///
    /// # Errors
    /// The sink's answer.
    pub fn write(&mut self, rows: &[StationHour]) -> std::io::Result<()> {
        self.0
            .write(&mut frame::of_rows(rows).map_err(to_io)?)
            .map_err(to_io)
    }

    /// Ends the file. Without it a Parquet file has no footer and cannot be read.
    ///
    /// # Errors
    /// The sink's answer.
    pub fn finish(self) -> std::io::Result<()> {
        self.0.finish().map_err(to_io)
    }
}

/// Arrow's oldest types (`LargeUtf8`, not string views), so that every reader knows them.
const READABLE_BY_ALL: CompatLevel = CompatLevel::oldest();

/// One way to write frames, for all formats.
enum FrameWriter<W: Write> {
    Parquet(Box<BatchedWriter<W>>),
    Csv(W),
    ArrowStream(Box<StreamWriter<W>>),
    ArrowFile(Box<FileWriter<W>>),
}

impl<W: Write + Send> FrameWriter<W> {
    fn new(mut sink: W, format: Format, empty: &DataFrame) -> PolarsResult<Self> {
        let schema = empty.schema().to_arrow(READABLE_BY_ALL);
        let options = WriteOptions { compression: None };

        Ok(match format {
            Format::Parquet => {
                let writer = ParquetWriter::new(sink).batched(empty.schema())?;
                Self::Parquet(Box::new(writer))
            }
            Format::Csv => {
                write_csv(&mut sink, &mut empty.clone(), true)?;
                Self::Csv(sink)
            }
            Format::ArrowStream => {
                let mut writer = StreamWriter::new(sink, options);
                writer.start(&schema, None)?;
                Self::ArrowStream(Box::new(writer))
            }
            Format::ArrowFile => {
                let writer = FileWriter::try_new(sink, Arc::new(schema), None, options)?;
                Self::ArrowFile(Box::new(writer))
            }
        })
    }

    fn write(&mut self, frame: &mut DataFrame) -> PolarsResult<()> {
        match self {
            // An empty row group would tell nothing; the schema is in the footer.
            Self::Parquet(_) if frame.height() == 0 => Ok(()),
            Self::Parquet(writer) => writer.write_batch(frame),
            Self::Csv(sink) => write_csv(sink, frame, false),
            Self::ArrowStream(writer) => {
                batches(frame).try_for_each(|batch| writer.write(&batch, None))
            }
            Self::ArrowFile(writer) => {
                batches(frame).try_for_each(|batch| writer.write(&batch, None))
            }
        }
    }

    fn finish(self) -> PolarsResult<()> {
        match self {
            Self::Parquet(writer) => writer.finish().map(|_| ()),
            Self::Csv(mut sink) => Ok(sink.flush()?),
            Self::ArrowStream(mut writer) => {
                writer.finish()?;
                Ok(writer.into_inner().flush()?)
            }
            Self::ArrowFile(mut writer) => {
                writer.finish()?;
                Ok(writer.into_inner().flush()?)
            }
        }
    }
}

/// The record batches of a frame that has rows.
fn batches(frame: &DataFrame) -> impl Iterator<Item = RecordBatchT<Box<dyn Array>>> {
    frame
        .iter_chunks(READABLE_BY_ALL, false)
        .filter(|batch| !batch.is_empty())
}

fn write_csv(sink: &mut impl Write, frame: &mut DataFrame, header: bool) -> PolarsResult<()> {
    CsvWriter::new(sink)
        .include_header(header)
        .with_datetime_format(Some("%Y-%m-%dT%H:%M:%SZ".into()))
        .finish(frame)
}

fn write_slices(
    path: &Path,
    rows: usize,
    slice: impl Fn(usize, usize) -> PolarsResult<DataFrame> + Send + Sync,
) -> Result<(), DatasetError> {
    let write = |file: &mut BufWriter<&File>| -> PolarsResult<()> {
        let mut writer = FrameWriter::new(file, Format::of(path), &slice(0, 0)?)?;

        thread::scope(|scope| {
            // A frame is made while the one before it is encoded.
            let (sender, frames) = sync_channel(1);
            let slice = &slice;

            scope.spawn(move || {
                let mut starts = (0..rows).step_by(ROW_GROUP);
                // Nobody receives any more once there is an error.
                starts.all(|start| {
                    sender
                        .send(slice(start, rows.min(start + ROW_GROUP)))
                        .is_ok()
                })
            });

            frames
                .iter()
                .try_for_each(|frame| writer.write(&mut frame?))
        })?;

        writer.finish()
    };

    write_atomically(path, write).map_err(|error| DatasetError::Unwritable {
        path: path.into(),
        reason: error.to_string(),
    })
}

fn to_io(error: PolarsError) -> std::io::Error {
    match error {
        // The kind is kept: a caller can tell a closed connection from a full disk.
        PolarsError::IO { error, .. } => std::io::Error::new(error.kind(), error.to_string()),
        other => std::io::Error::other(other.to_string()),
    }
}
