//! The log of who read or changed personal data (article 5.2: accountability).

use std::fs;
use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use filrouge_database::gdpr::{AuditEntry, AuditPosition, AuditSeal, AuditVerdict, EndsStore};
use filrouge_database::{Database, DatabaseError};
use filrouge_storage::{StateFolder, write_private};

use crate::{PersonalDataError, keys};

/// Rows of the log after `after`, the oldest first, at most `limit`. Reading it adds a row to it,
/// in the name of `actor`.
///
/// # Errors
/// When the database does not answer.
pub async fn read_audit_log(
    database: &Database,
    actor: &str,
    now: DateTime<Utc>,
    after: Option<AuditPosition>,
    limit: u32,
) -> Result<Vec<AuditEntry>, DatabaseError> {
    database.record_access(actor, "read-audit-log", now).await?;
    database.audit_log(after, limit).await
}

/// The seal of the audit log of a state, whose key is drawn the first time.
///
/// # Errors
/// When the key cannot be read or drawn.
pub fn audit_seal(state: &StateFolder) -> Result<AuditSeal, PersonalDataError> {
    let key = keys::audit_key(state)?;
    Ok(AuditSeal::new(&key, EndsFile(state.audit_ends())))
}

/// The file of the signed ends.
struct EndsFile(PathBuf);

impl EndsStore for EndsFile {
    fn read(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            // A text that is none was not signed by us.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Some(String::new())),
            read => read.map(Some),
        }
    }

    fn write(&self, text: &str) -> io::Result<()> {
        write_private(&self.0, text.as_bytes())
    }
}

/// Follows the log from its oldest row to its newest, and compares its ends with those that were
/// signed.
///
/// # Errors
/// When the database does not answer.
pub async fn verify_audit_log(database: &Database) -> Result<AuditVerdict, DatabaseError> {
    database.verify_audit_log().await
}
