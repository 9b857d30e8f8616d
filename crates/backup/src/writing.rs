//! The writing of an archive: contents first, the manifest last.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use filrouge_storage::sync_folder;
use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::content::{OpenFile, until_steady};
use crate::manifest::{BackupFile, BackupHeader};
use crate::selection::KeptFile;
use crate::{BackupError, Result};

/// Entries of the archive.
pub(crate) const MANIFEST: &str = "manifest.jsonl";
pub(crate) const DATABASE: &str = "database";

/// Contents that are compressed already.
const COMPRESSED: [&str; 3] = [".parquet", ".gz", ".zip"];

type Archive<'a> = ZipWriter<BufWriter<&'a File>>;

/// The outcome of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenBackup {
    /// Files of the state, the database left out.
    pub files: usize,
    /// Bytes of these files and of the copy of the database.
    pub bytes: u64,
    /// Bytes of the archive.
    pub archive_bytes: u64,
}

/// The entry that holds a content.
pub(crate) fn entry_of(sha256: &str) -> String {
    format!("content/{sha256}")
}

/// Writes the archive at `path`, whole or not at all, readable by its owner only: the files of
/// `state`, then the copy of the database, whose file stands last.
///
/// `copy_database` makes that copy once every file is in the archive: the signed ends of the audit
/// log, read before the log itself, never announce a row that the copy lacks.
///
/// # Errors
/// When a file cannot be read or written, or changes each time it is read.
pub fn write<E: From<BackupError>>(
    path: &Path,
    header: &BackupHeader,
    state: &[KeptFile],
    copy_database: impl FnOnce() -> Result<KeptFile, E>,
) -> Result<WrittenBackup, E> {
    let at = || BackupError::at(path);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // A temporary file is its owner's alone, wherever it lies.
    let file = NamedTempFile::new_in(folder).map_err(at())?;
    let mut draft = Draft {
        archive: ZipWriter::new(BufWriter::new(file.as_file())),
        path,
        written: HashSet::new(),
        lines: Vec::new(),
    };

    for kept in state {
        draft.keep(kept)?;
    }
    let database = draft.keep_database(&copy_database()?)?;
    let lines = draft.finish(header, &database)?;

    let archive_bytes = file.as_file().metadata().map_err(at())?.len();
    file.as_file().sync_all().map_err(at())?;
    file.persist(path).map_err(|refused| at()(refused.error))?;
    sync_folder(folder).map_err(at())?;
    Ok(WrittenBackup {
        files: lines.len(),
        bytes: lines.iter().chain([&database]).map(|line| line.bytes).sum(),
        archive_bytes,
    })
}

/// An archive under way.
struct Draft<'a> {
    archive: Archive<'a>,
    path: &'a Path,
    /// Hashes of the contents that are in it.
    written: HashSet<String>,
    lines: Vec<BackupFile>,
}

impl Draft<'_> {
    fn keep(&mut self, kept: &KeptFile) -> Result<()> {
        let (archive, path, written) = (&mut self.archive, self.path, &mut self.written);

        let line = until_steady(kept, |open| {
            // Collections share the files that did not change between them: each content once.
            if written.contains(&open.line.sha256) {
                return Ok(true);
            }
            let is_whole = write_entry(archive, &entry_of(&open.line.sha256), open)
                .map_err(BackupError::at(path))?;
            if is_whole {
                written.insert(open.line.sha256.clone());
            } else {
                archive.abort_file().map_err(zip_error(path))?;
            }
            Ok(is_whole)
        })?;

        self.lines.extend(line);
        Ok(())
    }

    fn keep_database(&mut self, copy: &KeptFile) -> Result<BackupFile> {
        let gone = || BackupError::Changing(copy.path.clone());
        let mut open = OpenFile::of(copy)?.ok_or_else(gone)?;

        let is_whole = write_entry(&mut self.archive, DATABASE, &mut open)
            .map_err(BackupError::at(self.path))?;
        is_whole.then_some(open.line).ok_or_else(gone)
    }

    /// Writes the manifest and the directory of the archive; gives the lines of the files.
    fn finish(mut self, header: &BackupHeader, database: &BackupFile) -> Result<Vec<BackupFile>> {
        let at = || BackupError::at(self.path);
        self.archive
            .start_file(MANIFEST, options(MANIFEST, 0))
            .map_err(zip_error(self.path))?;

        write_line(&mut self.archive, header).map_err(at())?;
        write_line(&mut self.archive, database).map_err(at())?;
        for line in &self.lines {
            write_line(&mut self.archive, line).map_err(at())?;
        }

        let mut buffer = self.archive.finish().map_err(zip_error(self.path))?;
        buffer.flush().map_err(at())?;
        Ok(self.lines)
    }
}

fn write_entry(
    archive: &mut Archive<'_>,
    entry: &str,
    open: &mut OpenFile,
) -> std::io::Result<bool> {
    archive.start_file(entry, options(&open.line.path, open.line.bytes))?;
    open.copy(archive)
}

fn options(name: &str, bytes: u64) -> SimpleFileOptions {
    let is_compressed = COMPRESSED.iter().any(|end| name.ends_with(end));
    let method = match is_compressed {
        true => CompressionMethod::Stored,
        false => CompressionMethod::Deflated,
    };

    SimpleFileOptions::default()
        .compression_method(method)
        // Deflate may lengthen bytes that it cannot shorten.
        .large_file(bytes > u64::from(u32::MAX / 2))
        .unix_permissions(0o600)
}

fn write_line(writer: &mut impl Write, line: &impl serde::Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *writer, line)?;
    writer.write_all(b"\n")
}

fn zip_error(path: &Path) -> impl FnOnce(zip::result::ZipError) -> BackupError {
    move |error| BackupError::at(path)(error.into())
}
