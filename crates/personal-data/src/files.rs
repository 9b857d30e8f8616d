//! The files of the state that hold personal data, and the search for a remainder of a person in
//! any file.

mod manifest;
mod search;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_database::SubscriberNumber;
use filrouge_database::gdpr::register::{self, HeldFiles};
use filrouge_storage::{AtomicFile, StateFolder};
use serde_json::Value;

use crate::Result;
use crate::error::FileFault;

pub(crate) use manifest::CorrectedFile;
pub(crate) use search::{Search, contains, search};

/// The file of the collections that holds people, in the folder of its source.
const SUBSCRIBERS: &str = "subscribers.jsonl";
/// The column of the collections that holds a person's number.
pub(crate) const NUMBER_COLUMN: &str = "subscriber_number";

/// A file that is older than the register lets it be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueFile {
    /// The file.
    pub path: PathBuf,
    /// Days that the register lets it be.
    pub days: u32,
    /// The register's reason, in French.
    pub reason: String,
}

/// Files older than the register lets them be, each with the reason.
pub(crate) fn overdue(state: &StateFolder, now: DateTime<Utc>) -> Result<Vec<OverdueFile>> {
    let rules = register::embedded()
        .processings
        .iter()
        .flat_map(|processing| &processing.files);

    let mut found = Vec::new();
    for rule in rules {
        found.extend(overdue_by(rule, state, now)?);
    }
    Ok(found)
}

fn overdue_by(
    rule: &HeldFiles,
    state: &StateFolder,
    now: DateTime<Utc>,
) -> Result<Vec<OverdueFile>> {
    // Files that end by a procedure are none of the purge's.
    let Some(days) = rule.days else {
        return Ok(Vec::new());
    };
    let before = now - TimeDelta::days(i64::from(days));
    let mut found = Vec::new();

    for path in matching(state.root(), &rule.pattern)? {
        if age_from_now(&path, now)? < before {
            found.push(OverdueFile {
                path,
                days,
                reason: rule.reason.clone(),
            });
        }
    }

    Ok(found)
}

/// Removes the files of such a list.
pub(crate) fn remove(overdue: &[OverdueFile]) -> Result<()> {
    overdue.iter().try_for_each(|file| remove_file(&file.path))
}

fn remove_file(path: &Path) -> Result<()> {
    fs::remove_file(path).map_err(FileFault::Remove.of(path))
}

/// The outcome of an erasure in the collections.
#[derive(Debug, Default)]
pub(crate) struct ForgottenLines {
    pub(crate) lines: u64,
    /// Files that could not be read or written again, as paths in the state.
    pub(crate) unreadable: Vec<String>,
    /// Files of collections whose manifest was corrected.
    pub(crate) corrected: Vec<CorrectedFile>,
}

/// Takes a person's line out of every collection that still has it, be it one that failed, was
/// killed or was set aside. A file that resists stops none of the others.
pub(crate) fn forget_in_collections(
    state: &StateFolder,
    person: &SubscriberNumber,
) -> Result<ForgottenLines> {
    let mut forgotten = ForgottenLines::default();

    for path in collected_people(state)? {
        match forget_in(&path, person) {
            Ok(lines) => {
                forgotten.lines += lines.gone;
                forgotten.corrected.extend(lines.corrected);
            }
            Err(error) => {
                tracing::error!(%error, "a collection resists an erasure");
                forgotten.unreadable.push(name_in(state, &path));
            }
        }
    }

    Ok(forgotten)
}

/// The files of the collections that hold people, be it of one that failed, was killed or was set
/// aside.
pub(crate) fn collected_people(state: &StateFolder) -> Result<Vec<PathBuf>> {
    let mut files = walk(&state.root().join("raw"))?;
    files.retain(|path| path.file_name().is_some_and(|name| name == SUBSCRIBERS));
    Ok(files)
}

/// The lines that left a file.
struct GoneLines {
    gone: u64,
    corrected: Option<CorrectedFile>,
}

fn forget_in(path: &Path, person: &SubscriberNumber) -> io::Result<GoneLines> {
    let mut reader = BufReader::new(File::open(path)?);
    let file = AtomicFile::create(path)?;
    let mut kept = BufWriter::new(file.as_file());
    let (mut line, mut gone) = (Vec::new(), 0);

    while reader.read_until(b'\n', &mut line)? > 0 {
        if is_of(&line, person) {
            gone += 1;
        } else {
            kept.write_all(&line)?;
        }
        line.clear();
    }
    kept.flush()?;
    drop(kept);

    let mut corrected = None;
    if gone > 0 {
        // A new file takes the name: another hard link of the old content keeps it, and is found
        // in its own turn or by the search.
        file.commit()?;
        corrected = manifest::correct(path, gone)?;
    }
    Ok(GoneLines { gone, corrected })
}

/// Removes the exports that were made for a person; gives how many.
pub(crate) fn forget_exports(state: &StateFolder, subjects: &[String]) -> Result<u64> {
    let mut removed = 0;

    for path in entries(&state.personal_exports())? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();

        if subjects.iter().any(|subject| name.starts_with(subject)) {
            remove_file(&path)?;
            removed += 1;
        }
    }

    Ok(removed)
}

/// The text that holds a person's number in the collections.
pub(crate) fn number_in_collections(person: &SubscriberNumber) -> String {
    format!("\"{NUMBER_COLUMN}\":{}", Value::from(person.reveal()))
}

fn is_of(line: &[u8], person: &SubscriberNumber) -> bool {
    match serde_json::from_slice::<Value>(line) {
        Ok(record) => record[NUMBER_COLUMN].as_str() == Some(person.reveal()),
        // A record that was cut or damaged still tells of the person.
        Err(_) => contains(line, number_in_collections(person).as_bytes()),
    }
}

/// The paths that a pattern of the register stands for; a `*` is one name.
fn matching(root: &Path, pattern: &str) -> Result<Vec<PathBuf>> {
    let mut paths = vec![root.to_owned()];

    for part in pattern.split('/') {
        let mut next = Vec::new();
        for path in paths {
            match part {
                "*" => next.extend(entries(&path)?),
                name => next.extend(Some(path.join(name)).filter(|path| path.exists())),
            }
        }
        paths = next;
    }

    Ok(paths)
}

/// Every file under a folder.
pub(crate) fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];

    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            // A link to a folder would lead out of the state, or around in it.
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }

    Ok(files)
}

fn name_in(state: &StateFolder, path: &Path) -> String {
    let name = path.strip_prefix(state.root()).unwrap_or(path);
    name.display().to_string()
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }

    let listed =
        fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = listed.map_err(FileFault::Read.of(folder))?;

    // The order of a folder differs from one system to another: reports do not.
    paths.sort();
    Ok(paths)
}

/// The instant of a file's writing. One that is to come was noted by a clock that was ahead: the
/// file ages from now on.
fn age_from_now(path: &Path, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let written = written_at(path)?;
    if written <= now {
        return Ok(written);
    }

    File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_modified(now.into()))
        .map_err(FileFault::Write.of(path))?;
    Ok(now)
}

fn written_at(path: &Path) -> Result<DateTime<Utc>> {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .map(DateTime::from)
        .map_err(FileFault::Read.of(path))
}
