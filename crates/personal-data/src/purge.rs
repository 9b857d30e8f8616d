//! The register's retention, applied by hand or by the services.

#[cfg(test)]
mod tests;

use std::time::Duration;

use chrono::TimeDelta;
use filrouge_database::Database;
use filrouge_database::gdpr::{Purged, register};
use filrouge_storage::{StateError, StateFolder};
use filrouge_types::Clock;

use crate::files::{self, OverdueFile};
use crate::{PersonalData, Result};

/// The actor of a purge that nobody asked for, in the audit log.
const SCHEDULE: &str = "purge automatique";
/// Time from a look at the last purge to the next: short beside the register's hours.
const CHECK_INTERVAL: Duration = Duration::from_secs(600);

/// The outcome of a purge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgeReport {
    /// Rows removed, rule by rule.
    pub rows: Vec<Purged>,
    /// Files removed.
    pub files: Vec<OverdueFile>,
}

impl PersonalData<'_> {
    /// Removes the rows and the files that are past their time, then the bytes that removed rows
    /// leave in the database's files, be they those of a purge that was killed.
    ///
    /// # Errors
    /// When the database does not answer or a file cannot be removed: the removed rows stay
    /// removed.
    pub async fn purge(&self) -> Result<PurgeReport> {
        let overdue = files::overdue(self.state, self.now)?;

        // Rows first: their retention is the register's; files are looked at again every day.
        let rows = self.records.purge().await?;
        files::remove(&overdue)?;

        if !self.database.leave_no_trace().await? {
            tracing::warn!(
                "a reader still holds the old write-ahead log: the next purge empties it"
            );
        }

        Ok(PurgeReport {
            rows,
            files: overdue,
        })
    }
}

/// Purges at the register's frequency until it is dropped. A failure is logged and tried again.
pub async fn purge_on_schedule(state: &StateFolder, database: &Database, clock: &dyn Clock) {
    loop {
        database.catch_up_audit_signature().await;
        if let Err(error) = purge_when_due(state, database, clock).await {
            tracing::warn!(%error, "the purge of personal data failed");
        }
        tokio::time::sleep(CHECK_INTERVAL).await;
    }
}

/// Purges when the last purge is older than the register lets it be; tells whether it did.
async fn purge_when_due(
    state: &StateFolder,
    database: &Database,
    clock: &dyn Clock,
) -> Result<bool> {
    let now = clock.now();
    let every = TimeDelta::hours(i64::from(register::embedded().purge.every_hours));

    let last = database.last_action("purge").await?;
    // A purge that is to come was made by a clock that was ahead: it says nothing of the last one.
    if last.is_some_and(|last| last <= now && now - last < every) {
        return Ok(false);
    }

    let _writing = match state.lock_writing(SCHEDULE) {
        // Another writer is at work: the purge is still due at the next look.
        Err(StateError::InUse { .. }) => return Ok(false),
        taken => taken?,
    };
    let personal_data = PersonalData::open(state, database, SCHEDULE, now).await?;
    let report = personal_data.purge().await?;

    let rows: u64 = report.rows.iter().map(|purged| purged.removed).sum();
    tracing::info!(rows, "personal data past their retention were removed");
    Ok(true)
}
