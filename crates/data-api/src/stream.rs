//! A whole period as a file, sent while it is read: memory does not depend on the period.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use filrouge_database::{Database, HourFilter, Position};
use filrouge_dataset::{Format, StationHourWriter};
use filrouge_types::StationHour;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::accept::Media;
use crate::routes::{item, position_of};

/// Rows read and written at a time: some 4 MB.
const BATCH: u32 = 32_768;
/// Batches and pieces that wait for a slower side: what bounds the memory of an export.
const WAITING: usize = 2;
/// Bytes gathered before they are sent.
const PIECE: usize = 64 * 1024;
/// A client that takes no piece for this long has its export broken off: there are few places for exports.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reading, encoding and sending go on side by side, each waiting for the next: a slow client slows
/// its own export, and one that goes away ends it.
pub(crate) fn stream(database: Database, filter: HourFilter, media: Media, permit: OwnedSemaphorePermit) -> Body {
    let (batches, batches_read) = mpsc::channel(WAITING);
    let (pieces, pieces_read) = mpsc::channel(WAITING);
    tokio::spawn(read(database, filter, batches));
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let sink = Pieces { pieces: pieces.clone(), runtime: runtime.clone() };
        if let Err(error) = encode(batches_read, media, io::BufWriter::with_capacity(PIECE, sink)) {
            tracing::warn!(%error, "export stopped");
            // Breaks the answer off, so that the client does not take it for a whole file: as soon as it reads again,
            // and without holding a place for exports until then.
            runtime.spawn(async move { pieces.send(Err(error)).await });
        }
    });
    Body::from_stream(futures::stream::unfold(pieces_read, |mut pieces| async { Some((pieces.recv().await?, pieces)) }))
}

type Batch = io::Result<Vec<StationHour>>;

async fn read(database: Database, filter: HourFilter, batches: mpsc::Sender<Batch>) {
    let mut after: Option<Position> = None;
    loop {
        let batch = database.station_hours(&filter, after.as_ref(), BATCH).await.map_err(io::Error::other);
        let last = batch.as_ref().ok().and_then(|rows| rows.last()).map(|row| position_of(&row.conditions));
        let is_last = batch.as_ref().map_or(true, |rows| rows.len() < BATCH as usize);
        if batches.send(batch).await.is_err() || is_last {
            return;
        }
        after = last;
    }
}

fn encode(batches: mpsc::Receiver<Batch>, media: Media, sink: impl Write + Send) -> io::Result<()> {
    match media {
        Media::Csv => encode_columns(batches, StationHourWriter::new(sink, Format::Csv)?),
        Media::Parquet => encode_columns(batches, StationHourWriter::new(sink, Format::Parquet)?),
        Media::Json => encode_json(batches, sink),
    }
}

fn encode_columns<W: Write + Send>(
    mut batches: mpsc::Receiver<Batch>,
    mut writer: StationHourWriter<W>,
) -> io::Result<()> {
    while let Some(batch) = batches.blocking_recv() {
        writer.write(&batch?)?;
    }
    writer.finish()
}

fn encode_json(mut batches: mpsc::Receiver<Batch>, mut sink: impl Write) -> io::Result<()> {
    let mut separator = "[";
    while let Some(batch) = batches.blocking_recv() {
        for row in batch? {
            sink.write_all(separator.as_bytes())?;
            serde_json::to_writer(&mut sink, &item(row))?;
            separator = ",\n";
        }
    }
    sink.write_all(if separator == "[" { b"[]" } else { b"]" })?;
    sink.flush()
}

/// A sink that sends what it is given.
struct Pieces {
    pieces: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Ok(Bytes::copy_from_slice(bytes));
        let sent = tokio::time::timeout(PATIENCE, self.pieces.send(piece));
        match self.runtime.block_on(sent) {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing any more")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
