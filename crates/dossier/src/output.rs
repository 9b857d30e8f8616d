//! How the commands write their files.

use std::path::Path;

use anyhow::Context;

/// Replaces a file in one go, so that a killed run leaves the old one.
///
/// # Errors
/// When the folder refuses it, with the path.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let draft = path.with_extension("partial");
    std::fs::write(&draft, content)
        .and_then(|()| std::fs::File::open(&draft)?.sync_all())
        .and_then(|()| std::fs::rename(&draft, path))
        .with_context(|| format!("{} : écriture impossible", path.display()))
}
