//! The state of the retention rules: rows and files that are due, the last purge.

use chrono::{DateTime, Utc};
use filrouge_database::gdpr::{Due, register};
use filrouge_database::{Database, DatabaseError};
use filrouge_storage::StateFolder;

use crate::files::{self, OverdueFile};
use crate::{Result, verify_audit_log};

/// The state of the retention rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Instant of the last purge, UTC.
    pub last_purge_at: Option<DateTime<Utc>>,
    /// Hours from an automatic purge to the next.
    pub every_hours: u32,
    /// True when the audit log is whole.
    pub audit_log_is_whole: bool,
    /// Each rule, and the rows that the next purge removes.
    pub due: Vec<Due>,
}

/// Rows and files whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueForRemoval {
    /// Rows, rule by rule.
    pub rows: Vec<Due>,
    /// Files, each with the end of its retention.
    pub files: Vec<OverdueFile>,
}

/// Reads the state of the retention rules at `now`.
///
/// # Errors
/// When the database does not answer.
pub async fn read_retention(
    database: &Database,
    now: DateTime<Utc>,
) -> Result<Retention, DatabaseError> {
    let verdict = verify_audit_log(database).await?;

    Ok(Retention {
        last_purge_at: database.last_action("purge").await?,
        every_hours: register::embedded().purge.every_hours,
        audit_log_is_whole: verdict.is_whole(),
        due: database.due(now).await?,
    })
}

/// Finds the rows and files that a purge at `now` would remove, and removes nothing.
///
/// # Errors
/// When the database does not answer or a folder cannot be read.
pub async fn due_for_removal(
    state: &StateFolder,
    database: &Database,
    now: DateTime<Utc>,
) -> Result<DueForRemoval> {
    Ok(DueForRemoval {
        rows: database.due(now).await?,
        files: files::overdue(state, now)?,
    })
}
