use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use filrouge_storage::replace_file;

use crate::defects::Defect;

/// One JSON object a line.
pub(super) fn write(path: &Path, defects: &[Defect]) -> Result<()> {
    let mut text = Vec::new();
    for defect in defects {
        serde_json::to_writer(&mut text, defect).context("cannot write a defect as JSON")?;
        text.push(b'\n');
    }
    replace_file(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The manifest, or `None` when it is absent or damaged.
pub(super) fn read(path: &Path) -> Option<Vec<Defect>> {
    fs::read_to_string(path)
        .ok()?
        .lines()
        .map(|line| serde_json::from_str(line).ok())
        .collect()
}
