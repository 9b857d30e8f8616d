//! The files of a state exchanged for those of a backup. The state's own folder stays: it may be the
//! root of a disk.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use filrouge_storage::{StateFolder, move_into_place, write_private};
use filrouge_types::Clock;

/// Moves the files of the state to a folder of `replaced/`, then those of `staged` to their places.
pub(super) fn files(state: &StateFolder, staged: &Path, clock: impl Clock) -> Result<()> {
    let aside = replaced(state).join(clock.now().format("%Y%m%dT%H%M%S%.3fZ").to_string());

    for name in entries(state.root())? {
        if !stays(&name) {
            let (from, to) = (state.root().join(&name), aside.join(&name));
            move_into_place(&from, &to).with_context(|| format!("`{name}` ne peut être gardé"))?;
        }
    }
    for name in entries(staged)? {
        let (from, to) = (staged.join(&name), state.root().join(&name));
        move_into_place(&from, &to).with_context(|| format!("`{name}` ne peut être rendu"))?;
    }
    Ok(())
}

/// Puts back the keys of the pseudonyms that were in the state, when they go on from those of the
/// backup: erasures of after a rotation are hashed with them.
pub(super) fn keys(state: &StateFolder, present: Option<&str>) -> Result<()> {
    let path = state.pseudonym_keys();
    let restored = fs::read_to_string(&path).unwrap_or_default();

    if let Some(present) = present.filter(|present| present.starts_with(&restored)) {
        write_private(&path, present.as_bytes())?;
    }
    Ok(())
}

/// Removes the files that this restoration, or one that was stopped, replaced: they would keep people
/// whom nobody would find to forget.
pub(super) fn forget_replaced(state: &StateFolder) -> Result<()> {
    let replaced = replaced(state);
    if replaced.exists() {
        fs::remove_dir_all(&replaced)
            .with_context(|| format!("`{}` ne peut être supprimé", replaced.display()))?;
    }
    Ok(())
}

/// The files that a restoration under way replaces.
fn replaced(state: &StateFolder) -> PathBuf {
    state.root().join("replaced")
}

/// Locks are held, the mark tells of a restoration under way, and a state replaced earlier is
/// nobody's.
fn stays(name: &str) -> bool {
    name.starts_with('.')
        || name == "lock"
        || name.ends_with(".lock")
        || name == "restore.unfinished"
        || name == "replaced"
}

fn entries(folder: &Path) -> Result<Vec<String>> {
    let listed = fs::read_dir(folder).and_then(|entries| {
        entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    });
    listed.with_context(|| format!("`{}` est illisible", folder.display()))
}
