//! A whole period as a file: read and encoded in batches, so that memory does not depend on the
//! period, and kept until the rows change.

mod encoding;
mod files;
mod reading;
mod ready;
mod request;
mod stream;

use std::io::{self, Write};
use std::sync::Arc;

use filrouge_database::{Database, Resource};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) use request::ExportRequest;

use encoding::encode;
use files::{CopyingSink, ExportFiles, SEND_BYTES};
use reading::Batches;

/// The exports under way and those that are kept.
#[derive(Debug, Clone)]
pub(crate) struct Exports {
    places: Arc<Semaphore>,
    files: Arc<ExportFiles>,
}

impl Exports {
    /// At most so many at the same time.
    pub(crate) fn new(places: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            files: Arc::default(),
        }
    }

    /// Begins an export, or nothing when as many as there are places for are under way.
    pub(crate) fn begin(&self, database: Database, request: ExportRequest) -> Option<Export> {
        // A client is told to come back rather than made to wait for a place.
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Export {
            database,
            files: Arc::clone(&self.files),
            request,
            _permit: permit,
        })
    }
}

/// An export under way.
pub(crate) struct Export {
    database: Database,
    files: Arc<ExportFiles>,
    request: ExportRequest,
    /// Its place among the exports under way.
    _permit: OwnedSemaphorePermit,
}

impl Export {
    /// Writes the export, from its file when it is kept; it is kept then. Blocks the thread.
    fn write(self, runtime: &Handle, sink: &mut (impl Write + Send)) -> io::Result<()> {
        if let Some(file) = self.files.find(&self.request) {
            return files::copy(&file, sink);
        }

        let batches = Batches::read(runtime, self.database.clone(), self.request.filter.clone());
        // Encoders write a few bytes at a time.
        let mut sink = io::BufWriter::with_capacity(SEND_BYTES, CopyingSink::new(sink));
        encode(batches, self.request.revision.media(), &mut sink)?;
        let file = sink
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .into_file();

        let now = runtime
            .block_on(self.database.read_revision(Resource::StationHours))
            .map_err(io::Error::other)?;
        if !self.request.revision.is_number(now) {
            return Err(io::Error::other("the rows changed during the export"));
        }

        if let Some(file) = file {
            self.files.keep(self.request, file);
        }
        Ok(())
    }
}
