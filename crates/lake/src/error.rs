use std::path::PathBuf;

/// Trips that could not be read, kept or queried. Each message names the file.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A file is absent, cut short, or of another kind than its first bytes say.
    #[error("{path}: cannot be read: {reason}")]
    Unreadable {
        /// The file, with the entry of the archive when it is one.
        path: String,
        /// The reader's reason.
        reason: String,
    },
    /// A header without the columns that make a trip.
    #[error("{path}: not a table of trips: it lacks {missing} among the columns {found}")]
    UnknownColumns {
        /// The file.
        path: String,
        /// Its columns, as a list.
        found: String,
        /// The fields that no column gives, as a list.
        missing: String,
    },
    /// A file is already in the lake, read with another time zone.
    #[error(
        "{path}: already in the lake, read in the time zone {known}; start a new lake to read it in {wanted}"
    )]
    OtherTimeZone {
        /// The file.
        path: String,
        /// The zone of the first reading.
        known: String,
        /// The zone asked for now.
        wanted: String,
    },
    /// A part of the lake whose bytes are not those that were written.
    #[error("{0}: damaged: ingest its trip files again, they take its place")]
    Damaged(PathBuf),
    /// A lake without any trip.
    #[error("the lake {0} is empty: ingest trip files first")]
    Empty(PathBuf),
    /// A query that the engine refuses.
    #[error("{query}: {reason}")]
    Query {
        /// The file of the query, or `query`.
        query: String,
        /// The engine's reason.
        reason: String,
    },
    /// A file of the lake or a result could not be written.
    #[error("{path}: cannot be written: {reason}")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The file system's reason.
        reason: String,
    },
}

impl LakeError {
    pub(crate) fn unreadable(path: impl ToString, reason: impl ToString) -> Self {
        Self::Unreadable {
            path: path.to_string(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn unwritable(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
        Self::Unwritable {
            path: path.into(),
            reason: reason.to_string(),
        }
    }
}
