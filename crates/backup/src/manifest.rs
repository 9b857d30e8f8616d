//! The manifest: one line of JSON for the backup, then one for each file.

use std::path::{Component, Path};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{BackupError, Result};

/// The name of the format, and its version: another one is not read.
const FORMAT: &str = "filrouge-backup";
const VERSION: u32 = 1;

/// The engine that made the copy of the database, and that alone can read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseEngine {
    /// A SQLite file.
    Sqlite,
    /// An archive of `pg_dump`.
    Postgres,
}

/// The first line of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupHeader {
    format: String,
    version: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// The instant that the backup goes back to: later writes are not in it.
    pub taken_at: DateTime<Utc>,
    /// The engine of the database.
    pub engine: DatabaseEngine,
}

/// A file of the state, or the copy of the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFile {
    /// Path in the state, with `/` on every system.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    /// The instant of its writing, seconds since 1970: files age from then on.
    pub modified: i64,
}

impl BackupHeader {
    /// The header of a backup that goes back to `taken_at`.
    pub fn new(program: &str, taken_at: DateTime<Utc>, engine: DatabaseEngine) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            program: program.to_owned(),
            taken_at,
            engine,
        }
    }

    pub(crate) fn read(line: &[u8]) -> Result<Self> {
        let header: Self = serde_json::from_slice(line)
            .map_err(|error| BackupError::Foreign(format!("its manifest begins badly: {error}")))?;

        if header.format != FORMAT || header.version != VERSION {
            let (format, version) = (&header.format, header.version);
            return Err(BackupError::Foreign(format!(
                "{format} version {version}, and not {FORMAT} version {VERSION}"
            )));
        }
        Ok(header)
    }
}

impl BackupFile {
    pub(crate) fn read(line: &[u8]) -> Result<Self> {
        let file: Self = serde_json::from_slice(line)
            .map_err(|error| BackupError::Damaged(format!("a line of its manifest: {error}")))?;

        if !stays_inside(&file.path) || !is_hash(&file.sha256) {
            return Err(BackupError::Foreign(format!(
                "`{}` names no file of a state",
                file.path
            )));
        }
        Ok(file)
    }
}

/// True for a path that leads to a file below the folder that it is joined to.
fn stays_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_below_the_folder_is_one_of_a_state() {
        for (path, expected) in [
            ("raw/20260301T080000Z/manifest.json", true),
            ("credentials.json", true),
            ("", false),
            ("/etc/passwd", false),
            ("../credentials.json", false),
            ("raw/../../a", false),
            ("./a", false),
        ] {
            assert_eq!(stays_inside(path), expected, "{path}");
        }
    }

    #[test]
    fn a_header_of_another_format_or_version_is_foreign() {
        for text in [
            r#"{"format":"autre","version":1,"program":"1","taken_at":"2026-03-01T08:00:00Z","engine":"sqlite"}"#,
            r#"{"format":"filrouge-backup","version":2,"program":"1","taken_at":"2026-03-01T08:00:00Z","engine":"sqlite"}"#,
            "{}",
            "PK",
        ] {
            let refusal = BackupHeader::read(text.as_bytes()).unwrap_err();
            assert!(matches!(refusal, BackupError::Foreign(_)), "{refusal}");
        }
    }
}
