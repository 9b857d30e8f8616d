//! Writing the files of a source: each one is flushed to the disk, hashed and listed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use filrouge_storage::{make_folder, replace_file};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::hash::hash_file;
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
        let mut text = Vec::new();
        for record in records {
            serde_json::to_writer(&mut text, record)
                .with_context(|| format!("cannot write a record of {name}"))?;
            text.push(b'\n');
        }
        let file = self.write(name, &text)?;
        file.columns = records.first().map(fields).transpose()?.unwrap_or_default();
        self.count_rows(records.len());
        Ok(())
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
