//! A whole period as a file: read and encoded in batches, so that memory does not depend on the
//! period, and kept until the rows change.

mod encoding;
mod files;
mod reading;
mod ready;
mod stream;

use std::io::{self, Write};
use std::sync::Arc;

use filrouge_database::{Database, HourFilter, Resource};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::revision::Revision;
use encoding::encode;
use files::{Copied, ExportFiles};
use reading::Batches;

/// Bytes gathered before they are sent.
const PIECE: usize = 64 * 1024;

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

    /// An export, or nothing when as many as there are places for are under way.
    pub(crate) fn of(&self, database: Database, subject: Subject) -> Option<Export> {
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Export {
            database,
            files: Arc::clone(&self.files),
            subject,
            _permit: permit,
        })
    }
}

/// What an export is of: its revision says its format too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) filter: HourFilter,
    pub(crate) revision: Revision,
}

/// An export under way.
pub(crate) struct Export {
    database: Database,
    files: Arc<ExportFiles>,
    subject: Subject,
    /// Its place among the exports under way.
    _permit: OwnedSemaphorePermit,
}

impl Export {
    /// Writes the export, from its file when it is kept; it is kept then. Blocks the thread.
    fn write(self, runtime: &Handle, sink: &mut (impl Write + Send)) -> io::Result<()> {
        if let Some(file) = self.files.find(&self.subject) {
            return files::copy(&file, sink);
        }

        let batches = Batches::read(runtime, self.database.clone(), self.subject.filter.clone());
        let mut sink = io::BufWriter::with_capacity(PIECE, Copied::new(sink));
        encode(batches, self.subject.revision.media(), &mut sink)?;
        let file = sink
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .into_file();

        // Rows that changed on the way would be of two revisions.
        let now = runtime
            .block_on(self.database.read_revision(Resource::StationHours))
            .map_err(io::Error::other)?;
        if let Some(file) = file.filter(|_| self.subject.revision.is_number(now)) {
            self.files.keep(self.subject, file);
        }
        Ok(())
    }
}
