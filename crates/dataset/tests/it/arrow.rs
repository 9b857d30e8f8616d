//! Arrow IPC, read back by Polars' own reader.

use std::io::Cursor;

use filrouge_dataset::{Format, StationHourWriter, read_dataset};
use filrouge_types::StationHour;
use polars::prelude::DataFrame;
use polars_arrow::array::Array;
use polars_arrow::datatypes::ArrowSchema;
use polars_arrow::io::ipc::read::{
    FileReader, StreamReader, read_file_metadata, read_stream_metadata,
};
use polars_arrow::record_batch::RecordBatchT;

use crate::files::{Folder, full_row, row};

type Batch = RecordBatchT<Box<dyn Array>>;

fn written(format: Format, batches: &[Vec<StationHour>]) -> Cursor<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut writer = StationHourWriter::new(&mut bytes, format).unwrap();
    batches
        .iter()
        .for_each(|batch| writer.write(batch).unwrap());
    writer.finish().unwrap();
    Cursor::new(bytes)
}

fn read_stream(mut bytes: Cursor<Vec<u8>>) -> (ArrowSchema, Vec<Batch>) {
    let metadata = read_stream_metadata(&mut bytes).unwrap();
    let schema = metadata.schema.clone();
    let batches = StreamReader::new(bytes, metadata, None).map(|state| state.unwrap().unwrap());
    (schema, batches.collect())
}

fn read_file(mut bytes: Cursor<Vec<u8>>) -> (ArrowSchema, Vec<Batch>) {
    let metadata = read_file_metadata(&mut bytes).unwrap();
    let schema = metadata.schema.as_ref().clone();
    (
        schema,
        FileReader::new(bytes, metadata, None, None)
            .map(Result::unwrap)
            .collect(),
    )
}

/// The rows of a batch, through the reader of Parquet files.
fn rows(batch: Batch) -> Vec<StationHour> {
    let folder = Folder::new();
    let path = folder.parquet("rows.parquet", DataFrame::from(batch));
    read_dataset(&path).unwrap().table.iter().collect()
}

#[test]
fn arrow_gives_back_every_row_in_record_batches() {
    let batches = [
        vec![
            full_row("Gare", "2026-03-01T08:00:00Z", 5),
            row("Gare", "2026-03-01T09:00:00Z", 0),
        ],
        vec![],
        vec![row("été", "1969-12-31T23:00:00Z", 7)],
    ];

    let stream = read_stream(written(Format::ArrowStream, &batches));
    let file = read_file(written(Format::ArrowFile, &batches));
    for (schema, read) in [stream, file] {
        let names: Vec<_> = schema.iter_names().map(|name| name.as_str()).collect();
        assert_eq!(names, filrouge_types::CONTRACT_COLUMNS);
        let read: Vec<_> = read.into_iter().map(rows).collect();
        assert_eq!(
            read,
            [batches[0].clone(), batches[2].clone()],
            "an empty batch is none"
        );
    }
}

#[test]
fn without_rows_there_is_still_a_schema() {
    for (schema, batches) in [
        read_stream(written(Format::ArrowStream, &[])),
        read_file(written(Format::ArrowFile, &[])),
    ] {
        assert_eq!((schema.len(), batches.len()), (12, 0));
    }
}
