//! The git side of a submission, read through `git` in a repository of our own: the submission
//! lends its objects and nothing else. Its configuration, hooks, filters and attributes are never
//! read, so nothing of it can be run.

mod batch;
mod bounded;
mod history;
mod objects;
mod references;

use std::path::{Path, PathBuf};

pub(crate) use batch::Batch;
pub(crate) use history::{Commit, History};
pub(crate) use objects::Objects;

/// The repository at `root`, if there is one.
pub(super) fn open(root: &Path, bare: bool) -> Result<Option<Objects>, String> {
    let folder = if bare {
        root.to_path_buf()
    } else {
        root.join(".git")
    };
    let Ok(metadata) = folder.symlink_metadata() else {
        return Ok(None);
    };

    if !metadata.is_dir() {
        return Err(
            "le dépôt git est ailleurs : les liens hors de l'arbre ne sont pas suivis".to_owned(),
        );
    }

    let objects = plain_folder(&folder, "objects")?;
    // Borrowed objects are files of another tree, which nobody gave us to read.
    if objects.join("info/alternates").exists() {
        return Err("des objets git sont hors de l'arbre : l'historique n'est pas lu".to_owned());
    }
    if is_link(&objects.join("pack")) {
        return Err("dépôt git illisible : pack est un lien".to_owned());
    }
    Objects::borrow(&folder, &objects).map(Some)
}

fn plain_folder(parent: &Path, name: &str) -> Result<PathBuf, String> {
    let folder = parent.join(name);
    let metadata = folder
        .symlink_metadata()
        .map_err(|error| format!("dépôt git illisible : {error}"))?;
    if metadata.is_dir() {
        Ok(folder)
    } else {
        Err(format!("dépôt git illisible : {name} n'est pas un dossier"))
    }
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata()
        .is_ok_and(|metadata| metadata.is_symlink())
}
