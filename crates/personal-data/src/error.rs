use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use filrouge_database::DatabaseError;
use filrouge_database::gdpr::PseudonymKeyError;
use filrouge_storage::StateError;

/// The result of a use case.
pub type Result<T, E = PersonalDataError> = std::result::Result<T, E>;

/// A use case that could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum PersonalDataError {
    /// The database refused: nobody has this number, the processing is unknown, it does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The state could not be locked.
    #[error(transparent)]
    State(#[from] StateError),
    /// A file of the state could not be used.
    #[error("`{}` cannot be {fault}", path.display())]
    File {
        /// The action that failed.
        fault: FileFault,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file of the pseudonyms' keys holds something else.
    #[error("`{}` holds no pseudonym keys", path.display())]
    PseudonymKeys {
        /// The file.
        path: PathBuf,
        /// The line at fault.
        source: PseudonymKeyError,
    },
    /// The file of the audit log's key holds something else.
    #[error("`{}` holds no audit key", path.display())]
    AuditKey {
        /// The file.
        path: PathBuf,
    },
    /// The file of the receipts' key holds something else.
    #[error("`{}` holds no receipt key", path.display())]
    ReceiptKey {
        /// The file.
        path: PathBuf,
        /// The fault.
        source: ReceiptKeyError,
    },
    /// The system has no randomness to give.
    #[error("the system has no randomness to give")]
    Randomness,
    /// A file that should be a receipt is not.
    #[error("`{}` is not a receipt", path.display())]
    NotAReceipt {
        /// The file.
        path: PathBuf,
        /// The fault.
        source: serde_json::Error,
    },
    /// A document could not be written as JSON.
    #[error("the document cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// A key that could not be made or read.
#[derive(Debug, thiserror::Error)]
#[error("the receipt key is not an Ed25519 private key in PKCS #8")]
pub struct ReceiptKeyError;

/// An action on a file that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFault {
    /// Reading it.
    Read,
    /// Writing it.
    Write,
    /// Removing it.
    Remove,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Write => "written",
            Self::Remove => "removed",
        })
    }
}

impl FileFault {
    /// Ties the system's reason to the file, for `map_err`.
    pub(crate) fn of(self, path: &Path) -> impl FnOnce(io::Error) -> PersonalDataError {
        move |source| PersonalDataError::File {
            fault: self,
            path: path.to_owned(),
            source,
        }
    }
}
