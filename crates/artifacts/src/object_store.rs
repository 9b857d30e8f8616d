//! Files kept under the hash of their content: two of the same name have the same bytes, on every
//! machine and in ten years.

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use filrouge_bounded::hash_file;
use filrouge_storage::AtomicFile;

/// A folder of objects: `sha256/ab/cdef…` is the file whose SHA-256 begins with `ab`.
#[derive(Debug, Clone)]
pub struct ObjectStore {
    root: PathBuf,
}

/// The SHA-256 of an object: 64 hexadecimal digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectHash(String);

/// An object that cannot be kept or given back.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A text that is no SHA-256.
    #[error("`{0}` is not a SHA-256: 64 hexadecimal digits")]
    NotAHash(String),
    /// The store has no such object.
    #[error("the store `{}` has no object {hash}", root.display())]
    Missing {
        /// The store.
        root: PathBuf,
        /// The object.
        hash: ObjectHash,
    },
    /// The file that bears this hash has another content.
    #[error("`{}` is damaged: its content has SHA-256 {found}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The hash of its content.
        found: String,
    },
    /// A file cannot be read or written.
    #[error("`{}`: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

impl ObjectStore {
    /// The store in `root`, which the first object makes.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Keeps the content of `file`, unless it is kept already; gives its hash and its bytes.
    ///
    /// # Errors
    /// [`StoreError::File`]; the store is then as before.
    pub fn put(&self, file: &Path) -> Result<(ObjectHash, u64), StoreError> {
        let (bytes, hash) = hash_file(file).map_err(|source| failed(file, source))?;
        let hash = ObjectHash(hash);
        let path = self.path(&hash);

        if self.check(&hash).is_err() {
            copy(file, &path).map_err(|source| failed(&path, source))?;
            // The file may have changed after it was hashed.
            self.check(&hash)
                .inspect_err(|_| drop(fs::remove_file(&path)))?;
        }
        Ok((hash, bytes))
    }

    /// Writes an object to `file`, once its content is checked.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Damaged`], or a file that cannot be written; the one
    /// that was there is then untouched.
    pub fn get(&self, hash: &ObjectHash, file: &Path) -> Result<(), StoreError> {
        self.check(hash)?;
        copy(&self.path(hash), file).map_err(|source| failed(file, source))
    }

    /// Reads an object again and compares it with its name.
    ///
    /// # Errors
    /// [`StoreError::Missing`] or [`StoreError::Damaged`].
    pub fn check(&self, hash: &ObjectHash) -> Result<(), StoreError> {
        let path = self.path(hash);

        match hash_file(&path) {
            Ok((_, found)) if found == hash.0 => Ok(()),
            Ok((_, found)) => Err(StoreError::Damaged { path, found }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::Missing {
                root: self.root.clone(),
                hash: hash.clone(),
            }),
            Err(source) => Err(failed(&path, source)),
        }
    }

    /// The objects there are, by hash; a store that is not there has none.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn objects(&self) -> Result<Vec<ObjectHash>, StoreError> {
        let mut objects = Vec::new();

        for start in names(&self.root.join("sha256"))? {
            for rest in names(&self.root.join("sha256").join(&start))? {
                // A file under way has another name.
                objects.extend(format!("{start}{rest}").parse::<ObjectHash>());
            }
        }

        objects.sort();
        Ok(objects)
    }

    fn path(&self, hash: &ObjectHash) -> PathBuf {
        let (start, rest) = hash.0.split_at(2);
        self.root.join("sha256").join(start).join(rest)
    }
}

impl FromStr for ObjectHash {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(is_digit) {
            Ok(Self(text.to_owned()))
        } else {
            // The text may come from anywhere.
            Err(StoreError::NotAHash(text.chars().take(80).collect()))
        }
    }
}

impl fmt::Display for ObjectHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let file = AtomicFile::create(to)?;
    io::copy(&mut fs::File::open(from)?, &mut file.as_file())?;
    file.commit()
}

/// The names in a folder; none when it is not there.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(failed(folder, source)),
    };

    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()
        .map_err(|source| failed(folder, source))
}

fn failed(path: &Path, source: io::Error) -> StoreError {
    StoreError::File {
        path: path.to_owned(),
        source,
    }
}
