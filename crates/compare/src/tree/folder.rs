//! Walks a folder: no link is followed, `.git` and vendored folders are not entered.

use std::fs::{DirEntry, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::listing::{Listing, Location, printable};
use super::role::Role;
use crate::lexicon::FILES;

/// A folder still to be walked, and the path of its files from the root.
type Pending = Vec<(PathBuf, String)>;

pub(super) fn list(root: &Path, listing: &mut Listing) {
    let mut pending: Pending = vec![(root.to_path_buf(), String::new())];

    while let Some((folder, prefix)) = pending.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                listing.skip(prefix, format!("dossier illisible : {error}"));
                continue;
            }
        };

        // An entry that vanished since it was listed is none.
        for entry in entries.flatten() {
            if listing.is_full() {
                return;
            }
            let path = format!(
                "{prefix}{}",
                printable(&entry.file_name().to_string_lossy())
            );
            if let Err(reason) = add(&entry, path.clone(), listing, &mut pending) {
                listing.skip(path, reason);
            }
        }
    }
}

fn add(
    entry: &DirEntry,
    path: String,
    listing: &mut Listing,
    pending: &mut Pending,
) -> Result<(), String> {
    let kind = entry.file_type().map_err(|error| error.to_string())?;

    if kind.is_symlink() {
        return Err("lien : jamais suivi".to_owned());
    } else if kind.is_dir() {
        let inside = format!("{path}/");
        listing.paths.push(path);
        if enters(&entry.path(), &inside) {
            pending.push((entry.path(), inside));
        }
    } else if kind.is_file() {
        let metadata = entry.metadata().map_err(|error| error.to_string())?;
        listing.add(path, metadata.len(), Location::Disk(entry.path()));
    } else {
        return Err("ni fichier, ni dossier".to_owned());
    }
    Ok(())
}

/// Neither git's own folder, nor one that a tool installed or built.
fn enters(folder: &Path, path: &str) -> bool {
    let is_marked = || {
        let mut marks = FILES.folders.marks.iter();
        marks.any(|mark| folder.join(mark).is_file())
    };
    // A folder named `.git` inside another one is a repository of its own.
    path != ".git/" && !path.ends_with("/.git/") && Role::of(path) != Role::Vendored && !is_marked()
}

/// Reads no more than the limit, even when the file grew since it was listed.
pub(super) fn read(path: &Path, size: u64, limit: u64) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(limit)).unwrap_or(0) + 1);
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}
