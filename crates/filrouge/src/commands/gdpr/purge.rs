//! The register's retention, applied by hand or by the services.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;
use filrouge_database::gdpr::{Due, Purged, register};
use filrouge_database::{Database, Gdpr};
use filrouge_storage::StateFolder;
use filrouge_types::{Clock, SystemClock};

use super::files;
use crate::progress::table;

/// Who purges when nobody asked, in the audit log.
const SCHEDULE: &str = "purge automatique";
/// How often the services look whether a purge is due.
const LOOK: Duration = Duration::from_secs(600);

/// Removes what is past its time, or with `dry_run` only says so.
pub(super) async fn run(
    state: &StateFolder,
    database: &Database,
    gdpr: &Gdpr,
    dry_run: bool,
    clock: &dyn Clock,
) -> Result<String> {
    let overdue = files::overdue(state, clock.now())?;
    let rows: Vec<Vec<String>> = match dry_run {
        true => database
            .due(clock.now())
            .await?
            .iter()
            .map(|due| line(due, due.rows))
            .collect(),
        false => {
            let purged = apply(database, gdpr, &overdue).await?;
            purged
                .iter()
                .map(|purged| line(&purged.due, purged.removed))
                .collect()
        }
    };

    let done = if dry_run { "À effacer" } else { "Effacées" };
    let mut text = table(&["Traitement", "Table", "Règle", done], &rows);

    for (path, reason) in overdue {
        text += &format!("\n  `{}` : {reason}", path.display());
    }

    if dry_run {
        text += "\nSimulation : rien n'a été effacé.";
    }
    Ok(text)
}

/// Removes the rows and the files that are past their time, then the bytes that removed rows leave
/// in the database's files, be they those of a purge that was killed.
async fn apply(
    database: &Database,
    gdpr: &Gdpr,
    overdue: &[(PathBuf, String)],
) -> Result<Vec<Purged>> {
    let purged = gdpr.purge().await?;
    files::remove(overdue)?;
    if !database.leave_no_trace().await? {
        tracing::warn!("a reader still holds the old write-ahead log: the next purge empties it");
    }
    Ok(purged)
}

/// Purges at the register's frequency until it is dropped. A failure is logged and tried again.
pub(crate) async fn on_schedule(state: &StateFolder, database: &Database) {
    loop {
        if let Err(error) = when_due(state, database, &SystemClock).await {
            tracing::warn!(
                error = format!("{error:#}"),
                "the purge of personal data failed"
            );
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Purges when the last purge is older than the register lets it be; tells whether it did.
async fn when_due(state: &StateFolder, database: &Database, clock: &dyn Clock) -> Result<bool> {
    let every = TimeDelta::hours(i64::from(register::embedded().purge.every_hours));
    let last = database.last_action("purge").await?;
    if last.is_some_and(|last| clock.now() - last < every) {
        return Ok(false);
    }
    let gdpr = super::open(state, database, SCHEDULE, clock).await?;
    let purged = apply(database, &gdpr, &files::overdue(state, clock.now())?).await?;
    let rows: u64 = purged.iter().map(|one| one.removed).sum();
    tracing::info!(rows, "personal data past their retention were removed");
    Ok(true)
}

fn line(due: &Due, rows: u64) -> Vec<String> {
    let rule = format!(
        "{} jours après {} : avant le {}",
        due.days,
        due.instant,
        due.before.format("%Y-%m-%d")
    );
    vec![
        due.processing.clone(),
        due.table.clone(),
        rule,
        rows.to_string(),
    ]
}

#[cfg(test)]
mod tests;
