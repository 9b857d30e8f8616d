//! The last verification, kept beside the state of the case: `verify.json`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::report::{CriterionOutcome, FORMAT, Report};

/// The file of the last verification in a state folder.
pub fn path(state: &Path) -> PathBuf {
    state.join("verify.json")
}

/// The last verification; none when nothing was verified yet.
///
/// # Errors
/// When the file cannot be read, or is not one.
pub fn read(state: &Path) -> anyhow::Result<Option<Report>> {
    let path = path(state);

    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };

    let report: Report = serde_json::from_str(&text)
        .with_context(|| format!("{} : vérification illisible", path.display()))?;
    ensure!(
        report.format == FORMAT,
        "{} : format {} inconnu",
        path.display(),
        report.format
    );
    Ok(Some(report))
}

/// Keeps a verification, with the criteria outside its scope that the same commit already had.
///
/// # Errors
/// When the folder refuses the file.
pub fn write(state: &Path, report: &Report) -> anyhow::Result<()> {
    // A file that cannot be read is replaced: it is worth nothing.
    let known = read(state).ok().flatten();
    let kept = known.map_or_else(|| report.clone(), |known| report.clone().beside(known));

    crate::output::write(&path(state), serde_json::to_string_pretty(&kept)?)
}

impl Report {
    /// This report with the criteria that only `known` has, when both are of the same files.
    fn beside(mut self, known: Self) -> Self {
        let same_files = self.commit == known.commit && !self.modified && !known.modified;
        if !same_files {
            return self;
        }

        let is_new = |one: &CriterionOutcome| self.criteria.iter().all(|known| known.id != one.id);
        let others: Vec<_> = known.criteria.into_iter().filter(is_new).collect();

        if !others.is_empty() {
            self.scope = format!("{}, {}", known.scope, self.scope);
            self.criteria.extend(others);
            self.criteria.sort_by_key(|criterion| rank(&criterion.id));
        }
        self
    }
}

/// `C10.2` → (10, 2): the order of the referential.
fn rank(id: &str) -> (u32, u32) {
    let mut numbers = id
        .trim_start_matches('C')
        .split('.')
        .map(|number| number.parse().unwrap_or(u32::MAX));
    let mut next = || numbers.next().unwrap_or(u32::MAX);
    (next(), next())
}

#[cfg(test)]
mod tests;
