//! The needs of a test from the machine, and its fate without them: see the README.

mod list;
mod promtool;
mod python;
mod record;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

pub use list::list;
pub use promtool::{Promtool, promtool};
pub use record::{Record, clear, folder, records};

/// Set to 1 where a test that cannot play has to fail.
pub const STRICT: &str = "FILROUGE_STRICT";

/// A program, on the path of the system or at its own path.
#[track_caller]
#[must_use]
pub fn program(name: &str, remedy: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(name));

    require(places.find(|place| is_executable(place)), name, remedy)
}

fn is_executable(place: &Path) -> bool {
    std::fs::metadata(place)
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// A variable of the environment that is not empty.
#[track_caller]
#[must_use]
pub fn variable(name: &str, remedy: &str) -> Option<String> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());

    require(value, name, remedy)
}

/// A Python that imports all these modules.
#[track_caller]
#[must_use]
pub fn python(modules: &[&str], remedy: &str) -> Option<PathBuf> {
    let what = format!("Python: {}", modules.join(", "));

    require(python::that_imports(modules), &what, remedy)
}

/// A file or a folder.
#[track_caller]
#[must_use]
pub fn path(path: impl AsRef<Path>, remedy: &str) -> Option<PathBuf> {
    let path = path.as_ref();
    let found = path.exists().then(|| path.to_owned());

    require(found, &path.display().to_string(), remedy)
}

/// What the test looked for itself. Without it the test is not played.
///
/// # Panics
/// When it is missing and [`STRICT`] is set.
#[track_caller]
#[must_use]
pub fn require<T>(found: Option<T>, what: &str, remedy: &str) -> Option<T> {
    let record = Record::new(what, remedy, false);
    let is_missing = found.is_none();

    assert!(!(is_missing && is_strict()), "{record}");
    note(&record, is_missing);

    found
}

/// What no clone has, such as a large file of real data: the test is not played without it, and
/// never fails for that. The proof itself rests on a sample that the project carries.
#[track_caller]
#[must_use]
pub fn optional<T>(found: Option<T>, what: &str, remedy: &str) -> Option<T> {
    note(&Record::new(what, remedy, true), found.is_none());

    found
}

/// A file or a folder of real data, beside the clone: see `tests/samples/README.md`.
#[must_use]
pub fn real_data(path: &str) -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let place = workspace.join("../shared/data").join(path);
    let found = place.exists().then_some(place);
    let what = format!("../shared/data/{path}");

    optional(found, &what, "tests/samples/README.md")
}

fn is_strict() -> bool {
    std::env::var(STRICT).is_ok_and(|value| !value.is_empty() && value != "0")
}

/// Keeps a record of the missing thing, and forgets it once it is there.
fn note(record: &Record, is_missing: bool) {
    let Some(folder) = folder() else { return };

    if is_missing {
        // Not `eprintln!`, which the runner keeps to itself when the test passes.
        let _ = writeln!(std::io::stderr(), "{record}");
        let _ = record.write(&folder);
    } else {
        record.forget(&folder);
    }
}
