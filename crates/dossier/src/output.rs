//! Files that the commands write.

use std::path::Path;

use anyhow::Context;

/// Replaces a file in one go, so that a killed run leaves the old one.
///
/// # Errors
/// When the folder refuses it, with the path.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> anyhow::Result<()> {
    filrouge_storage::replace_file(path, content)
        .with_context(|| format!("{} : écriture impossible", path.display()))
}
