use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use filrouge_bounded::hash_file;
use filrouge_storage::replace_file;
use serde::{Deserialize, Serialize};

use crate::kind::SourceKind;

/// The inventory of one run of the collection. It is written last: a folder with a manifest is
/// complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Name of the run's folder: its start, UTC, such as `20260301T080000Z`.
    pub run_id: String,
    /// Rank of the run among those of the state, in order of completion: a clock may go back, this
    /// does not. Zero in a manifest of an earlier version.
    #[serde(default)]
    pub sequence: u64,
    /// Name of the profile that said where to collect.
    pub profile: String,
    /// Version of the program that collected.
    pub program_version: String,
    /// Start of the run.
    pub started_at: DateTime<Utc>,
    /// End of the run.
    pub ended_at: DateTime<Utc>,
    /// One entry a source, in the order of [`SourceKind::ALL`].
    pub sources: Vec<SourceEntry>,
}

/// The outcome of one source in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceEntry {
    /// The source.
    pub source: SourceKind,
    /// Address of the source, without any secret.
    pub address: String,
    /// Start of the collection of this source.
    pub started_at: DateTime<Utc>,
    /// End of the collection of this source.
    pub ended_at: DateTime<Utc>,
    /// Records received: stations, hours, events, lines, rows.
    pub rows: u64,
    /// Bytes written in the folder of the source.
    pub bytes: u64,
    /// Complete or failed.
    pub state: SourceState,
    /// Cause of the failure.
    pub error: Option<String>,
    /// Oddities that did not prevent the collection, in the order met.
    pub notes: Vec<String>,
    /// The files of the source's folder.
    pub files: Vec<FileEntry>,
    /// The earlier run that the files come from: the source failed this time, or was not asked for.
    pub files_from: Option<String>,
}

/// End of the collection of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceState {
    /// All of it came.
    Ok,
    /// It failed; files received before the failure are kept under `failed/`.
    Failed,
}

/// One file of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path inside the run's folder.
    pub path: String,
    /// Address of origin, when it is a file as received.
    pub address: Option<String>,
    /// Length, bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Records in it, when they are counted.
    pub rows: Option<u64>,
    /// The schema found: columns of a table, fields of a record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Decisions taken to read it, such as the encoding or the separator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<String>,
}

impl FileEntry {
    /// True when the file at `path` still has the bytes that the manifest tells.
    pub(crate) fn is_whole_at(&self, path: &Path) -> bool {
        hash_file(path).is_ok_and(|(bytes, sha256)| bytes == self.bytes && sha256 == self.sha256)
    }
}

impl Manifest {
    /// The name of the manifest in a run's folder.
    pub const FILE_NAME: &str = "manifest.json";

    /// Reads the manifest of the run in `folder`.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(Self::FILE_NAME);
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&text)
            .with_context(|| format!("{} is not a manifest", path.display()))
    }

    /// Writes the manifest in `folder`, atomically.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self).context("cannot write the manifest as JSON")?;
        replace_file(&folder.join(Self::FILE_NAME), text)
            .with_context(|| format!("cannot write the manifest in {}", folder.display()))
    }

    /// The first file of the run in `folder` whose bytes are not those that were written; one that
    /// is absent was removed, by a purge.
    pub fn damaged_file(&self, folder: &Path) -> Option<PathBuf> {
        let files = self.sources.iter().flat_map(|source| &source.files);
        let mut paths = files.map(|file| (folder.join(&file.path), file));
        let damaged = paths.find(|(path, file)| path.exists() && !file.is_whole_at(path));
        damaged.map(|(path, _)| path)
    }

    /// The entry of one source.
    pub fn entry(&self, source: SourceKind) -> Option<&SourceEntry> {
        self.sources.iter().find(|entry| entry.source == source)
    }
}
