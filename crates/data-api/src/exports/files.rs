//! Exports kept as they were sent, each in a file without a name, until their resource changes: a
//! data set that trainings fetch again and again is read and encoded once.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use super::{PIECE, Subject};

/// Files kept at most: the whole data set in each format, or some periods.
const FILES: usize = 5;
/// An export that is longer is not kept.
const LONGEST: u64 = 256 << 20;

/// The last whole exports, the newest last. The system frees a file when it is dropped, be it by a
/// kill.
#[derive(Debug, Default)]
pub(super) struct ExportFiles(Mutex<Vec<(Subject, Arc<File>)>>);

impl ExportFiles {
    pub(super) fn find(&self, subject: &Subject) -> Option<Arc<File>> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files
            .iter()
            .find(|(of, _)| of == subject)
            .map(|(_, file)| Arc::clone(file))
    }

    /// Keeps a whole export. Those of the same rows in another revision are of no use any more.
    pub(super) fn keep(&self, subject: Subject, file: File) {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|(of, _)| {
            of.revision.written_as(subject.revision.media()) == subject.revision && *of != subject
        });
        if files.len() == FILES {
            files.remove(0);
        }
        files.push((subject, Arc::new(file)));
    }
}

/// Copies a file from its beginning; others may read it at the same time.
pub(super) fn copy(file: &File, sink: &mut impl Write) -> io::Result<()> {
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

/// A sink that also writes what it sends into a file, as long as that goes well: the client comes
/// first.
pub(super) struct Copied<W> {
    sink: W,
    file: Option<File>,
    bytes: u64,
}

impl<W: Write> Copied<W> {
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
        if self.bytes > LONGEST || file.write_all(bytes).is_err() {
            self.file = None;
        }
    }
}

impl<W: Write> Write for Copied<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.sink.write(bytes)?;
        self.copy(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

#[cfg(test)]
mod tests {
    use filrouge_database::HourFilter;
    use filrouge_types::Hour;

    use crate::accept::Media;
    use crate::revision::Revision;

    use super::*;

    fn subject(number: i64, media: Media, from: i64) -> Subject {
        let filter = HourFilter {
            from: Some(Hour::from_hours_since_epoch(from)),
            ..HourFilter::default()
        };
        Subject {
            filter,
            revision: Revision::new(number).written_as(media),
        }
    }

    fn file(text: &str) -> File {
        let mut copied = Copied::new(io::sink());
        copied.write_all(text.as_bytes()).unwrap();
        copied.into_file().unwrap()
    }

    fn content(file: &File) -> String {
        let mut bytes = Vec::new();
        copy(file, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn an_export_is_given_again_for_its_period_its_format_and_its_revision() {
        let files = ExportFiles::default();
        files.keep(subject(1, Media::Csv, 0), file("csv"));
        files.keep(subject(1, Media::Parquet, 0), file("parquet"));
        files.keep(subject(1, Media::Csv, 24), file("a day later"));
        for (from, media, expected) in [
            (0, Media::Csv, "csv"),
            (0, Media::Parquet, "parquet"),
            (24, Media::Csv, "a day later"),
        ] {
            assert_eq!(
                content(&files.find(&subject(1, media, from)).unwrap()),
                expected
            );
        }
        assert!(files.find(&subject(2, Media::Csv, 0)).is_none());
        files.keep(subject(2, Media::Csv, 0), file("changed"));
        assert!(
            files.find(&subject(1, Media::Parquet, 0)).is_none(),
            "what is older goes"
        );
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let files = ExportFiles::default();
        for from in 0..20 {
            files.keep(subject(1, Media::Csv, from), file("x"));
        }
        assert_eq!(files.0.lock().unwrap().len(), FILES);
        assert!(
            files.find(&subject(1, Media::Csv, 19)).is_some()
                && files.find(&subject(1, Media::Csv, 0)).is_none()
        );
    }
}
