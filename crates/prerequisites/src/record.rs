//! Records of the tests that were not played: a small file each, beside the build.

use std::fmt;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// A test that was not played. Its text is the line that `.ci/count` and `cargo dossier verify` read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// The tool or file that is missing.
    pub what: String,
    /// The command that brings it.
    pub remedy: String,
    /// The package of the test.
    pub package: String,
    /// The name of the test.
    pub test: String,
    /// Set when no proof rests on it.
    pub is_optional: bool,
}

impl fmt::Display for Record {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let optional = if self.is_optional { " (optional)" } else { "" };

        write!(out, "not played{optional}: {}; {}", self.what, self.remedy)
    }
}

impl Record {
    /// The record of the test that runs now.
    pub(crate) fn new(what: &str, remedy: &str, is_optional: bool) -> Self {
        Self {
            what: what.to_owned(),
            remedy: remedy.to_owned(),
            package: std::env::var("CARGO_PKG_NAME").unwrap_or_default(),
            test: running_test(),
            is_optional,
        }
    }

    /// A file of its own for each test and each thing it lacks.
    fn file(&self, folder: &Path) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        (&self.package, &self.test, &self.what).hash(&mut hasher);

        folder.join(format!("{:016x}", hasher.finish()))
    }

    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let kind = if self.is_optional {
            "optional"
        } else {
            "required"
        };
        let lines = [&self.what, &self.remedy, &self.package, &self.test, kind];

        fs::create_dir_all(folder)?;
        fs::write(self.file(folder), lines.join("\n"))
    }

    pub(crate) fn forget(&self, folder: &Path) {
        let _ = fs::remove_file(self.file(folder));
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::to_owned);

        Some(Self {
            what: lines.next()?,
            remedy: lines.next()?,
            package: lines.next()?,
            test: lines.next()?,
            is_optional: lines.next()? == "optional",
        })
    }
}

/// libtest gives a test's name to its thread. A helper is to be asked there, not in a thread of its own.
fn running_test() -> String {
    let thread = std::thread::current();

    thread.name().unwrap_or_default().to_owned()
}

/// Where the records of this build are: beside its `debug/` folder, which holds the test's program
/// in `deps/`.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;

    Some(program.ancestors().nth(3)?.join("not-played"))
}

/// The records of a folder, sorted by the thing that is missing.
///
/// # Errors
/// When the folder is there and cannot be read.
pub fn records(folder: &Path) -> io::Result<Vec<Record>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();

    for entry in fs::read_dir(folder)? {
        found.extend(Record::read(&fs::read_to_string(entry?.path())?));
    }

    found.sort();
    Ok(found)
}

/// Forgets all the records of a folder.
///
/// # Errors
/// When the folder is there and cannot be removed.
pub fn clear(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}
