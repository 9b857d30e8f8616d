//! Figures of the quality gates: written once, in `gates.toml`. A document, a workflow or a job that
//! repeats one has to say the same.

use std::path::Path;

use anyhow::{Context, Result};
use regex::Regex;

use super::super::gate_changes::{FILE, GateFigures, flat};
use crate::files;

/// Where a figure may be repeated. A decision and the changelog tell what was true on their day; the
/// pages of the proofs quote the file itself, and another check keeps them up to date.
const READ: [&str; 8] = [
    ".github/**",
    ".ci/**",
    "docs/**/*.md",
    "*.md",
    ":!CHANGELOG.md",
    ":!docs/decisions/**",
    ":!docs/incidents/**",
    ":!docs/preuves/**",
];

pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let gates = flat(&files::read(root, FILE)?)?;
    let mut faults = Vec::new();

    for path in files::listed(root, &READ)? {
        // A file that is not text repeats nothing.
        let text = files::read(root, &path).unwrap_or_default();
        for (index, line) in text.lines().enumerate() {
            let told = of_line(line, &gates)?;
            faults.extend(told.map(|what| format!("`{path}`, line {}: {what}", index + 1)));
        }
    }
    Ok(faults)
}

/// The first figure of a line that is not that of the gate it is written beside.
pub(super) fn of_line(line: &str, gates: &GateFigures) -> Result<Option<String>> {
    for (gate, figures) in gates
        .iter()
        .filter(|(gate, _)| line.contains(gate.as_str()))
    {
        let pattern =
            format!(r#"\b{gate}\b[`"'*\s]*[=:|][`"'\[*\s]*(-?\d[\d_]*(?:[.,]\d+)?(?:e-?\d+)?)"#);
        let pattern = Regex::new(&pattern).context("the name of a gate")?;

        for found in pattern.captures_iter(line) {
            let written = &found[1];
            let value: f64 = written.replace('_', "").replace(',', ".").parse()?;
            if figures.first().is_some_and(|own| *own != value) {
                return Ok(Some(format!(
                    "`{gate}` is told as {written}, and `{FILE}` says {figures:?}"
                )));
            }
        }
    }
    Ok(None)
}
