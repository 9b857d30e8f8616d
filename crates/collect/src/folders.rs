//! The folders of `raw/`: one a run, named by its start; those with a leading dot are ours.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use filrouge_storage::{is_set_aside, make_folder, set_aside};

use crate::manifest::Manifest;

/// Bodies received from servers, for conditional requests.
pub(crate) const CACHE: &str = ".received";
/// Held by the collection at work.
pub(crate) const LOCK: &str = ".lock";
/// Before the name of a run that is not finished.
const UNFINISHED: &str = ".unfinished-";

/// A run that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its start, UTC, such as `20260301T080000Z`: names sort by time.
    pub run_id: String,
    /// Its folder, with one folder a source.
    pub folder: PathBuf,
}

/// The last complete run under `state_dir`, or `None` before the first.
pub fn latest_run(state_dir: &Path) -> Result<Option<Run>> {
    Ok(previous(&state_dir.join("raw"))?.map(|(_, run)| run))
}

/// The last complete run under `state_dir` whose files are those of its manifest. One that has a
/// damaged file is set aside: it is told once, and the run before it serves.
pub fn latest_whole_run(state_dir: &Path) -> Result<Option<Run>> {
    let mut runs = complete_runs(&state_dir.join("raw"))?;

    while let Some((manifest, run)) = runs.pop() {
        let Some(damaged) = manifest.damaged_file(&run.folder) else {
            return Ok(Some(run));
        };
        set_run_aside(
            &run.folder,
            &damaged,
            "its bytes are not those of the manifest",
        )?;
    }
    Ok(None)
}

/// The last complete run of `raw`, with its manifest.
pub(crate) fn previous(raw: &Path) -> Result<Option<(Manifest, Run)>> {
    Ok(complete_runs(raw)?.pop())
}

/// The complete runs of `raw`, in order of completion. A run whose manifest cannot be read any more
/// is set aside: it is told once, and the run before it serves.
fn complete_runs(raw: &Path) -> Result<Vec<(Manifest, Run)>> {
    let mut runs = Vec::new();

    for (run_id, folder) in entries(raw)? {
        let path = folder.join(Manifest::FILE_NAME);
        if run_id.starts_with('.') || is_set_aside(&folder) || !path.is_file() {
            continue;
        }
        match Manifest::read(&folder) {
            Ok(manifest) => runs.push((manifest, Run { run_id, folder })),
            Err(error) => set_run_aside(&folder, &path, &format!("{error:#}"))?,
        }
    }

    // Names are instants in UTC: they tell the order of runs that have no rank.
    runs.sort_by(|(one, run), (other, another)| {
        (one.sequence, &run.run_id).cmp(&(other.sequence, &another.run_id))
    });
    Ok(runs)
}

fn set_run_aside(folder: &Path, damaged: &Path, reason: &str) -> Result<()> {
    let aside = set_aside(folder, damaged)
        .with_context(|| format!("cannot set {} aside", folder.display()))?;
    tracing::error!(
        damaged = %damaged.display(),
        reason,
        aside = %aside.display(),
        "a collection is damaged and is set aside"
    );
    Ok(())
}

/// The folder `raw/` of `state_dir`, created when it is not there.
pub(crate) fn raw(state_dir: &Path) -> Result<PathBuf> {
    let raw = state_dir.join("raw");
    make_folder(&raw).with_context(|| format!("cannot create {}", raw.display()))?;
    Ok(raw)
}

/// Removes the folders of killed runs.
pub(crate) fn remove_unfinished(raw: &Path) -> Result<()> {
    for (name, folder) in entries(raw)? {
        if name.starts_with(UNFINISHED) {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot remove {}", folder.display()))?;
        }
    }
    Ok(())
}

/// Removes the complete runs that are not among the last `kept`.
pub(crate) fn remove_old(raw: &Path, kept: NonZero<usize>) -> Result<()> {
    let runs = complete_runs(raw)?;
    for (_, run) in &runs[..runs.len().saturating_sub(kept.get())] {
        // Renamed first: a removal that is killed leaves nothing that looks complete.
        let removed = raw.join(format!("{UNFINISHED}{}", run.run_id));
        let result = fs::rename(&run.folder, &removed).and_then(|()| fs::remove_dir_all(&removed));
        result.with_context(|| format!("cannot remove {}", run.folder.display()))?;
    }
    Ok(())
}

/// Names the run that starts at `instant`; a second one within the same second gets a number,
/// higher than those of the runs that are there.
pub(crate) fn new_run(raw: &Path, instant: DateTime<Utc>) -> Result<Run> {
    let stem = instant.format("%Y%m%dT%H%M%SZ").to_string();
    let names = entries(raw)?
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(&stem));

    let run_id = match names.max() {
        None => stem,
        // `max` by text: `…Z-010` comes after `…Z-009`, which is why the number has three digits.
        Some(last) => {
            let number: u32 = last
                .rsplit_once('-')
                .and_then(|(_, number)| number.parse().ok())
                .unwrap_or(1);
            format!("{stem}-{:03}", number.saturating_add(1))
        }
    };

    Ok(Run {
        folder: raw.join(&run_id),
        run_id,
    })
}

/// Creates the folder of a run that is being written.
pub(crate) fn unfinished(raw: &Path, run_id: &str) -> Result<PathBuf> {
    let folder = raw.join(format!("{UNFINISHED}{run_id}"));
    make_folder(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }

    let cannot_read = || format!("cannot read the folder {}", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot_read)?;

    let named = entries.map(|entry| {
        entry.map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            )
        })
    });

    named.collect::<Result<_, _>>().with_context(cannot_read)
}

#[cfg(test)]
mod tests;
