//! Walks a folder: no link is followed, `.git` is not entered.

use std::path::Path;

use super::{File, Tree};
use crate::compare::Error;

pub(super) fn read(path: &Path) -> Result<Tree, Error> {
    let shown = path.display().to_string();
    let root = path.canonicalize().map_err(|source| Error::Unreadable { path: shown.clone(), source })?;
    if !root.is_dir() {
        return Err(Error::NotAFolder(shown));
    }
    let name = root.file_name().map_or(shown, |name| name.to_string_lossy().into_owned());
    let mut tree = Tree { name, ..Tree::default() };
    let mut pending = vec![root.clone()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && entry.file_name() != ".git" {
                pending.push(entry.path());
            } else if kind.is_file()
                && let Ok(text) = std::fs::read_to_string(entry.path())
                && let Ok(relative) = entry.path().strip_prefix(&root)
            {
                tree.read.files += 1;
                tree.read.bytes += text.len() as u64;
                tree.files.push(File { path: relative.to_string_lossy().into_owned(), text });
            }
        }
    }
    tree.files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(tree)
}
