//! The options of a reading, and the errors that end it.

/// The part of a submission to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The commit to read instead of the files of the folder: a hash, a branch or a tag.
    pub commit: Option<String>,
}

/// A reason for which a submission cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing stands at this path, or it cannot be opened.
    #[error("{path} : {source}")]
    Unreadable {
        /// The path as it was given.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The path is neither a folder nor a git repository.
    #[error("{0} : n'est pas un dossier")]
    NotAFolder(String),
    /// The repository has no such commit, or its objects cannot be read.
    #[error("{path} : {reason}")]
    Git {
        /// The path as it was given.
        path: String,
        /// Git's reason.
        reason: String,
    },
    /// The embedded referential, or the rules on it, are broken.
    #[error("référentiel illisible : {0}")]
    Referential(#[from] toml::de::Error),
}
