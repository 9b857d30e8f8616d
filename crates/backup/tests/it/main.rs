//! Archives that are given back as they were, and those that are refused.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use filrouge_backup::{
    BackupArchive, BackupError, BackupHeader, DatabaseEngine, KeptFile, Result, files_of, write,
};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const FILES: [(&str, &str); 4] = [
    ("credentials.json", "[]"),
    ("raw/1/gbfs/stations.json", "{\"stations\":[1,2,3]}"),
    ("raw/2/gbfs/stations.json", "{\"stations\":[1,2,3]}"),
    ("models/demand/champion", "v1"),
];

/// A state, the copy of its database, and the archive of both.
struct Saved {
    folder: TempDir,
}

impl Saved {
    fn new() -> Self {
        let saved = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (name, text) in FILES {
            let path = saved.path("state").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::write(saved.path("copy"), "rows").unwrap();
        saved.write().unwrap();
        saved
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn archive(&self) -> PathBuf {
        self.path("backup.zip")
    }

    fn write(&self) -> Result<()> {
        let taken_at = "2026-03-01T08:00:00Z".parse().unwrap();
        let header = BackupHeader::new("1", taken_at, DatabaseEngine::Sqlite);
        let database = KeptFile {
            name: "filrouge.sqlite".to_owned(),
            path: self.path("copy"),
        };
        let files = files_of(&self.path("state"))?;
        write(&self.archive(), &header, &files, || {
            Ok::<_, BackupError>(database)
        })
        .map(drop)
    }

    /// Opens, checks and gives back; the refusal, otherwise.
    fn read(&self) -> Result<PathBuf> {
        let mut archive = BackupArchive::open(&self.archive())?;
        archive.verify()?;
        let target = self.path("restored");
        archive.extract(&target)?;
        archive.extract_database(&target.join("filrouge.sqlite"))?;
        Ok(target)
    }

    /// Writes the archive again, each entry changed by `change`: none leaves it out.
    fn rewrite(&self, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) {
        let bytes = fs::read(self.archive()).unwrap();
        let mut from = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut to = ZipWriter::new(fs::File::create(self.archive()).unwrap());
        for index in 0..from.len() {
            let mut entry = from.by_index(index).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            if let Some(content) = change(&name, content) {
                to.start_file(name, SimpleFileOptions::default()).unwrap();
                to.write_all(&content).unwrap();
            }
        }
        to.finish().unwrap();
    }
}

fn modified(path: &Path) -> u64 {
    let modified = fs::metadata(path).unwrap().modified().unwrap();
    let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap();
    since.as_secs()
}

#[test]
fn what_was_saved_is_given_back_with_its_bytes_and_its_dates() {
    let saved = Saved::new();

    let restored = saved.read().unwrap();

    for (name, text) in FILES {
        let (before, after) = (saved.path("state").join(name), restored.join(name));
        assert_eq!(fs::read_to_string(&after).unwrap(), text, "{name}");
        assert_eq!(modified(&after), modified(&before), "{name}");
    }
    assert_eq!(
        fs::read_to_string(restored.join("filrouge.sqlite")).unwrap(),
        "rows"
    );
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_an_archive() {
    use std::os::unix::fs::PermissionsExt;

    let mode = fs::metadata(Saved::new().archive()).unwrap().permissions();

    assert_eq!(mode.mode() & 0o777, 0o600);
}

#[test]
fn an_archive_that_was_cut_is_refused() {
    let saved = Saved::new();
    let whole = fs::read(saved.archive()).unwrap();

    for share in 0..10 {
        fs::write(saved.archive(), &whole[..whole.len() * share / 10]).unwrap();
        let refusal = saved.read().unwrap_err();
        assert!(
            matches!(refusal, BackupError::Foreign(_)),
            "{share}: {refusal}"
        );
    }
}

#[test]
fn each_byte_that_changes_is_seen_or_changes_nothing() {
    let saved = Saved::new();
    let whole = fs::read(saved.archive()).unwrap();

    // Writing takes longer than reading: one byte in seven, which meets every part of the format.
    for place in (0..whole.len()).step_by(7) {
        let mut altered = whole.clone();
        altered[place] ^= 0xff;
        fs::write(saved.archive(), altered).unwrap();
        let _ = fs::remove_dir_all(saved.path("restored"));

        // Dates and rights that the archive repeats for other programs are read by none of ours.
        if let Ok(restored) = saved.read() {
            for (name, text) in FILES {
                assert_eq!(
                    fs::read_to_string(restored.join(name)).unwrap(),
                    text,
                    "{place}"
                );
            }
        }
    }
}

#[test]
fn a_content_that_is_missing_or_another_is_named() {
    type Change = fn(&str, Vec<u8>) -> Option<Vec<u8>>;
    let changes: [(Change, &str); 3] = [
        (
            |name, content| (name != "database").then_some(content),
            "filrouge.sqlite",
        ),
        (
            |name, content| {
                Some(if name == "database" {
                    b"less".to_vec()
                } else {
                    content
                })
            },
            "filrouge.sqlite",
        ),
        (
            |name, content| (!name.starts_with("content/")).then_some(content),
            "credentials.json",
        ),
    ];

    for (change, named) in changes {
        let saved = Saved::new();
        saved.rewrite(change);
        let refusal = saved.read().unwrap_err();
        assert!(matches!(refusal, BackupError::Damaged(_)), "{refusal}");
        assert!(refusal.to_string().contains(named), "{refusal}");
    }
}

#[test]
fn an_archive_of_another_program_is_foreign() {
    let saved = Saved::new();
    saved.rewrite(|name, content| (name != "manifest.jsonl").then_some(content));

    let refusal = saved.read().unwrap_err();

    assert!(matches!(refusal, BackupError::Foreign(_)), "{refusal}");
}

#[test]
fn a_path_that_leaves_the_folder_is_refused_before_anything_is_written() {
    let saved = Saved::new();
    saved.rewrite(|name, content| {
        let text = String::from_utf8_lossy(&content).replace("credentials.json", "../outside.json");
        Some(if name == "manifest.jsonl" {
            text.into_bytes()
        } else {
            content
        })
    });

    let refusal = saved.read().unwrap_err();

    assert!(refusal.to_string().contains("../outside.json"), "{refusal}");
    assert!(!saved.path("outside.json").exists() && !saved.path("restored").exists());
}

#[test]
fn a_bomb_costs_what_its_archive_allows() {
    let saved = Saved::new();
    // Sixty-four megabytes of zeros in some kilobytes.
    saved.rewrite(|name, content| {
        Some(if name == "manifest.jsonl" {
            content
        } else {
            vec![0; 64 << 20]
        })
    });

    let refusal = saved.read().unwrap_err();

    assert!(matches!(refusal, BackupError::Damaged(_)), "{refusal}");
}
