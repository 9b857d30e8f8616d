use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Replaces the file at `path` by `content` at once: a reader sees the old file or the new one,
/// whole.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<()> {
    let part = part(path)?;
    let mut file =
        File::create(&part).with_context(|| format!("cannot create {}", part.display()))?;
    file.write_all(content)
        .with_context(|| format!("cannot write {}", part.display()))?;
    file.sync_data()
        .with_context(|| format!("cannot write {}", part.display()))?;
    replace(&part, path)
}

/// The path of the unfinished file, beside `path`, whose folder is created.
pub(super) fn part(path: &Path) -> Result<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(path.with_file_name(format!(".{name}.part")))
}

pub(super) fn replace(part: &Path, path: &Path) -> Result<()> {
    fs::rename(part, path).with_context(|| format!("cannot write {}", path.display()))
}
