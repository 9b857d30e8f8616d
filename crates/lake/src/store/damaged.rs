//! A damaged ledger or part, set aside by its name so that the lake goes on with the rest. Files
//! that are not in the ledger any more are ingested again the next time they are given.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use filrouge_bounded::hash_file;
use filrouge_storage::{replace_file, set_aside};

use super::entries::{Entries, named, read_entries};
use super::trips_folder;
use crate::LakeError;

/// First and last bytes of a Parquet file.
const MAGIC: [u8; 4] = *b"PAR1";

/// Reads the ledger; in the place of one that is damaged, the one before it.
pub(super) fn read_or_restore(lake: &Path, ledger: &Path) -> Result<Entries, LakeError> {
    let error = match read_entries(ledger) {
        Ok(entries) => return Ok(entries),
        Err(error) => error,
    };

    let aside = move_aside(ledger)?;
    tracing::error!(%error, aside = %aside.display(), "the ledger of the lake is damaged and is set aside");

    let previous = previous_path(ledger);
    match read_entries(&previous) {
        Ok(entries) if previous.exists() => Ok(entries),
        // Without a ledger nobody knows the content of the parts: they are kept, and not read.
        _ => {
            let trips = trips_folder(lake);
            if trips.exists() {
                move_aside(&trips)?;
            }
            Ok(Entries::new())
        }
    }
}

/// Keeps the ledger of before its next writing.
pub(super) fn keep_previous(ledger: &Path) -> io::Result<()> {
    match fs::read(ledger) {
        Ok(content) => replace_file(&previous_path(ledger), content),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Sets the damaged parts aside, and takes the files that they held trips of out of the ledger;
/// tells whether there were any.
pub(super) fn set_parts_aside(trips: &Path, entries: &mut Entries) -> Result<bool, LakeError> {
    let damaged: BTreeSet<String> = named(entries)
        .into_iter()
        .filter(|(part, sha256)| !is_whole(&trips.join(part), sha256))
        .map(|(part, _)| part)
        .collect();

    for part in &damaged {
        let path = trips.join(part);
        tracing::error!(part = %path.display(), "a part of the lake is damaged and is set aside");
        if path.exists() {
            move_aside(&path)?;
        }
    }

    entries.retain(|_, entry| !entry.parts.keys().any(|part| damaged.contains(part)));
    Ok(!damaged.is_empty())
}

/// True when the file has the bytes that its hash tells of. Without a hash, true when it begins and
/// ends as Parquet does: one that was cut, or emptied, does not.
pub(super) fn is_whole(path: &Path, sha256: &str) -> bool {
    if sha256.is_empty() {
        has_both_ends(path)
    } else {
        hash_file(path).is_ok_and(|(_, found)| found == sha256)
    }
}

fn has_both_ends(path: &Path) -> bool {
    let ends = || -> io::Result<[[u8; 4]; 2]> {
        let mut file = File::open(path)?;
        let mut ends = [[0; 4]; 2];
        file.read_exact(&mut ends[0])?;
        file.seek(SeekFrom::End(-4))?;
        file.read_exact(&mut ends[1])?;
        Ok(ends)
    };
    ends().is_ok_and(|ends| ends == [MAGIC; 2])
}

fn move_aside(path: &Path) -> Result<PathBuf, LakeError> {
    set_aside(path, path).map_err(|error| LakeError::unwritable(path, error))
}

fn previous_path(ledger: &Path) -> PathBuf {
    ledger.with_extension("previous.json")
}
