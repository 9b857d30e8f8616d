//! The search for a remainder of a person in every file of a state, a piece at a time.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use filrouge_storage::StateFolder;
use flate2::bufread::MultiGzDecoder;

use super::{name_in, walk};
use crate::Result;

/// Bytes read at a time.
const PIECE: usize = 1 << 16;
/// Bytes that a compressed file is followed for: one that hides more is named as not searched.
const LONGEST_INSIDE: u64 = 1 << 30;

/// Beginnings of files whose content is compressed in a way that is not followed: Parquet, zip,
/// zstd.
const CLOSED: [&[u8]; 3] = [b"PAR1", b"PK\x03\x04", b"\x28\xb5\x2f\xfd"];
const GZIP: &[u8] = b"\x1f\x8b";

/// The extent of a search, and the files where it found something.
#[derive(Debug, Default)]
pub(crate) struct Search {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) found_in: BTreeSet<String>,
    /// Files that could not be read to their end.
    pub(crate) unreadable: BTreeSet<String>,
    /// Compressed files whose inside was not searched.
    pub(crate) not_opened: BTreeSet<String>,
}

/// Searches every file of the state for these texts. The operator's own files (`city/`) are not
/// ours: the receipt says to pass the request on.
pub(crate) fn search(state: &StateFolder, texts: &[String]) -> Result<Search> {
    let mut search = Search::default();

    for path in walk(state.root())? {
        if !path.starts_with(state.city()) {
            search.file(state, &path, texts);
        }
    }

    Ok(search)
}

impl Search {
    fn file(&mut self, state: &StateFolder, path: &Path, texts: &[String]) {
        let name = name_in(state, path);
        match self.read(&name, path, texts) {
            Ok(()) => {}
            // A file that goes away meanwhile holds nothing any more.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(%error, file = name, "a file could not be searched");
                self.unreadable.insert(name);
            }
        }
    }

    fn read(&mut self, name: &str, path: &Path, texts: &[String]) -> io::Result<()> {
        let mut file = BufReader::with_capacity(PIECE, File::open(path)?);
        let beginning = file.fill_buf()?;
        let is_gzip = beginning.starts_with(GZIP);
        if CLOSED.iter().any(|closed| beginning.starts_with(closed)) {
            self.not_opened.insert(name.to_owned());
        }

        self.files += 1;
        let outside = find(file, texts)?;
        self.bytes += outside.bytes;
        let mut is_found = outside.is_found;

        if is_gzip {
            let inside = MultiGzDecoder::new(BufReader::new(File::open(path)?));
            let inside = find(inside.take(LONGEST_INSIDE), texts)?;
            is_found |= inside.is_found;
            if inside.bytes == LONGEST_INSIDE {
                self.not_opened.insert(name.to_owned());
            }
        }

        if is_found {
            self.found_in.insert(name.to_owned());
        }
        Ok(())
    }
}

struct Found {
    bytes: u64,
    is_found: bool,
}

/// Looks for the texts in a stream. A text may lie across two pieces: the end of one is read again
/// with the next.
fn find(mut content: impl Read, texts: &[String]) -> io::Result<Found> {
    let overlap = texts.iter().map(String::len).max().unwrap_or(0);
    let mut window = Vec::with_capacity(PIECE + overlap);
    let mut found = Found {
        bytes: 0,
        is_found: false,
    };

    loop {
        let read = content
            .by_ref()
            .take(PIECE as u64)
            .read_to_end(&mut window)?;
        found.bytes += read as u64;
        found.is_found |= texts.iter().any(|text| contains(&window, text.as_bytes()));
        if read == 0 {
            return Ok(found);
        }
        window.drain(..window.len().saturating_sub(overlap));
    }
}

/// True when `text` is somewhere in `bytes`; an empty text is nowhere.
pub(crate) fn contains(bytes: &[u8], text: &[u8]) -> bool {
    let Some(&first) = text.first() else {
        return false;
    };

    // Looking for the first byte alone passes over most of a file: `windows` would compare
    // everywhere.
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        if rest[at..].starts_with(text) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}
