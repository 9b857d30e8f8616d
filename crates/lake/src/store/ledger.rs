use std::io::{self, Write};
use std::path::{Path, PathBuf};

use filrouge_bounded::hash_file;
use filrouge_storage::{LockFile, write_atomically};

use super::compact::{merge, small_parts, without};
use super::damaged;
use super::entries::{Entries, Entry, ledger_path, named, read_entries};
use super::partition::{recover, remove_parts};
use super::trips_folder;
use crate::LakeError;

/// The files that are in the lake, by the SHA-256 of their content. Whoever holds it is the only
/// one to change the lake.
pub(crate) struct Ledger {
    path: PathBuf,
    trips: PathBuf,
    entries: Entries,
    /// Held until the ledger is dropped.
    _lock: LockFile,
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
        let Entry {
            place,
            read,
            kept,
            rejected,
            ..
        } = entry;

        IngestedFile {
            sha256,
            place: PathBuf::from(place),
            read,
            kept,
            rejected,
        }
    };

    let mut files: Vec<_> = read_entries(&ledger_path(lake))?
        .into_iter()
        .map(file)
        .collect();
    files.sort_by(|one, other| one.place.cmp(&other.place));

    Ok(files)
}

/// The Parquet files of a lake, as its ledger names them: parts that a run under way, or killed,
/// left beside them are not read. The bytes of each are those that were written: what is damaged
/// must not reach the engine, which reads it in memory without a check.
///
/// # Errors
/// A ledger that cannot be read, or a part that is damaged.
pub(crate) fn parts(lake: &Path) -> Result<Vec<PathBuf>, LakeError> {
    let trips = trips_folder(lake);
    let named = named(&read_entries(&ledger_path(lake))?);

    let checked = named.iter().map(|(part, sha256)| {
        let path = trips.join(part);
        match damaged::is_whole(&path, sha256) {
            true => Ok(path),
            false => Err(LakeError::Damaged(path)),
        }
    });
    checked.collect()
}

impl Ledger {
    /// Opens the ledger of a lake, making the lake when there is none, and waits for any other
    /// writer.
    pub(crate) fn open(lake: &Path) -> Result<Self, LakeError> {
        // Waits: the collection and a person may ingest at the same time.
        let lock = LockFile::wait(&lake.join(".lock"), "lake")
            .map_err(|error| LakeError::unwritable(lake, error))?;
        let path = ledger_path(lake);
        let was_there = path.exists();
        let mut entries = damaged::read_or_restore(lake, &path)?;
        let is_mended = damaged::set_parts_aside(&trips_folder(lake), &mut entries)?;
        recover(lake, &named(&entries))?;

        let ledger = Self {
            path,
            trips: trips_folder(lake),
            entries,
            _lock: lock,
        };
        // Queries read the file: it tells at once of the parts that remain.
        if is_mended || was_there != ledger.path.exists() {
            ledger
                .save()
                .map_err(|error| LakeError::unwritable(&ledger.path, error))?;
        }
        Ok(ledger)
    }

    pub(crate) fn get(&self, sha256: &str) -> Option<&Entry> {
        self.entries.get(sha256)
    }

    /// Notes a file whose parts are in place; only then does it count as ingested. Trips that came
    /// from the same place before are superseded: they leave the lake with the same writing of the
    /// ledger.
    pub(crate) fn replace(
        &mut self,
        sha256: String,
        entry: Entry,
    ) -> Result<Option<Entry>, LakeError> {
        let superseded = self
            .entries
            .extract_if(.., |_, other| other.place == entry.place)
            .next()
            .map(|(_, old)| old);

        self.entries.insert(sha256, entry);
        if let Some(old) = &superseded {
            self.take_out_of_shared_parts(old)?;
        }

        // One writing of the ledger for both: no query sees the trips twice, or none of them.
        self.commit(
            superseded
                .iter()
                .flat_map(|old| old.parts.keys().cloned())
                .collect(),
        )?;

        Ok(superseded)
    }

    /// Writes the parts that a file shares with others again, without its trips.
    fn take_out_of_shared_parts(&mut self, old: &Entry) -> Result<(), LakeError> {
        // A shared part still holds other files' trips.
        let named = named(&self.entries);
        for part in old.parts.keys().filter(|part| named.contains_key(*part)) {
            let rewritten = without(&self.trips, part, &old.source_files)?;
            self.rename(std::slice::from_ref(part), &rewritten)?;
        }
        Ok(())
    }

    /// Joins the small files of each month once there are many: a query opens fewer of them.
    pub(crate) fn compact(&mut self) -> Result<(), LakeError> {
        let parts = named(&self.entries)
            .into_keys()
            .filter(|part| self.may_be_joined(part))
            .collect();
        let mut merged = Vec::new();

        for small in small_parts(&self.trips, parts)? {
            let target = merge(&self.trips, &small)?;
            self.rename(&small, &target)?;
            merged.extend(small);
        }

        if merged.is_empty() {
            Ok(())
        } else {
            self.commit(merged)
        }
    }

    /// Trips are told apart by their `source_file` when one of the files changes, so no two files
    /// of one name share a part.
    fn may_be_joined(&self, part: &String) -> bool {
        let owners = || {
            self.entries
                .values()
                .filter(|entry| entry.parts.contains_key(part))
        };

        let is_alone = |name: &String| {
            self.entries
                .values()
                .filter(|entry| entry.source_files.contains(name))
                .count()
                == 1
        };

        owners()
            .all(|entry| !entry.source_files.is_empty() && entry.source_files.iter().all(is_alone))
    }

    /// Takes the partitions before a month out of the lake; answers the number of parts that left.
    pub(crate) fn forget_before(&mut self, year: i32, month: u32) -> Result<usize, LakeError> {
        // Zeros in front of the numbers: the order of the names is that of the months.
        let first_kept = format!("year={year:04}/month={month:02}");
        let leaving: Vec<String> = named(&self.entries)
            .into_keys()
            .filter(|part| *part < first_kept)
            .collect();

        for entry in self.entries.values_mut() {
            entry.parts.retain(|part, _| !leaving.contains(part));
        }
        let count = leaving.len();
        if count > 0 {
            self.commit(leaving)?;
        }
        Ok(count)
    }

    /// Puts a part in the place of others, in every file that they hold trips of.
    fn rename(&mut self, parts: &[String], target: &str) -> Result<(), LakeError> {
        let path = self.trips.join(target);
        let (_, sha256) =
            hash_file(&path).map_err(|error| LakeError::unreadable(path.display(), error))?;

        for entry in self.entries.values_mut() {
            let before = entry.parts.len();
            entry.parts.retain(|part, _| !parts.contains(part));
            if entry.parts.len() < before {
                entry.parts.insert(target.to_owned(), sha256.clone());
            }
        }
        Ok(())
    }

    /// Writes the ledger, then removes the parts that it no longer names: a run killed in between
    /// leaves them to the next one, and no query reads them.
    fn commit(&self, left: Vec<String>) -> Result<(), LakeError> {
        self.save()
            .map_err(|error| LakeError::unwritable(&self.path, error))?;
        let named = named(&self.entries);
        remove_parts(
            &self.trips,
            left.iter().filter(|part| !named.contains_key(*part)),
        )
    }

    fn save(&self) -> io::Result<()> {
        damaged::keep_previous(&self.path)?;
        write_atomically(&self.path, |file| {
            serde_json::to_writer_pretty(&mut *file, &self.entries)?;
            file.write_all(b"\n")
        })
    }
}
