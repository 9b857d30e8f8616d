use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;

pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| {
        format!(
            "`{}` manque : lancez d'abord `filrouge aggregate`",
            path.display()
        )
    })?;
    serde_json::from_str(&text).with_context(|| format!("`{}` est illisible", path.display()))
}

/// A source that was not collected has no file: that is no record, not an error.
pub(super) fn read_json_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text =
        fs::read_to_string(path).with_context(|| format!("`{}` est illisible", path.display()))?;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("`{}`, ligne {}", path.display(), index + 1))
        })
        .collect()
}
