//! The files of a submission, listed and read within bounds: no link is followed, nothing is
//! executed, an archive is never opened.

mod folder;
mod repository;
mod role;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) use repository::{Commit, History};
pub(super) use role::{Language, Role};

use super::{Error, Options, Skipped};

/// Greatest size of a file that is read, in bytes.
pub(super) const FILE_LIMIT: u64 = 4 << 20;
/// Greatest number of bytes read of one submission.
const TOTAL_LIMIT: u64 = 512 << 20;
/// Greatest number of entries listed in one submission.
const ENTRY_LIMIT: usize = 150_000;
/// Greatest number of lines of the report about what was skipped.
const SKIPPED_LIMIT: usize = 100;

/// A file that may be read.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Path from the root, with `/`, control characters escaped.
    pub(super) path: String,
    pub(super) size: u64,
    pub(super) role: Role,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Disk(PathBuf),
    Object(String),
}

/// What a submission holds.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) name: String,
    pub(super) commit: Option<String>,
    /// Files to read, by path.
    pub(super) entries: Vec<Entry>,
    /// Every path of the tree, read or not, folders included, by path.
    pub(super) paths: Vec<String>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) history: Option<History>,
    objects: Option<repository::Objects>,
    skipped_beyond: usize,
    /// Folders of test data, with how many files of them were set aside.
    aside: BTreeMap<String, usize>,
}

/// Lists the folder, or one commit of it.
pub(super) fn list(path: &Path, options: &Options) -> Result<Tree, Error> {
    let shown = path.display().to_string();
    let root = path.canonicalize().map_err(|source| Error::Unreadable {
        path: shown.clone(),
        source,
    })?;
    if !root.is_dir() {
        return Err(Error::NotAFolder(shown));
    }

    let mut tree = Tree {
        name: name_of(&root, shown),
        ..Tree::default()
    };
    let bare = root.join("objects").is_dir() && root.join("HEAD").is_file();
    match repository::open(&root, bare) {
        Ok(Some(objects)) => tree.open(objects, options.commit.as_deref(), bare, path)?,
        Ok(None) if options.commit.is_some() => {
            return Err(Error::Git {
                path: path.display().to_string(),
                reason: "n'est pas un dépôt git".to_owned(),
            });
        }
        Ok(None) => {}
        Err(reason) if bare || options.commit.is_some() => {
            return Err(Error::Git {
                path: path.display().to_string(),
                reason,
            });
        }
        Err(reason) => tree.skip(".git".to_owned(), reason),
    }

    if tree.objects.is_none() || (!bare && options.commit.is_none()) {
        folder::list(&root, &mut tree);
    }

    tree.finish();
    Ok(tree)
}

fn name_of(root: &Path, shown: String) -> String {
    let name = root
        .file_name()
        .map_or(shown, |name| name.to_string_lossy().into_owned());
    printable(
        name.strip_suffix(".git")
            .filter(|name| !name.is_empty())
            .unwrap_or(&name),
    )
}

/// A name that cannot act on a terminal or a page.
pub(super) fn printable(name: &str) -> String {
    if name.chars().any(char::is_control) {
        name.escape_debug().to_string()
    } else {
        name.to_owned()
    }
}

impl Tree {
    fn open(
        &mut self,
        objects: repository::Objects,
        revision: Option<&str>,
        bare: bool,
        path: &Path,
    ) -> Result<(), Error> {
        let failed = |reason| Error::Git {
            path: path.display().to_string(),
            reason,
        };

        match objects.resolve(revision) {
            Ok(commit) => {
                match objects.history(&commit) {
                    Ok(history) => self.history = Some(history),
                    Err(reason) => self.skip(".git".to_owned(), reason),
                }
                if bare || revision.is_some() {
                    objects.list(&commit, self).map_err(failed)?;
                }
                self.commit = Some(commit);
            }
            Err(_) if objects.is_unborn() && revision.is_none() => {}
            Err(reason) if bare || revision.is_some() => return Err(failed(reason)),
            Err(reason) => self.skip(".git".to_owned(), reason),
        }

        self.objects = Some(objects);
        Ok(())
    }

    /// Adds a file, unless its size or its kind keeps it from being read.
    fn add(&mut self, path: String, size: u64, place: Place) {
        let role = Role::of(&path);
        self.paths.push(path.clone());
        if role == Role::Binary || role == Role::Vendored {
            return;
        }
        if let Some(folder) = role::fixtures(&path).filter(|_| role == Role::Fixture) {
            *self.aside.entry(folder.to_owned()).or_default() += 1;
            return;
        }
        if size > FILE_LIMIT {
            self.skip(
                path,
                format!(
                    "{} Mio, plus que les {} lus par fichier",
                    size >> 20,
                    FILE_LIMIT >> 20
                ),
            );
        } else {
            self.entries.push(Entry {
                path,
                size,
                role,
                place,
            });
        }
    }

    pub(super) fn skip(&mut self, path: String, reason: String) {
        if self.skipped.len() < SKIPPED_LIMIT {
            self.skipped.push(Skipped { path, reason });
        } else {
            self.skipped_beyond += 1;
        }
    }

    fn is_full(&self) -> bool {
        self.paths.len() >= ENTRY_LIMIT
    }

    fn finish(&mut self) {
        for (folder, count) in std::mem::take(&mut self.aside) {
            let files = if count > 1 {
                format!("{count} fichiers")
            } else {
                "1 fichier".to_owned()
            };
            self.skip(
                folder,
                format!("données d'essai mises de côté ({files}) : ni preuve, ni question"),
            );
        }
        self.leave_environments();
        self.entries
            .sort_by(|left, right| left.path.cmp(&right.path));
        self.paths.sort();
        let mut total = 0;
        let mut beyond = 0_usize;
        self.entries.retain(|entry| {
            total += entry.size;
            beyond += usize::from(total > TOTAL_LIMIT);
            total <= TOTAL_LIMIT
        });
        if beyond > 0 {
            self.skip(
                String::new(),
                format!(
                    "{beyond} fichiers au-delà de {} Mio de texte",
                    TOTAL_LIMIT >> 20
                ),
            );
        }
        if self.is_full() {
            self.skip(
                String::new(),
                format!("plus de {ENTRY_LIMIT} fichiers : les suivants ne sont pas parcourus"),
            );
        }
    }

    /// Leaves out the environments that a tool made, whatever their name: a folder of files, and
    /// git, list them alike.
    fn leave_environments(&mut self) {
        let made: Vec<String> = self
            .paths
            .iter()
            .filter_map(|path| path.strip_suffix("pyvenv.cfg"))
            .map(str::to_owned)
            .collect();
        let is_made = |path: &str| {
            made.iter()
                .any(|folder| folder.ends_with('/') && path.starts_with(folder.as_str()))
        };
        self.entries.retain(|entry| !is_made(&entry.path));
    }

    /// Closes the list of what was skipped, once everything was read.
    pub(super) fn skipped(&mut self) -> Vec<Skipped> {
        let mut skipped = std::mem::take(&mut self.skipped);
        skipped.sort();
        if self.skipped_beyond > 0 {
            let reason = format!("et {} autres", self.skipped_beyond);
            skipped.push(Skipped {
                path: String::new(),
                reason,
            });
        }
        skipped
    }

    /// Something that reads the entries, one for each thread.
    pub(super) fn reader(&self) -> Result<Reader, String> {
        Ok(Reader {
            batch: self
                .objects
                .as_ref()
                .map(repository::Objects::batch)
                .transpose()?,
        })
    }
}

/// Reads entries one after the other.
pub(super) struct Reader {
    batch: Option<repository::Batch>,
}

impl Reader {
    /// The first bytes of an entry, up to a limit, or why it cannot be read, in French.
    pub(super) fn read(&mut self, entry: &Entry, limit: u64) -> Result<Vec<u8>, String> {
        match (&entry.place, &mut self.batch) {
            (Place::Disk(path), _) => folder::read(path, entry.size, limit),
            (Place::Object(id), Some(batch)) => batch.read(id),
            (Place::Object(_), None) => Err("objet git sans dépôt".to_owned()),
        }
    }
}
