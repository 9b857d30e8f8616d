//! A run holds the last good files of every source: those of a source that failed, or that was not
//! asked for, come from the last run that had them.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use filrouge_storage::make_folder;

use crate::FileEntry;
use crate::folders::Run;
use crate::manifest::{Manifest, SourceEntry, SourceState};

/// Completes the run in `folder`: sets the files of failed sources aside, and takes over the last
/// good ones.
pub(super) fn complete(
    previous: Option<&(Manifest, Run)>,
    folder: &Path,
    entries: &mut Vec<SourceEntry>,
) -> Result<()> {
    for entry in entries
        .iter_mut()
        .filter(|entry| entry.state == SourceState::Failed)
    {
        set_aside(folder, entry)?;
    }
    if let Some((manifest, run)) = previous {
        for entry in entries.iter_mut() {
            match entry.state {
                SourceState::Failed => take_over(manifest, run, folder, entry)?,
                SourceState::Ok => share(manifest, run, folder, entry)?,
            }
        }

        for known in &manifest.sources {
            if entries.iter().all(|entry| entry.source != known.source) {
                let mut entry = SourceEntry {
                    files: Vec::new(),
                    ..known.clone()
                };
                take_over(manifest, run, folder, &mut entry)?;
                entries.push(entry);
            }
        }
    }
    entries.sort_by_key(|entry| entry.source);
    Ok(())
}

/// Moves the files of a failed source out of the way: kept for study, where nobody takes them for
/// complete.
fn set_aside(folder: &Path, entry: &mut SourceEntry) -> Result<()> {
    let name = entry.source.as_str();
    let received = folder.join(name);
    if !received.exists() {
        return Ok(());
    }
    let aside = folder.join("failed");
    let moved = make_folder(&aside).and_then(|()| fs::rename(&received, aside.join(name)));
    moved.with_context(|| format!("cannot move {} to {}", received.display(), aside.display()))?;
    for file in &mut entry.files {
        file.path.insert_str(0, "failed/");
    }
    Ok(())
}

/// Takes over the files that `manifest` lists for the source of `entry`, and says where they come
/// from.
fn take_over(manifest: &Manifest, run: &Run, folder: &Path, entry: &mut SourceEntry) -> Result<()> {
    let Some(known) = manifest.entry(entry.source) else {
        return Ok(());
    };
    let mut files = Vec::new();
    for file in &known.files {
        if file.path.starts_with("failed/") {
            continue;
        }
        let (from, to) = (run.folder.join(&file.path), folder.join(&file.path));
        if file.is_whole_at(&from) {
            link(&from, &to).with_context(|| format!("cannot take over {}", from.display()))?;
            files.push(file.clone());
        } else {
            tracing::error!(file = %from.display(), "a file of the run before is damaged");
            entry.notes.push(format!(
                "not taken over from {}: {} is damaged",
                run.run_id, file.path
            ));
        }
    }

    entry.files_from = (!files.is_empty()).then(|| {
        known
            .files_from
            .clone()
            .unwrap_or_else(|| run.run_id.clone())
    });

    // The files received before the failure stay listed, under `failed/`.
    entry.files.extend(files);
    Ok(())
}

/// Replaces by a second name each file that did not change since the run before: it takes no place
/// twice.
fn share(manifest: &Manifest, run: &Run, folder: &Path, entry: &SourceEntry) -> Result<()> {
    let known = manifest
        .entry(entry.source)
        .map(|known| known.files.as_slice())
        .unwrap_or_default();
    let same = |file: &&FileEntry| {
        known
            .iter()
            .any(|known| (&known.path, &known.sha256) == (&file.path, &file.sha256))
    };

    for file in entry.files.iter().filter(same) {
        let (from, to) = (run.folder.join(&file.path), folder.join(&file.path));
        if !file.is_whole_at(&from) {
            // The new file is the good one; it stays beside the damaged one.
            continue;
        }
        let linked = to.with_extension("shared");
        // A file system without second names keeps the two copies.
        if fs::hard_link(&from, &linked).is_ok() {
            fs::rename(&linked, &to).with_context(|| format!("cannot write {}", to.display()))?;
        }
    }

    Ok(())
}

/// The same content under a second name, or a copy where the file system has no second names. Files
/// of a run are never written again, so that sharing them is safe.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    make_folder(to.parent().unwrap_or(to))?;
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}
