//! Walks a folder: no link is followed, `.git` and vendored folders are not entered.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{Place, Role, Tree, printable};

pub(super) fn list(root: &Path, tree: &mut Tree) {
    let mut pending = vec![(root.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = pending.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                tree.skip(prefix, format!("dossier illisible : {error}"));
                continue;
            }
        };
        for entry in entries.flatten() {
            if tree.is_full() {
                return;
            }
            let path = format!(
                "{prefix}{}",
                printable(&entry.file_name().to_string_lossy())
            );
            match entry.file_type() {
                Ok(kind) if kind.is_symlink() => tree.skip(path, "lien : jamais suivi".to_owned()),
                Ok(kind) if kind.is_dir() => {
                    let inside = format!("{path}/");
                    tree.paths.push(path);
                    if enters(&entry.path(), &inside) {
                        pending.push((entry.path(), inside));
                    }
                }
                Ok(kind) if kind.is_file() => match entry.metadata() {
                    Ok(metadata) => tree.add(path, metadata.len(), Place::Disk(entry.path())),
                    Err(error) => tree.skip(path, error.to_string()),
                },
                Ok(_) => tree.skip(path, "ni fichier, ni dossier".to_owned()),
                Err(error) => tree.skip(path, error.to_string()),
            }
        }
    }
}

/// Neither git's own folder, nor what a tool installed or built.
fn enters(folder: &Path, path: &str) -> bool {
    path != ".git/"
        && !path.ends_with("/.git/")
        && Role::of(path) != Role::Vendored
        && !["CACHEDIR.TAG", "pyvenv.cfg"]
            .iter()
            .any(|mark| folder.join(mark).is_file())
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
