//! The files of the state that hold personal data, and the search for what may be left of a person
//! in any file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_database::SubscriberNumber;
use filrouge_database::gdpr::register;
use filrouge_storage::{StateFolder, write_private};
use serde_json::Value;

/// Files older than the register lets them be, each with the reason.
pub(super) fn overdue(state: &StateFolder, now: DateTime<Utc>) -> Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for rule in register::embedded()
        .processings
        .iter()
        .flat_map(|processing| &processing.files)
    {
        let before = now - TimeDelta::days(i64::from(rule.days));

        for path in matching(state.root(), &rule.pattern)? {
            if written_at(&path)? < before {
                found.push((
                    path,
                    format!("plus de {} jours : {}", rule.days, rule.reason),
                ));
            }
        }
    }
    Ok(found)
}

/// Removes the files of such a list.
pub(super) fn remove(overdue: &[(PathBuf, String)]) -> Result<()> {
    overdue.iter().try_for_each(|(path, _)| remove_file(path))
}

fn remove_file(path: &Path) -> Result<()> {
    fs::remove_file(path).with_context(|| format!("`{}` ne peut être effacé", path.display()))
}

/// Takes a person's line out of every collection that still has it; gives the number of lines.
pub(super) fn forget_in_collections(state: &StateFolder, person: &SubscriberNumber) -> Result<u64> {
    let mut removed = 0;

    for path in matching(state.root(), "raw/*/sql/subscribers.jsonl")? {
        let text = fs::read_to_string(&path)
            .with_context(|| format!("`{}` est illisible", path.display()))?;
        let kept: Vec<&str> = text.lines().filter(|line| !is_of(line, person)).collect();
        let gone = text.lines().count() - kept.len();
        if gone > 0 {
            // Another name of the old content keeps it, and is found by its own turn of this loop
            // or by the search.
            write_private(
                &path,
                kept.iter()
                    .flat_map(|line| [*line, "\n"])
                    .collect::<String>()
                    .as_bytes(),
            )?;

            removed += gone as u64;
        }
    }

    Ok(removed)
}

/// Removes the exports that were made for a person; gives how many.
pub(super) fn forget_exports(state: &StateFolder, subjects: &[String]) -> Result<u64> {
    let mut removed = 0;

    for path in matching(state.root(), "gdpr/exports/*")? {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if subjects
            .iter()
            .any(|subject| name.starts_with(subject.as_str()))
        {
            remove_file(&path)?;
            removed += 1;
        }
    }

    Ok(removed)
}

/// What a search went through, and where it found something.
#[derive(Debug, Default)]
pub(super) struct Search {
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) found_in: BTreeSet<String>,
}

/// Searches every file of the state for these texts. The operator's own files (`city/`) are not
/// ours: the receipt says to pass the request on.
pub(super) fn search(state: &StateFolder, texts: &[String]) -> Result<Search> {
    let mut search = Search::default();
    let mut folders = vec![state.root().to_owned()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            if path.is_dir() {
                if path != state.city() {
                    folders.push(path);
                }
                continue;
            }

            // A file that goes away meanwhile holds nothing any more.
            let Ok(bytes) = fs::read(&path) else { continue };

            search.files += 1;
            search.bytes += bytes.len() as u64;

            if texts.iter().any(|text| contains(&bytes, text.as_bytes())) {
                let name = path.strip_prefix(state.root()).unwrap_or(&path);
                search.found_in.insert(name.display().to_string());
            }
        }
    }

    Ok(search)
}

/// How the collections write a person's number.
pub(super) fn number_in_collections(person: &SubscriberNumber) -> String {
    format!("\"subscriber_pseudonym\":{}", Value::from(person.reveal()))
}

fn is_of(line: &str, person: &SubscriberNumber) -> bool {
    let record: Value = serde_json::from_str(line).unwrap_or_default();
    record["subscriber_pseudonym"].as_str() == Some(person.reveal())
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    let Some(&first) = text.first() else {
        return false;
    };
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
    let entries =
        fs::read_dir(folder).with_context(|| format!("`{}` est illisible", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}

fn written_at(path: &Path) -> Result<DateTime<Utc>> {
    let metadata =
        fs::metadata(path).with_context(|| format!("`{}` est illisible", path.display()))?;
    Ok(metadata.modified()?.into())
}

#[cfg(test)]
mod tests;
