//! What a version changes, for the people who install it: the section of the changelog.

use anyhow::Result;

use super::{Release, changelog};

/// The section, under its version and its date.
pub(super) fn text(release: &Release<'_>) -> Result<String> {
    let entries = changelog::assembled_entries(release.root)?;
    let day = release.date.split('T').next().unwrap_or_default();
    Ok(format!("## {} ({day})\n\n{entries}", release.version))
}
