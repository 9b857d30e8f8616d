use sqlx::migrate::MigrateError;

use crate::email::InvalidEmail;
use crate::password::PasswordFlaw;

/// The result of this crate's functions.
pub type Result<T, E = AccountsError> = std::result::Result<T, E>;

/// A refusal that a person can act on, or a failure.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The text is no e-mail address.
    #[error(transparent)]
    InvalidEmail(#[from] InvalidEmail),
    /// An account has this address already. Telling it to anybody tells who has an account.
    #[error("an account has this e-mail address already")]
    EmailTaken,
    /// The password does not follow the rules.
    #[error("the password is refused: {0}")]
    WeakPassword(PasswordFlaw),
    /// No enabled account has this address and this password; which of the two is not said.
    #[error("wrong e-mail address or password")]
    WrongCredentials,
    /// The password is right, and the account also asks for a code.
    #[error("the code of the second factor is needed")]
    CodeNeeded,
    /// The code is wrong, or was used already.
    #[error("the code of the second factor is wrong or was used already")]
    WrongCode,
    /// The link was used, or is too old.
    #[error("this link was used already, or is too old")]
    SpentLink,
    /// Nothing of this kind belongs to who asks.
    #[error("there is no such thing in this account")]
    NotFound,
    /// The address of the database is neither SQLite's nor PostgreSQL's. It may hold a password, and
    /// is not shown.
    #[error("the database address must begin with sqlite:, postgres: or postgresql:")]
    UnknownEngine,
    /// The schema could not be created or changed.
    #[error("the schema of the accounts cannot be migrated: {0}")]
    Migration(#[from] MigrateError),
    /// A statement failed.
    #[error("the database of the accounts refused a statement: {0}")]
    Statement(#[from] sqlx::Error),
    /// A value that was stored cannot be read back.
    #[error("the stored {0} is not valid")]
    Corrupt(&'static str),
    /// The system has no randomness to give.
    #[error("no randomness to draw a secret from")]
    Randomness,
    /// A password could not be hashed, or its hash read.
    #[error("a password could not be hashed or verified")]
    Hashing,
    /// The file of the key that encrypts those of second factors does not hold one.
    #[error("the key of the second factors cannot be used")]
    SealingKey,
    /// A message of the outbox, or the file of the accounts, could not be written.
    #[error("a private file cannot be written: {0}")]
    PrivateFile(#[from] std::io::Error),
}
