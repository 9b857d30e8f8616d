//! Locks on files: each says who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use crate::folder::{folder_of, is_private, make_folder};

/// Text read at most of who holds a lock.
const LONGEST_HOLDER: u64 = 256;

/// A lock held by this process, until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct LockFile {
    _file: File,
}

impl LockFile {
    /// Takes the lock at `path` for `command`, which others will read; `Err` of its holder when it
    /// is taken.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn try_take(path: &Path, command: &str) -> io::Result<Result<Self, String>> {
        let mut file = open(path)?;

        match file.try_lock() {
            Ok(()) => {
                sign(&mut file, command)?;
                Ok(Ok(Self { _file: file }))
            }
            Err(TryLockError::WouldBlock) => Ok(Err(holder(&file))),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Takes the lock at `path`, once its holder has let go of it.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn wait(path: &Path, command: &str) -> io::Result<Self> {
        let mut file = open(path)?;
        file.lock()?;
        sign(&mut file, command)?;
        Ok(Self { _file: file })
    }
}

/// Not emptied at its opening: it names the one who has it.
fn open(path: &Path) -> io::Result<File> {
    let folder = folder_of(path);
    make_folder(folder)?;

    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    if is_private(folder) {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(path)
}

fn sign(file: &mut File, command: &str) -> io::Result<()> {
    // On a full disk the lock holds all the same, without a name.
    let signed = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{command} (processus {})", std::process::id()));

    match signed {
        Err(error) if error.kind() != io::ErrorKind::StorageFull => Err(error),
        _ => Ok(()),
    }
}

fn holder(file: &File) -> String {
    let mut text = String::new();
    let read = file.take(LONGEST_HOLDER).read_to_string(&mut text);

    match read {
        Ok(length) if length > 0 => text,
        _ => "un autre programme".to_owned(),
    }
}
