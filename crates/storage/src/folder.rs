//! Folders, and the rule of privacy: a file made in a private folder is private.

use std::fs;
use std::io;
use std::path::Path;

/// Makes a folder and those that lead to it. Each is as private as the one that holds it.
///
/// # Errors
/// Those of the file system.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }

    let holder = folder_of(folder);
    make_folder(holder)?;
    match builder(is_private(holder)).create(folder) {
        // Another writer made it meanwhile. A file of that name is no folder.
        Err(_) if folder.is_dir() => Ok(()),
        made => made,
    }
}

/// Makes a temporary folder in `holder`, as private as it, whose name begins with `prefix`.
///
/// # Errors
/// Those of the file system.
pub fn temporary_folder(holder: &Path, prefix: &str) -> io::Result<tempfile::TempDir> {
    let mut temporary = tempfile::Builder::new();
    temporary.prefix(prefix);
    #[cfg(unix)]
    temporary.permissions(std::os::unix::fs::PermissionsExt::from_mode(
        if is_private(holder) { 0o700 } else { 0o777 },
    ));

    temporary.tempdir_in(holder)
}

/// Makes a folder that only its owner may enter, or closes the one that is there.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return close(folder);
    }
    make_folder(folder_of(folder))?;
    builder(true).create(folder)
}

/// The folder that holds `path`: the current one for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn builder(private: bool) -> fs::DirBuilder {
    use std::os::unix::fs::DirBuilderExt;

    let mut builder = fs::DirBuilder::new();
    builder.mode(if private { 0o700 } else { 0o777 });
    builder
}

#[cfg(unix)]
pub(crate) fn is_private(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    // A folder that cannot be looked at tells nobody anything.
    fs::metadata(folder).map_or(true, |found| found.permissions().mode() & 0o077 == 0)
}

#[cfg(unix)]
fn close(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    if is_private(folder) {
        return Ok(());
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

// Elsewhere a folder has the rights of its user's profile.
#[cfg(not(unix))]
fn builder(_: bool) -> fs::DirBuilder {
    fs::DirBuilder::new()
}

#[cfg(not(unix))]
pub(crate) fn is_private(_: &Path) -> bool {
    false
}

#[cfg(not(unix))]
fn close(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::replace_file;

    fn mode(path: &Path) -> u32 {
        let metadata = fs::metadata(path).expect("the test made it");
        metadata.permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_in_a_private_folder_is_private() {
        let top = tempfile::tempdir().unwrap();
        let state = top.path().join("state");
        fs::create_dir(&state).unwrap();
        fs::set_permissions(&state, fs::Permissions::from_mode(0o755)).unwrap();

        make_private_folder(&state).unwrap();
        replace_file(&state.join("raw/one/a.json"), "{}").unwrap();

        let folders = ["", "raw", "raw/one"].map(|name| mode(&state.join(name)));
        assert_eq!(folders, [0o700; 3]);
        assert_eq!(mode(&state.join("raw/one/a.json")), 0o600);
    }

    #[test]
    fn what_is_made_for_others_stays_open_to_them() {
        let top = tempfile::tempdir().unwrap();
        fs::set_permissions(top.path(), fs::Permissions::from_mode(0o755)).unwrap();

        replace_file(&top.path().join("out/page.md"), "").unwrap();

        assert_ne!(mode(&top.path().join("out")) & 0o050, 0);
        assert_ne!(mode(&top.path().join("out/page.md")) & 0o040, 0);
    }
}
