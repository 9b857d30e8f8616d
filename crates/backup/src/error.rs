use std::io;
use std::path::{Path, PathBuf};

/// The result of a backup or of its reading.
pub type Result<T, E = BackupError> = std::result::Result<T, E>;

/// A backup that could not be made, or is not given back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file could not be read or written.
    #[error("`{}` cannot be used", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file changed each time it was read.
    #[error("`{}` changes while it is read", .0.display())]
    Changing(PathBuf),
    /// The archive is not one that this program writes.
    #[error("it is no backup of this program: {0}")]
    Foreign(String),
    /// The archive was cut or altered.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// The archive would become more than its reading may cost.
    #[error("it passes a bound: {0}")]
    Unbounded(String),
}

impl BackupError {
    /// Ties the system's reason to the file, for `map_err`.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            path: path.to_owned(),
            source,
        }
    }
}
