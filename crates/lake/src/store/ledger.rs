use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::parquet::{persist, temporary_beside};
use super::partition::{recover, remove_parts};
use super::trips_folder;
use crate::LakeError;

/// The files that are in the lake, by the SHA-256 of their content. Whoever holds it is the only
/// one to change the lake.
pub(crate) struct Ledger {
    path: PathBuf,
    trips: PathBuf,
    entries: BTreeMap<String, Entry>,
    /// Held until the ledger is dropped.
    _lock: File,
}

/// One file of the lake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Absolute path that the file was read from: a publisher who adds to a file keeps its name.
    pub(crate) place: String,
    pub(crate) time_zone: String,
    pub(crate) read: u64,
    pub(crate) kept: u64,
    pub(crate) rejected: u64,
    /// Its Parquet files, relative to the folder of the trips.
    pub(crate) parts: Vec<String>,
}

/// A file of the lake, as its ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestedFile {
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    /// Absolute path that it was read from.
    pub place: PathBuf,
    /// Rows read, header and blank lines left out.
    pub read: u64,
    /// Rows that became trips.
    pub kept: u64,
    /// Rows set aside.
    pub rejected: u64,
}

/// The files of a lake, by path; none when there is no lake.
///
/// # Errors
/// A ledger that cannot be read.
pub fn ingested(lake: &Path) -> Result<Vec<IngestedFile>, LakeError> {
    let file = |(sha256, entry): (String, Entry)| {
        let Entry { place, read, kept, rejected, .. } = entry;
        IngestedFile { sha256, place: PathBuf::from(place), read, kept, rejected }
    };
    let mut files: Vec<_> = read_entries(&ledger_path(lake))?.into_iter().map(file).collect();
    files.sort_by(|one, other| one.place.cmp(&other.place));
    Ok(files)
}

impl Ledger {
    /// Opens the ledger of a lake, making the lake when there is none, and waits for any other writer.
    pub(crate) fn open(lake: &Path) -> Result<Self, LakeError> {
        let lock = || -> io::Result<File> {
            fs::create_dir_all(lake)?;
            let lock = File::create(lake.join(".lock"))?;
            lock.lock()?;
            Ok(lock)
        };
        let lock = lock().map_err(|error| LakeError::unwritable(lake, error))?;
        let path = ledger_path(lake);
        let entries = read_entries(&path)?;
        recover(lake, |key| entries.keys().any(|sha256| sha256.starts_with(key)))?;
        Ok(Self { path, trips: trips_folder(lake), entries, _lock: lock })
    }

    pub(crate) fn get(&self, sha256: &str) -> Option<&Entry> {
        self.entries.get(sha256)
    }

    /// Notes a file whose parts are in place; only then does it count as ingested. What came from
    /// the same place before is superseded: its parts are removed first, so that a run killed
    /// here and started again ends the same way.
    pub(crate) fn replace(&mut self, sha256: String, entry: Entry) -> Result<Option<Entry>, LakeError> {
        let superseded = self.entries.extract_if(.., |_, other| other.place == entry.place).next().map(|(_, old)| old);
        remove_parts(&self.trips, superseded.iter().flat_map(|old| &old.parts))?;
        self.entries.insert(sha256, entry);
        self.save().map_err(|error| LakeError::unwritable(&self.path, error))?;
        Ok(superseded)
    }

    fn save(&self) -> io::Result<()> {
        let mut file = temporary_beside(&self.path)?;
        serde_json::to_writer_pretty(&mut file, &self.entries)?;
        file.write_all(b"\n")?;
        persist(file, &self.path)
    }
}

fn ledger_path(lake: &Path) -> PathBuf {
    lake.join("ingested.json")
}

fn read_entries(path: &Path) -> Result<BTreeMap<String, Entry>, LakeError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| LakeError::unreadable(path.display(), error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(LakeError::unreadable(path.display(), error)),
    }
}
