//! Exports kept as they were sent, each in a file without a name, until their resource changes: a
//! data set that trainings fetch again and again is read and encoded once.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use super::request::ExportRequest;

/// Bytes gathered before they are sent.
pub(super) const SEND_BYTES: usize = 64 * 1024;

/// Files kept at most: the whole data set in each format, or some periods.
const FILES: usize = 5;
/// An export that is longer is not kept.
const LONGEST: u64 = 256 << 20;

/// The last whole exports, the newest last. The system frees a file when it is dropped, be it by a
/// kill.
#[derive(Debug, Default)]
pub(super) struct ExportFiles(Mutex<Vec<(ExportRequest, Arc<File>)>>);

impl ExportFiles {
    pub(super) fn find(&self, request: &ExportRequest) -> Option<Arc<File>> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files
            .iter()
            .find(|(of, _)| of == request)
            .map(|(_, file)| Arc::clone(file))
    }

    /// Keeps a whole export. Those of the same rows in another revision are of no use any more.
    pub(super) fn keep(&self, request: ExportRequest, file: File) {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|(of, _)| {
            of.revision.written_as(request.revision.media()) == request.revision && *of != request
        });
        if files.len() == FILES {
            files.remove(0);
        }
        files.push((request, Arc::new(file)));
    }
}

/// Copies a file from its beginning; others may read it at the same time.
pub(super) fn copy(file: &File, sink: &mut impl Write) -> io::Result<()> {
    let (mut piece, mut offset) = (vec![0; SEND_BYTES], 0);
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

/// A sink that also writes its bytes into a file, as long as that goes well: the client comes
/// first.
pub(super) struct CopyingSink<W> {
    sink: W,
    file: Option<File>,
    bytes: u64,
}

impl<W: Write> CopyingSink<W> {
    pub(super) fn new(sink: W) -> Self {
        let file = tempfile::tempfile()
            .inspect_err(|error| tracing::warn!(%error, "an export will not be kept"));
        Self {
            sink,
            file: file.ok(),
            bytes: 0,
        }
    }

    /// The whole copy, unless it was given up.
    pub(super) fn into_file(self) -> Option<File> {
        self.file
    }

    fn copy(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        let Some(file) = &mut self.file else { return };
        // A copy that cannot be whole is of no use: the room is given back at once.
        if self.bytes > LONGEST || file.write_all(bytes).is_err() {
            self.file = None;
        }
    }
}

impl<W: Write> Write for CopyingSink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The sink may take a part only: the copy holds no more.
        let written = self.sink.write(bytes)?;
        self.copy(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}
