//! Writing the files of a source: each one is flushed to the disk, hashed and listed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use filrouge_bounded::hash_file;
use filrouge_storage::{AtomicFile, make_folder, replace_file};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::kind::SourceKind;
use crate::manifest::FileEntry;
use crate::progress::Progress;

/// The folder of one source in a run that is being written.
pub(crate) struct Output<'a> {
    source: SourceKind,
    folder: PathBuf,
    progress: &'a dyn Progress,
    pub(crate) rows: u64,
    pub(crate) notes: Vec<String>,
    pub(crate) files: Vec<FileEntry>,
}

impl<'a> Output<'a> {
    /// Writes under `run_folder/<source>`.
    pub(crate) fn new(run_folder: &Path, source: SourceKind, progress: &'a dyn Progress) -> Self {
        let folder = run_folder.join(source.as_str());
        Self {
            source,
            folder,
            progress,
            rows: 0,
            notes: Vec::new(),
            files: Vec::new(),
        }
    }

    /// The full path of `name` in the folder, whose parent exists from now on.
    pub(crate) fn path(&self, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        let parent = path.parent().unwrap_or(&self.folder);
        make_folder(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        Ok(path)
    }

    /// Writes `bytes`, received from `address`, as `name`.
    pub(crate) fn write_received(
        &mut self,
        name: &str,
        address: &str,
        bytes: &[u8],
    ) -> Result<&mut FileEntry> {
        let file = self.write(name, bytes)?;
        file.address = Some(address.to_owned());
        Ok(file)
    }

    /// Writes `records`, one JSON object a line, as `name`, and counts them.
    pub(crate) fn write_records<T: Serialize>(&mut self, name: &str, records: &[T]) -> Result<()> {
        let mut file = self.records(name)?;
        for record in records {
            file.push(record)?;
        }
        self.finish(file)
    }

    /// Begins the file of records `name`.
    pub(crate) fn records(&self, name: &str) -> Result<RecordsFile> {
        RecordsFile::create(name, &self.path(name)?).with_context(|| format!("cannot write {name}"))
    }

    /// Ends a file of records, and counts them.
    pub(crate) fn finish(&mut self, records: RecordsFile) -> Result<()> {
        let RecordsFile {
            name,
            file,
            mut buffer,
            rows,
            columns,
        } = records;
        let ended = buffer.flush().and_then(|()| file.commit());
        ended.with_context(|| format!("cannot write {name}"))?;

        self.adopt(&name)?.columns = columns;
        self.count_rows(rows);
        Ok(())
    }

    /// Describes the file written last, without counting its records.
    pub(crate) fn describe_last(
        &mut self,
        rows: u64,
        columns: Vec<String>,
        decisions: Vec<String>,
    ) {
        if let Some(file) = self.files.last_mut() {
            file.rows = Some(rows);
            file.columns = columns;
            file.decisions = decisions;
        }
    }

    /// Says how many records the file written last holds.
    pub(crate) fn count_rows(&mut self, rows: usize) {
        let rows = rows as u64;
        self.rows += rows;
        if let Some(file) = self.files.last_mut() {
            file.rows = Some(rows);
        }
    }

    /// Says how the file written last was made.
    pub(crate) fn decide(&mut self, decision: String) {
        if let Some(file) = self.files.last_mut() {
            file.decisions.push(decision);
        }
    }

    /// Lists `name`, already written at [`Self::path`] by another hand.
    pub(crate) fn adopt(&mut self, name: &str) -> Result<&mut FileEntry> {
        let path = self.folder.join(name);
        let (bytes, sha256) =
            hash_file(&path).with_context(|| format!("cannot read {}", path.display()))?;
        self.list(name, bytes, sha256)
    }

    /// Notes an oddity of the source.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Writes `bytes` as `name`.
    pub(crate) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<&mut FileEntry> {
        let path = self.path(name)?;
        replace_file(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        self.list(name, bytes.len() as u64, hex::encode(Sha256::digest(bytes)))
    }

    fn list(&mut self, name: &str, bytes: u64, sha256: String) -> Result<&mut FileEntry> {
        let path = format!("{}/{name}", self.source);

        // Two feeds that redirect to one address would overwrite each other.
        ensure!(
            self.files.iter().all(|file| file.path != path),
            "two files of the run have the name {path}"
        );
        self.progress.received(self.source, name);
        let (rows, columns, decisions) = (None, Vec::new(), Vec::new());

        self.files.push(FileEntry {
            path,
            address: None,
            bytes,
            sha256,
            rows,
            columns,
            decisions,
        });

        self.files
            .last_mut()
            .context("a list that was just added to is empty")
    }
}

/// A file of records under way, one JSON object a line: it may be larger than memory.
pub(crate) struct RecordsFile {
    name: String,
    file: AtomicFile,
    buffer: BufWriter<File>,
    rows: usize,
    /// Those of the first record.
    columns: Vec<String>,
}

impl RecordsFile {
    fn create(name: &str, path: &Path) -> io::Result<Self> {
        let file = AtomicFile::create(path)?;
        Ok(Self {
            name: name.to_owned(),
            buffer: BufWriter::new(file.as_file().try_clone()?),
            file,
            rows: 0,
            columns: Vec::new(),
        })
    }

    /// Adds a record.
    pub(crate) fn push(&mut self, record: &impl Serialize) -> Result<()> {
        if self.rows == 0 {
            self.columns = fields(record)?;
        }
        self.rows += 1;
        serde_json::to_writer(&mut self.buffer, record)
            .map_err(io::Error::from)
            .and_then(|()| self.buffer.write_all(b"\n"))
            .with_context(|| format!("cannot write a record of {}", self.name))
    }
}

/// The names of the fields of a record.
fn fields(record: &impl Serialize) -> Result<Vec<String>> {
    let value = serde_json::to_value(record).context("a record is not JSON")?;
    Ok(value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect())
}
