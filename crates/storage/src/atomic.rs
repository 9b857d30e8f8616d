//! Files that are there whole or not at all.
//!
//! Write to a temporary file of the same folder, flush it, rename it, flush the folder: POSIX
//! promises that a rename is atomic, and only the flush of the folder makes it durable.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::folder::{folder_of, is_private, make_folder};

/// Size of the buffer in front of a file: one system call a mebibyte.
const BUFFER_BYTES: usize = 1 << 20;

/// A file under way: [`AtomicFile::commit`] gives it its name, dropping it leaves nothing.
#[derive(Debug)]
pub struct AtomicFile {
    temporary: NamedTempFile,
    path: PathBuf,
}

impl AtomicFile {
    /// Opens a temporary file beside `path`, whose folder is made when absent. It is as private as
    /// its folder.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn create(path: &Path) -> io::Result<Self> {
        let folder = folder_of(path);
        make_folder(folder)?;
        Self::with_mode(path, if is_private(folder) { 0o600 } else { 0o666 })
    }

    /// The same, readable by its owner only.
    pub(crate) fn create_private(path: &Path) -> io::Result<Self> {
        Self::with_mode(path, 0o600)
    }

    fn with_mode(path: &Path, mode: u32) -> io::Result<Self> {
        let folder = folder_of(path);
        make_folder(folder)?;

        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));

        Ok(Self {
            temporary: builder.tempfile_in(folder)?,
            path: path.to_owned(),
        })
    }

    /// The file to write to.
    pub fn as_file(&self) -> &File {
        self.temporary.as_file()
    }

    /// The temporary path, for a writer that opens its file itself.
    pub fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// Flushes the content, takes the name, flushes the folder.
    ///
    /// # Errors
    /// Those of the file system; the file that had the name is then untouched.
    pub fn commit(self) -> io::Result<()> {
        self.temporary.as_file().sync_all()?;
        self.temporary.persist(&self.path)?;
        sync_folder(folder_of(&self.path))
    }

    /// The same, unless a file of that name is there already: that one stays.
    pub(crate) fn commit_if_absent(self) -> io::Result<()> {
        self.temporary.as_file().sync_all()?;

        match self.temporary.persist_noclobber(&self.path) {
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(refused) => Err(refused.error),
            Ok(_) => sync_folder(folder_of(&self.path)),
        }
    }
}

/// Writes the file at `path` whole or not at all, through a buffer. Missing folders are made.
///
/// # Errors
/// Whatever `write` or the file system answers; the previous file is then untouched.
pub fn write_atomically<T, E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&File>) -> Result<T, E>,
) -> Result<T, E> {
    let file = AtomicFile::create(path)?;
    let mut buffer = BufWriter::with_capacity(BUFFER_BYTES, file.as_file());

    let value = write(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);

    file.commit()?;
    Ok(value)
}

/// Replaces the file at `path` by `content`, whole or not at all.
///
/// # Errors
/// Those of the file system; the previous file is then untouched.
pub fn replace_file(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    write_atomically(path, |file| file.write_all(content.as_ref()))
}

/// Gives a finished file or folder its name, in the same file system.
///
/// # Errors
/// Those of the file system.
pub fn move_into_place(from: &Path, to: &Path) -> io::Result<()> {
    make_folder(folder_of(to))?;
    fs::rename(from, to)?;
    sync_folder(folder_of(to))
}

/// Flushes the names of `folder` to the disk.
///
/// # Errors
/// Those of the file system.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows cannot open a folder as a file, and needs no such flush.
    if cfg!(windows) {
        return Ok(());
    }

    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests;
