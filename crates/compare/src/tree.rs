//! The files of a submission, listed and read within bounds: no link is followed, nothing is
//! executed, an archive is never opened.

mod folder;
mod language;
mod listing;
mod repository;
mod role;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub(crate) use language::Language;
pub(crate) use listing::{Entry, FILE_LIMIT};
pub(crate) use repository::{Commit, History};
pub(crate) use role::Role;

use crate::model::Skipped;
use crate::options::{Error, Options};
use listing::{Listing, Location, printable};
use repository::{Batch, Objects};

/// The content of a submission.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) name: String,
    pub(crate) commit: Option<String>,
    pub(crate) listing: Listing,
    pub(crate) history: Option<History>,
    objects: Option<Objects>,
}

/// Lists the folder, or one commit of it.
pub(crate) fn list(path: &Path, options: &Options) -> Result<Tree, Error> {
    let shown = path.display().to_string();
    let root = root_of(path)?;
    let mut tree = Tree {
        name: name_of(&root, &shown),
        ..Tree::default()
    };
    let revision = options.commit.as_deref();
    let is_bare = root.join("objects").is_dir() && root.join("HEAD").is_file();

    // The files of a folder are read whatever its repository is worth; a commit needs it.
    let needs_git = is_bare || revision.is_some();
    match tree.open_repository(&root, revision, is_bare) {
        Err(reason) if needs_git => {
            return Err(Error::Git {
                path: shown,
                reason,
            });
        }
        Err(reason) => tree.listing.skip(".git".to_owned(), reason),
        Ok(()) => {}
    }

    // A repository without a commit to read leaves the folder to be read.
    if tree.objects.is_none() || !needs_git {
        folder::list(&root, &mut tree.listing);
    }
    tree.listing.finish();
    Ok(tree)
}

/// The folder itself, behind the links of its own path.
fn root_of(path: &Path) -> Result<PathBuf, Error> {
    let shown = || path.display().to_string();
    let root = path.canonicalize().map_err(|source| Error::Unreadable {
        path: shown(),
        source,
    })?;
    root.is_dir()
        .then_some(root)
        .ok_or_else(|| Error::NotAFolder(shown()))
}

fn name_of(root: &Path, shown: &str) -> String {
    let name = root.file_name().map_or_else(
        || shown.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    let short = name.strip_suffix(".git").filter(|name| !name.is_empty());
    printable(short.unwrap_or(&name))
}

impl Tree {
    fn open_repository(
        &mut self,
        root: &Path,
        revision: Option<&str>,
        is_bare: bool,
    ) -> Result<(), String> {
        match repository::open(root, is_bare)? {
            Some(objects) => self.open(objects, revision, is_bare || revision.is_some()),
            None if revision.is_some() => Err("n'est pas un dépôt git".to_owned()),
            None => Ok(()),
        }
    }

    /// Reads the history of a repository, and the files of the commit where there is no folder of
    /// them.
    fn open(
        &mut self,
        objects: Objects,
        revision: Option<&str>,
        lists_files: bool,
    ) -> Result<(), String> {
        let is_empty = objects.is_unborn() && revision.is_none();

        let opened = if is_empty {
            Ok(())
        } else {
            self.open_commit(&objects, revision, lists_files)
        };
        self.objects = Some(objects);
        opened
    }

    fn open_commit(
        &mut self,
        objects: &Objects,
        revision: Option<&str>,
        lists_files: bool,
    ) -> Result<(), String> {
        let commit = objects.resolve(revision)?;
        match objects.history(&commit) {
            Ok(history) => self.history = Some(history),
            Err(reason) => self.listing.skip(".git".to_owned(), reason),
        }

        if lists_files {
            objects.list(&commit, &mut self.listing)?;
        }
        self.commit = Some(commit);
        Ok(())
    }

    /// The parts left unread, once everything was read.
    pub(crate) fn skipped(&mut self) -> Vec<Skipped> {
        self.listing.take_skipped()
    }

    /// A reader of the entries, one for each thread.
    ///
    /// # Errors
    /// When git does not hand out the objects of a commit.
    pub(crate) fn reader(&self) -> Result<EntryReader, String> {
        let batch = self.objects.as_ref().map(Objects::batch).transpose()?;
        Ok(EntryReader { batch })
    }
}

/// Reads entries one after the other.
pub(crate) struct EntryReader {
    batch: Option<Batch>,
}

impl EntryReader {
    /// The first bytes of an entry, up to a limit.
    ///
    /// # Errors
    /// When it cannot be read, with the reason in French.
    pub(crate) fn read(&mut self, entry: &Entry, limit: u64) -> Result<Vec<u8>, String> {
        match (&entry.location, &mut self.batch) {
            (Location::Disk(path), _) => folder::read(path, entry.size, limit),
            (Location::Object(id), Some(batch)) => batch.read(id),
            (Location::Object(_), None) => Err("objet git sans dépôt".to_owned()),
        }
    }
}
