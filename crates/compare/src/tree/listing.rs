//! The files of a tree while they are listed, within bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::role::{Role, fixtures};
use crate::limits::{NAME, PATH};
use crate::model::Skipped;
use crate::text::cut;

/// Greatest size of a file that is read, in bytes.
pub(crate) const FILE_LIMIT: u64 = 4 << 20;
/// Greatest number of bytes read of one submission.
const TOTAL_LIMIT: u64 = 512 << 20;
/// Greatest number of entries listed in one submission.
const ENTRY_LIMIT: usize = 150_000;
/// Greatest number of lines of the report about parts left unread.
const SKIPPED_LIMIT: usize = 100;

/// A file that may be read.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Path from the root, with `/`, control characters escaped.
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) role: Role,
    pub(super) location: Location,
}

/// The place where the content of a file is read.
#[derive(Debug, Clone)]
pub(super) enum Location {
    Disk(PathBuf),
    Object(String),
}

/// The files of a tree.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Files to read, by path.
    pub(crate) entries: Vec<Entry>,
    /// Every path of the tree, read or not, folders included, by path.
    pub(crate) paths: Vec<String>,
    pub(crate) skipped: Vec<Skipped>,
    skipped_beyond: usize,
    /// Folders of test data, with the number of their files that were set aside.
    aside: BTreeMap<String, usize>,
}

impl Listing {
    /// Adds a file, unless its size or its kind keeps it from being read.
    pub(super) fn add(&mut self, path: String, size: u64, location: Location) {
        if path.len() > PATH {
            self.skip(cut(&path, NAME).to_owned(), "chemin trop long".to_owned());
            return;
        }
        let role = Role::of(&path);
        self.paths.push(path.clone());

        match role {
            // They are many, and no evidence: the report does not list them.
            Role::Binary | Role::Vendored => {}
            Role::Fixture => {
                if let Some(folder) = fixtures(&path) {
                    *self.aside.entry(folder.to_owned()).or_default() += 1;
                }
            }
            // The limit is told with the size: a jury may ask for the file.
            _ if size > FILE_LIMIT => {
                let (size, limit) = (size >> 20, FILE_LIMIT >> 20);
                self.skip(
                    path,
                    format!("{size} Mio, plus que les {limit} lus par fichier"),
                );
            }
            _ => self.entries.push(Entry {
                path,
                size,
                role,
                location,
            }),
        }
    }

    /// Notes a part that is left unread.
    pub(super) fn skip(&mut self, path: String, reason: String) {
        if self.skipped.len() < SKIPPED_LIMIT {
            self.skipped.push(Skipped { path, reason });
        } else {
            self.skipped_beyond += 1;
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.paths.len() >= ENTRY_LIMIT
    }

    /// Sorts the files, and leaves out those beyond the bounds.
    pub(super) fn finish(&mut self) {
        self.tell_fixtures();
        self.leave_environments();
        self.entries
            .sort_by(|left, right| left.path.cmp(&right.path));
        self.paths.sort();
        self.keep_within_total();

        if self.is_full() {
            self.skip(
                String::new(),
                format!("plus de {ENTRY_LIMIT} fichiers : les suivants ne sont pas parcourus"),
            );
        }
    }

    fn tell_fixtures(&mut self) {
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
    }

    /// Leaves out the environments that a tool made, whatever their name: a folder of files, and
    /// git, list them alike.
    fn leave_environments(&mut self) {
        let made: BTreeSet<&str> = self
            .paths
            .iter()
            .filter_map(|path| path.strip_suffix("pyvenv.cfg"))
            .filter(|folder| folder.ends_with('/'))
            .collect();
        let is_made = |path: &str| {
            let mut folders = path.match_indices('/').map(|(at, _)| &path[..=at]);
            !made.is_empty() && folders.any(|folder| made.contains(folder))
        };
        self.entries.retain(|entry| !is_made(&entry.path));
    }

    fn keep_within_total(&mut self) {
        let (mut total, mut beyond) = (0, 0_usize);
        self.entries.retain(|entry| {
            // The entries are sorted: the same files are left out on every machine.
            total += entry.size;
            beyond += usize::from(total > TOTAL_LIMIT);
            total <= TOTAL_LIMIT
        });

        if beyond > 0 {
            let limit = TOTAL_LIMIT >> 20;
            self.skip(
                String::new(),
                format!("{beyond} fichiers au-delà de {limit} Mio de texte"),
            );
        }
    }

    /// Closes the list of the parts left unread, once everything was read.
    pub(crate) fn take_skipped(&mut self) -> Vec<Skipped> {
        let mut skipped = std::mem::take(&mut self.skipped);
        skipped.sort();

        if self.skipped_beyond > 0 {
            skipped.push(Skipped {
                path: String::new(),
                reason: format!("et {} autres", self.skipped_beyond),
            });
        }
        skipped
    }
}

/// A name that cannot act on a terminal or a page.
pub(crate) fn printable(name: &str) -> String {
    if name.chars().any(char::is_control) {
        name.escape_debug().to_string()
    } else {
        name.to_owned()
    }
}
