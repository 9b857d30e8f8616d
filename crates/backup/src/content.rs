//! The content of a file, copied with its hash.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use crate::manifest::BackupFile;
use crate::selection::KeptFile;
use crate::{BackupError, Result};

/// Times that a file which changes is read again.
const TRIES: u32 = 3;

/// Bytes read at a time.
const BUFFER_BYTES: usize = 256 << 10;

/// A file that is open, with its line of the manifest. One that another replaces keeps its content
/// here.
pub(crate) struct OpenFile {
    file: File,
    pub(crate) line: BackupFile,
}

impl OpenFile {
    /// Opens and hashes a file; none when it is gone, as a token that ran out goes.
    pub(crate) fn of(kept: &KeptFile) -> Result<Option<Self>> {
        let mut file = match File::open(&kept.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(BackupError::at(&kept.path))?,
        };

        let line = describe(&mut file, &kept.name).map_err(BackupError::at(&kept.path))?;
        Ok(Some(Self { file, line }))
    }

    /// Gives the content to `writer`; false when it is no longer that of the line.
    pub(crate) fn copy(&mut self, writer: &mut impl Write) -> io::Result<bool> {
        self.file.rewind()?;
        let (bytes, sha256) = hashed_copy(&mut self.file, writer)?;
        Ok((bytes, &sha256) == (self.line.bytes, &self.line.sha256))
    }
}

/// Gives a file to `write` until it does not change while it is read.
pub(crate) fn until_steady(
    kept: &KeptFile,
    mut write: impl FnMut(&mut OpenFile) -> Result<bool>,
) -> Result<Option<BackupFile>> {
    for _ in 0..TRIES {
        let Some(mut open) = OpenFile::of(kept)? else {
            return Ok(None);
        };
        if write(&mut open)? {
            return Ok(Some(open.line));
        }
    }
    Err(BackupError::Changing(kept.path.clone()))
}

/// Copies a content; gives its length and its SHA-256, hexadecimal.
pub(crate) fn hashed_copy(
    reader: &mut impl Read,
    writer: &mut impl Write,
) -> io::Result<(u64, String)> {
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; BUFFER_BYTES];

    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex::encode(hash.finalize())));
        }
        hash.update(&buffer[..read]);
        writer.write_all(&buffer[..read])?;
        bytes += read as u64;
    }
}

fn describe(file: &mut File, name: &str) -> io::Result<BackupFile> {
    let modified = file.metadata()?.modified()?;
    let (bytes, sha256) = hashed_copy(file, &mut io::sink())?;

    Ok(BackupFile {
        path: name.to_owned(),
        bytes,
        sha256,
        // Nothing here was written before 1970.
        modified: modified
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs().cast_signed()),
    })
}
