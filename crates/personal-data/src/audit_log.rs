//! The log of who read or changed personal data (article 5.2: accountability).

use chrono::{DateTime, Utc};
use filrouge_database::gdpr::{AuditEntry, AuditPosition, AuditVerdict};
use filrouge_database::{Database, DatabaseError};

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

/// Follows the hashes of the log from its oldest row to its newest.
///
/// # Errors
/// When the database does not answer.
pub async fn verify_audit_log(database: &Database) -> Result<AuditVerdict, DatabaseError> {
    database.verify_audit_log().await
}
