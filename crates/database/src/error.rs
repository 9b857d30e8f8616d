use filrouge_types::{Hour, StationId};
use sqlx::migrate::MigrateError;

/// The result of this crate's functions.
pub type Result<T, E = DatabaseError> = std::result::Result<T, E>;

/// A failure of the database, or its refusal.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address is neither SQLite's nor PostgreSQL's. It is not shown: it may hold a password.
    #[error("the database address must begin with sqlite:, postgres: or postgresql:")]
    UnknownEngine,
    /// The file cannot be opened or is not a SQLite database.
    #[error("the database {path} cannot be opened: {source}")]
    Open {
        /// The file.
        path: String,
        /// The engine's reason.
        source: sqlx::Error,
    },
    /// The schema could not be created or changed.
    #[error("the schema cannot be migrated: {0}")]
    Migration(#[from] MigrateError),
    /// A statement failed.
    #[error("the database refused a statement: {0}")]
    Statement(#[from] sqlx::Error),
    /// The rows of an import came back to a day that was over.
    #[error("rows must come in order of hours: {hour} came after {after}")]
    OutOfOrder {
        /// The hour that came too late.
        hour: Hour,
        /// The latest hour seen before it.
        after: Hour,
    },
    /// A record names a station that is not in the database.
    #[error("station `{0}` does not exist")]
    UnknownStation(StationId),
    /// Nobody of whom data are held has this number. The number itself is not shown.
    #[error("no data are held under this subscriber number")]
    UnknownPerson,
    /// The register has no processing of this name.
    #[error("the register has no processing `{0}`")]
    UnknownProcessing(String),
    /// The processing does not rest on consent: there is nothing to agree to.
    #[error("the processing `{0}` does not rest on consent")]
    NotByConsent(String),
    /// An age band may be held with the person's consent only.
    #[error("an age band is held with the person's consent only")]
    AgeWithoutConsent,
    /// The keys given are not those that the database's pseudonyms were made with.
    #[error("these are not the keys that the pseudonyms of this database were made with")]
    WrongPseudonymKeys,
    /// The signed ends of the audit log cannot be read or written.
    #[error("the signed ends of the audit log cannot be used: {0}")]
    AuditSeal(#[from] std::io::Error),
    /// A value that was stored cannot be read back: the file was changed by other hands.
    #[error("the stored {column} is not valid: {cause}")]
    Corrupt {
        /// The column.
        column: &'static str,
        /// The fault.
        cause: String,
    },
}

/// Codes of a statement that was ended, SQLite's `SQLITE_INTERRUPT` and PostgreSQL's
/// `query_canceled`, and of one that another writer kept waiting, SQLite's `SQLITE_BUSY`.
const BUSY: [&str; 3] = ["9", "57014", "5"];

impl DatabaseError {
    /// True when the database is only busy: the same request may succeed a moment later. A
    /// statement that was ended because it took too long is one.
    pub fn is_overload(&self) -> bool {
        let Self::Statement(error) = self else {
            return false;
        };
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code);
        matches!(error, sqlx::Error::PoolTimedOut)
            || code.is_some_and(|code| BUSY.contains(&&*code))
    }

    /// True when the file itself is damaged, or is no database: SQLite's `SQLITE_CORRUPT` and
    /// `SQLITE_NOTADB`.
    pub fn is_damage(&self) -> bool {
        let error = match self {
            Self::Statement(error)
            | Self::Open { source: error, .. }
            | Self::Migration(
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _),
            ) => error,
            _ => return false,
        };

        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code);
        // The lower byte of an extended code, such as 267, is the code itself.
        let code = code.and_then(|code| code.parse::<u32>().ok());
        code.is_some_and(|code| matches!(code & 0xff, 11 | 26))
    }

    /// For a stored value that cannot be read back.
    pub(crate) fn corrupt(column: &'static str, cause: impl ToString) -> Self {
        Self::Corrupt {
            column,
            cause: cause.to_string(),
        }
    }
}
