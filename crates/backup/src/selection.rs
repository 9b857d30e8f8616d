//! The files of a state that a backup keeps.

use std::fs;
use std::path::{Path, PathBuf};

use filrouge_storage::is_set_aside;

use crate::{BackupError, Result};

/// A file to keep: its path in the state, and where it lies now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Path in the state, with `/` on every system.
    pub name: String,
    /// Where it is read.
    pub path: PathBuf,
}

/// Folders that no backup holds: files that are handed over to people and made again when they ask,
/// evidence of incidents, logs of integration, what a restoration replaced.
const LEFT_OUT: [&str; 5] = ["gdpr/exports", "incidents", "runs", "chaos", "replaced"];

/// Databases, and the files that SQLite keeps beside them: their engine copies them.
const DATABASES: [&str; 3] = [".sqlite", ".sqlite-wal", ".sqlite-shm"];

/// The files of the state at `root` that a backup keeps, in the order of their names.
///
/// # Errors
/// When a folder cannot be listed.
pub fn files_of(root: &Path) -> Result<Vec<KeptFile>> {
    let mut kept = Vec::new();
    let mut folders = vec![String::new()];

    while let Some(folder) = folders.pop() {
        for name in names_in(root, &folder)? {
            let path = root.join(&name);
            // A link would lead out of the state, or around in it.
            if path.is_symlink() || !is_kept(&name) {
                continue;
            }
            if path.is_dir() {
                folders.push(name);
            } else {
                kept.push(KeptFile { name, path });
            }
        }
    }

    kept.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(kept)
}

fn names_in(root: &Path, folder: &str) -> Result<Vec<String>> {
    let path = root.join(folder);
    let entries = fs::read_dir(&path).map_err(BackupError::at(&path))?;

    let name = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry?.file_name().to_string_lossy().into_owned();
        Ok(match folder {
            "" => name,
            folder => format!("{folder}/{name}"),
        })
    };

    entries
        .map(name)
        .collect::<std::io::Result<_>>()
        .map_err(BackupError::at(&path))
}

/// False for locks, for what is being written (its name begins with a dot), for what was set aside,
/// for databases and for the folders above.
fn is_kept(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    // A restoration that is under way leaves its mark beside them.
    let is_lock = last == "lock" || last.ends_with(".lock") || name == "restore.unfinished";

    !is_lock
        && !last.starts_with('.')
        && !is_set_aside(Path::new(name))
        && !DATABASES.iter().any(|end| name.ends_with(end))
        && !LEFT_OUT.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_drafts_what_was_set_aside_and_exports_are_left_out() {
        let state = tempfile::tempdir().unwrap();
        for name in [
            "lock",
            "write.lock",
            "raw/.lock",
            "raw/.unfinished-1/a.json",
            "raw/20260301T080000Z/manifest.json",
            "raw/20260301T080000Z.damaged-17/manifest.json",
            "lake/trips/year=2026/month=1/a.parquet",
            "filrouge.sqlite",
            "filrouge.sqlite-wal",
            "accounts.sqlite",
            "filrouge.sqlite.damaged-17",
            "gdpr/exports/a.json",
            "gdpr/audit-ends.json",
            "incidents/one/issue.md",
            "pseudonyms.key",
            "revoked/a",
        ] {
            let path = state.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }

        let kept = files_of(state.path()).unwrap();
        let names: Vec<&str> = kept.iter().map(|file| file.name.as_str()).collect();

        assert_eq!(
            names,
            [
                "gdpr/audit-ends.json",
                "lake/trips/year=2026/month=1/a.parquet",
                "pseudonyms.key",
                "raw/20260301T080000Z/manifest.json",
                "revoked/a",
            ]
        );
    }
}
