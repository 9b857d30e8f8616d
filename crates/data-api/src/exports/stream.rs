//! An export sent while it is written.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::Export;

/// Pieces that wait for a slower client: with the batches, they bound the memory of an export.
const WAITING: usize = 2;
/// A client that takes no piece for this long has its export broken off: there are few places for
/// exports.
const PATIENCE: Duration = Duration::from_secs(60);

impl Export {
    /// Reading, encoding and sending go on side by side, each waiting for the next: a slow client
    /// slows its own export, and one that goes away ends it. An earlier export is sent again
    /// from its file.
    pub(crate) fn stream(self) -> Body {
        let (pieces, mut pieces_read) = mpsc::channel(WAITING);
        let runtime = Handle::current();

        tokio::task::spawn_blocking(move || {
            let mut sink = Pieces {
                pieces: pieces.clone(),
                runtime: runtime.clone(),
            };
            if let Err(error) = self.write(&runtime, &mut sink) {
                tracing::warn!(%error, "export stopped");
                // Breaks the answer off, so that the client does not take it for a whole file: as
                // soon as it reads again, and without holding a place for exports until then.
                runtime.spawn(async move { pieces.send(Err(error)).await });
            }
        });

        Body::from_stream(futures::stream::poll_fn(move |context| {
            pieces_read.poll_recv(context)
        }))
    }
}

/// A sink that sends its bytes to a client.
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
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the client takes nothing any more",
            )),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
