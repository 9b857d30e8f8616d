//! Damaged files are set aside by their names, so that work goes on without them and nothing is
//! lost.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::folder::folder_of;
use crate::sync_folder;

/// Before the instant, at the end of the name.
const MARK: &str = ".damaged-";

/// Renames `path` to `<name>.damaged-<time>` and gives the new path. The time, in seconds since
/// 1970, is that of the last writing of `damaged`: the file itself or one of the folder.
///
/// # Errors
/// Those of the file system.
pub fn set_aside(path: &Path, damaged: &Path) -> io::Result<PathBuf> {
    let written = fs::metadata(damaged)?.modified()?;
    let seconds = written
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());

    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = free_name(&path.with_file_name(format!("{name}{MARK}{seconds}")));
    fs::rename(path, &aside)?;
    sync_folder(folder_of(path))?;
    Ok(aside)
}

/// True for a name that [`set_aside`] gave.
pub fn is_set_aside(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.contains(MARK)
}

/// The name itself, or the first one after it that nothing has.
fn free_name(path: &Path) -> PathBuf {
    let numbered = (2..).map(|number| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        path.with_file_name(format!("{name}-{number}"))
    });
    std::iter::once(path.to_owned())
        .chain(numbered)
        .find(|path| !path.exists())
        .unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_aside_keeps_its_bytes_under_a_name_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ingested.json");

        let names = ["half", "other half"].map(|content| {
            fs::write(&path, content).unwrap();
            let aside = set_aside(&path, &path).unwrap();
            assert!(!path.exists() && is_set_aside(&aside));
            (fs::read_to_string(&aside).unwrap(), aside)
        });

        assert_eq!(names[0].0, "half");
        assert_ne!(names[0].1, names[1].1);
    }
}
