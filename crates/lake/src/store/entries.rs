//! The entries of a ledger, as they lie in its file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::LakeError;

/// The files of a lake, by the SHA-256 of their content.
pub(super) type Entries = BTreeMap<String, Entry>;

/// One file of the lake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Absolute path that the file was read from: a publisher who adds to a file keeps its name.
    pub(crate) place: String,
    pub(crate) time_zone: String,
    pub(crate) read: u64,
    pub(crate) kept: u64,
    pub(crate) rejected: u64,
    /// Names that its trips bear as `source_file`; none in a ledger of an earlier version.
    #[serde(default)]
    pub(crate) source_files: Vec<String>,
    /// The Parquet files that hold its trips, relative to the folder of the trips. Small ones are
    /// shared between files.
    pub(crate) parts: Vec<String>,
}

/// Every part that an entry names.
pub(super) fn named(entries: &Entries) -> BTreeSet<String> {
    entries
        .values()
        .flat_map(|entry| entry.parts.iter().cloned())
        .collect()
}

pub(super) fn ledger_path(lake: &Path) -> PathBuf {
    lake.join("ingested.json")
}

pub(super) fn read_entries(path: &Path) -> Result<Entries, LakeError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map_err(|error| LakeError::unreadable(path.display(), error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Entries::new()),
        Err(error) => Err(LakeError::unreadable(path.display(), error)),
    }
}
