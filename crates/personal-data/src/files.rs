//! The files of the state that hold personal data, and the search for a remainder of a person in
//! any file.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_database::SubscriberNumber;
use filrouge_database::gdpr::register::{self, HeldFiles};
use filrouge_storage::{StateFolder, write_private};
use serde_json::Value;

use crate::Result;
use crate::error::FileFault;

/// The column of the collections that holds a person's number.
const NUMBER_COLUMN: &str = "subscriber_pseudonym";

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
    let before = now - TimeDelta::days(i64::from(rule.days));
    let mut found = Vec::new();

    for path in matching(state.root(), &rule.pattern)? {
        if written_at(&path)? < before {
            found.push(OverdueFile {
                path,
                days: rule.days,
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

/// Takes a person's line out of every collection that still has it; gives the number of lines.
pub(crate) fn forget_in_collections(state: &StateFolder, person: &SubscriberNumber) -> Result<u64> {
    let mut removed = 0;
    for path in matching(state.root(), "raw/*/sql/subscribers.jsonl")? {
        removed += forget_in(&path, person)?;
    }
    Ok(removed)
}

fn forget_in(path: &Path, person: &SubscriberNumber) -> Result<u64> {
    let text = fs::read_to_string(path).map_err(FileFault::Read.of(path))?;
    let kept: Vec<&str> = text.lines().filter(|line| !is_of(line, person)).collect();

    let gone = text.lines().count() - kept.len();
    if gone > 0 {
        // A new file takes the name: another hard link of the old content keeps it, and is found
        // in its own turn or by the search.
        let content: String = kept.iter().flat_map(|line| [*line, "\n"]).collect();
        write_private(path, content.as_bytes()).map_err(FileFault::Write.of(path))?;
    }

    Ok(gone as u64)
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

/// The extent of a search, and the files where it found something.
#[derive(Debug, Default)]
pub(crate) struct Search {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) found_in: BTreeSet<String>,
}

/// Searches every file of the state for these texts. The operator's own files (`city/`) are not
/// ours: the receipt says to pass the request on.
pub(crate) fn search(state: &StateFolder, texts: &[String]) -> Result<Search> {
    let mut search = Search::default();
    let mut folders = vec![state.root().to_owned()];

    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            if !path.is_dir() {
                search.read(state, &path, texts);
            } else if path != state.city() {
                folders.push(path);
            }
        }
    }

    Ok(search)
}

impl Search {
    fn read(&mut self, state: &StateFolder, path: &Path, texts: &[String]) {
        // A file that goes away meanwhile holds nothing any more.
        let Ok(bytes) = fs::read(path) else { return };

        self.files += 1;
        self.bytes += bytes.len() as u64;

        if texts.iter().any(|text| contains(&bytes, text.as_bytes())) {
            let name = path.strip_prefix(state.root()).unwrap_or(path);
            self.found_in.insert(name.display().to_string());
        }
    }
}

/// The text that holds a person's number in the collections.
pub(crate) fn number_in_collections(person: &SubscriberNumber) -> String {
    format!("\"{NUMBER_COLUMN}\":{}", Value::from(person.reveal()))
}

fn is_of(line: &str, person: &SubscriberNumber) -> bool {
    // A line that is not a record holds nobody's number under this name; the search reads it
    // anyway.
    let record: Value = serde_json::from_str(line).unwrap_or_default();
    record[NUMBER_COLUMN].as_str() == Some(person.reveal())
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    let Some(&first) = text.first() else {
        return false;
    };

    // Looking for the first byte alone passes over most of a file: `windows` would compare
    // everywhere.
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        if rest[at..].starts_with(text) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
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

fn written_at(path: &Path) -> Result<DateTime<Utc>> {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .map(DateTime::from)
        .map_err(FileFault::Read.of(path))
}
