//! A file that a person writes in TOML.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// The reason why such a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("`{}` ne se lit pas", .path.display())]
    Unreadable {
        /// The file or the folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// It is not in the form expected.
    #[error("`{}` : {source}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, and the form expected there.
        source: Box<toml::de::Error>,
    },
}

/// The value that the file at `path` describes.
///
/// # Errors
/// When the file cannot be read or is not in this form.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    let text = std::fs::read_to_string(path).map_err(|source| unreadable(path, source))?;

    toml::from_str(&text).map_err(|source| FileError::Malformed {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

/// The error of a file or of a folder that the system does not give.
pub(crate) fn unreadable(path: &Path, source: std::io::Error) -> FileError {
    FileError::Unreadable {
        path: path.to_owned(),
        source,
    }
}
