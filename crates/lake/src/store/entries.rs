//! The entries of a ledger, as they lie in its file.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize};

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
    /// The Parquet files that hold its trips. Small ones are shared between files.
    #[serde(deserialize_with = "read_parts")]
    pub(crate) parts: Parts,
}

/// Parquet files of the lake: the SHA-256 of each, hexadecimal, by its path in the folder of the
/// trips. The hash is empty in a ledger of an earlier version.
pub(crate) type Parts = BTreeMap<String, String>;

/// Every part that an entry names.
pub(super) fn named(entries: &Entries) -> Parts {
    let parts = entries.values().flat_map(|entry| &entry.parts);
    parts
        .map(|(name, sha256)| (name.clone(), sha256.clone()))
        .collect()
}

/// Earlier versions wrote the names alone.
fn read_parts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Parts, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Hashed(Parts),
        Named(Vec<String>),
    }

    Ok(match Written::deserialize(deserializer)? {
        Written::Hashed(parts) => parts,
        Written::Named(names) => names
            .into_iter()
            .map(|name| (name, String::new()))
            .collect(),
    })
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
