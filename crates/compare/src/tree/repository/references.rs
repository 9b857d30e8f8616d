//! Branches and tags, read from their files.

use std::collections::BTreeMap;
use std::path::Path;

/// Greatest size of a file of references, in bytes.
const LIMIT: u64 = 8 << 20;
/// Greatest number of loose references that are read.
const COUNT: usize = 10_000;

/// The names of a repository and the commits they point to.
#[derive(Debug, Default)]
pub(super) struct References {
    /// Commit by full name, such as `refs/heads/main`.
    pub(super) by_name: BTreeMap<String, String>,
    /// The content of `HEAD`: a hash or `ref: …`.
    pub(super) head: String,
}

impl References {
    pub(super) fn read(folder: &Path) -> Self {
        let mut references = Self {
            head: text(&folder.join("HEAD")).trim().to_owned(),
            ..Self::default()
        };
        references.read_packed(&folder.join("packed-refs"));
        references.read_loose(folder);
        references
    }

    fn read_packed(&mut self, path: &Path) {
        for line in text(path).lines() {
            // Comments and peeled tags begin with a mark, which is no figure of a hash.
            if let Some((id, name)) = line.split_once(' ').filter(|(id, _)| is_hash(id)) {
                self.by_name.insert(name.to_owned(), id.to_owned());
            }
        }
    }

    /// References with a file of their own, which win over packed ones.
    fn read_loose(&mut self, folder: &Path) {
        let mut pending = vec!["refs".to_owned()];

        while let Some(name) = pending.pop() {
            let entries = std::fs::read_dir(folder.join(&name)).into_iter().flatten();
            for entry in entries.flatten() {
                let inside = format!("{name}/{}", entry.file_name().to_string_lossy());

                match entry.file_type() {
                    // A name of a branch has no such length: the folder is hostile.
                    Ok(kind) if kind.is_dir() && inside.len() < 400 => pending.push(inside),
                    Ok(kind) if kind.is_file() && self.by_name.len() < COUNT => {
                        let id = text(&entry.path()).trim().to_owned();
                        if is_hash(&id) {
                            self.by_name.insert(inside, id);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// The commit that `HEAD` stands on.
    pub(super) fn head(&self) -> Option<&str> {
        match self.head.strip_prefix("ref: ") {
            Some(name) => self.by_name.get(name).map(String::as_str),
            None => is_hash(&self.head).then_some(self.head.as_str()),
        }
    }

    /// The hash behind the name that a person types.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        [
            "",
            "refs/",
            "refs/heads/",
            "refs/tags/",
            "refs/remotes/",
            "refs/remotes/origin/",
        ]
        .iter()
        .find_map(|prefix| self.by_name.get(&format!("{prefix}{name}")))
        .map(String::as_str)
    }
}

/// The text of a small file; none of a large or missing one.
pub(super) fn text(path: &Path) -> String {
    let is_small = path
        .symlink_metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LIMIT);
    if !is_small {
        return String::new();
    }
    std::fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

pub(super) fn is_hash(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
