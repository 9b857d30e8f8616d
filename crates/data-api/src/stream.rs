//! A whole period as a file, sent while it is read: memory does not depend on the period.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use filrouge_database::{Database, HourFilter, Position, Resource};
use filrouge_dataset::{Format, StationHourWriter};
use filrouge_types::StationHour;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::accept::Media;
use crate::export_files::{Copied, ExportFiles, Subject};
use crate::routes::{item, position_of};

/// Rows read and written at a time: some 4 MB.
const BATCH: u32 = 32_768;
/// Batches and pieces that wait for a slower side: what bounds the memory of an export.
const WAITING: usize = 2;
/// Bytes gathered before they are sent.
const PIECE: usize = 64 * 1024;
/// A client that takes no piece for this long has its export broken off: there are few places for exports.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is exported, and from where.
pub(crate) struct Export {
    pub(crate) database: Database,
    pub(crate) files: Arc<ExportFiles>,
    pub(crate) subject: Subject,
    /// Its place among the exports under way.
    pub(crate) _permit: OwnedSemaphorePermit,
}

impl Export {
    /// Reading, encoding and sending go on side by side, each waiting for the next: a slow client slows its own export,
    /// and one that goes away ends it. What was exported before is sent again from its file.
    pub(crate) fn stream(self) -> Body {
        let (pieces, mut pieces_read) = mpsc::channel(WAITING);
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || {
            let sink = Pieces { pieces: pieces.clone(), runtime: runtime.clone() };
            if let Err(error) = self.write(sink) {
                tracing::warn!(%error, "export stopped");
                // Breaks the answer off, so that the client does not take it for a whole file: as soon as it reads
                // again, and without holding a place for exports until then.
                runtime.spawn(async move { pieces.send(Err(error)).await });
            }
        });
        Body::from_stream(futures::stream::poll_fn(move |context| pieces_read.poll_recv(context)))
    }

    fn write(self, mut sink: Pieces) -> io::Result<()> {
        if let Some(file) = self.files.find(&self.subject) {
            return send(&file, &mut sink);
        }
        let (runtime, (batches, batches_read)) = (sink.runtime.clone(), mpsc::channel(WAITING));
        runtime.spawn(read(self.database.clone(), self.subject.filter.clone(), batches));
        let mut sink = io::BufWriter::with_capacity(PIECE, Copied::new(sink));
        let batches_read = Batches { receiver: batches_read, is_over: false };
        encode(batches_read, self.subject.revision.media(), &mut sink)?;
        let file = sink.into_inner().map_err(io::IntoInnerError::into_error)?.into_file();
        // Rows that changed on the way would be of two revisions.
        let now = runtime.block_on(self.database.read_revision(Resource::StationHours)).map_err(io::Error::other)?;
        if let Some(file) = file.filter(|_| self.subject.revision.is_number(now)) {
            self.files.keep(self.subject, file);
        }
        Ok(())
    }
}

/// Sends a file from its beginning; others may read it at the same time.
fn send(file: &File, sink: &mut impl Write) -> io::Result<()> {
    let (mut piece, mut offset) = (vec![0; PIECE], 0);
    loop {
        match read_at(file, &mut piece, offset)? {
            0 => return Ok(()),
            length => {
                sink.write_all(&piece[..length])?;
                offset += length as u64;
            }
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, piece: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, piece, offset)
}

#[cfg(windows)]
fn read_at(file: &File, piece: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, piece, offset)
}

/// Rows in their order. The last batch says so: a reading that is broken off, by a fault or by the end of the program,
/// must not look like one that has come to its end.
struct Batch {
    rows: Vec<StationHour>,
    is_last: bool,
}

async fn read(database: Database, filter: HourFilter, batches: mpsc::Sender<io::Result<Batch>>) {
    let mut after: Option<Position> = None;
    loop {
        let rows = database.in_time(database.station_hours(&filter, after.as_ref(), BATCH)).await;
        let batch = rows.map(|rows| Batch { is_last: rows.len() < BATCH as usize, rows }).map_err(io::Error::other);
        let last = batch.as_ref().ok().and_then(|batch| batch.rows.last()).map(|row| position_of(&row.conditions));
        let is_last = batch.as_ref().map_or(true, |batch| batch.is_last);
        if batches.send(batch).await.is_err() || is_last {
            return;
        }
        after = last;
    }
}

/// What is read, one batch after the other.
struct Batches {
    receiver: mpsc::Receiver<io::Result<Batch>>,
    is_over: bool,
}

impl Iterator for Batches {
    type Item = io::Result<Vec<StationHour>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let batch = self.receiver.blocking_recv();
        let batch = batch.unwrap_or_else(|| Err(io::Error::other("the rows stopped before their end")));
        self.is_over = batch.as_ref().map_or(true, |batch| batch.is_last);
        Some(batch.map(|batch| batch.rows))
    }
}

fn encode(batches: Batches, media: Media, sink: &mut (impl Write + Send)) -> io::Result<()> {
    let format = match media {
        Media::Json => return encode_json(batches, sink),
        Media::Csv => Format::Csv,
        Media::Parquet => Format::Parquet,
        Media::ArrowStream => Format::ArrowStream,
        Media::ArrowFile => Format::ArrowFile,
    };
    encode_columns(batches, StationHourWriter::new(sink, format)?)
}

fn encode_columns<W: Write + Send>(batches: Batches, mut writer: StationHourWriter<W>) -> io::Result<()> {
    for batch in batches {
        writer.write(&batch?)?;
    }
    writer.finish()
}

fn encode_json(batches: Batches, sink: &mut impl Write) -> io::Result<()> {
    let mut separator = "[";
    for batch in batches {
        for row in batch? {
            sink.write_all(separator.as_bytes())?;
            serde_json::to_writer(&mut *sink, &item(row))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_stops_before_its_end_makes_no_whole_file() {
        for media in Media::OF_EXPORTS {
            let (batches, batches_read) = mpsc::channel(1);
            batches.try_send(Ok(Batch { rows: Vec::new(), is_last: false })).unwrap();
            drop(batches);
            let batches_read = Batches { receiver: batches_read, is_over: false };
            assert!(encode(batches_read, media, &mut Vec::new()).is_err(), "{media:?}");
        }
    }
}
