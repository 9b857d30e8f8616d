//! Refreshes while the case is up: availability every minute, the whole chain every hour.

use anyhow::Result;
use chrono::{DateTime, Utc};
use filrouge_collect::Profile;
use filrouge_database::{Database, StationStatus};
use filrouge_types::{Clock, Hour, SystemClock};

use super::case::Case;
use super::chain;
use crate::commands::collect;
use crate::loop_metrics::Task;
use crate::state;

/// Refreshes until it is dropped. A failure is logged and tried again at the next turn: the data of
/// before stay.
pub(super) async fn up_to_date(case: Case<'_>, database: &Database, stale: bool) {
    let mut cleaned = (!stale).then(|| turn(SystemClock.now()));

    loop {
        let status = refresh_status(case, database);
        if let Err(error) = case.measures.run(Task::Availability, status).await {
            tracing::warn!(
                error = format!("{error:#}"),
                "availability was not refreshed"
            );
        }

        let now = turn(SystemClock.now());
        // Compared, not counted: a machine that slept refreshes when it wakes.
        if cleaned != Some(now) {
            match refresh_data(case, database).await {
                Ok(()) => cleaned = Some(now),
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "data were not refreshed")
                }
            }
        }

        tokio::time::sleep(Task::Availability.period()).await;
    }
}

/// The turn of the chain that an instant is in: each hour has its own.
fn turn(now: DateTime<Utc>) -> Hour {
    Hour::containing(now)
}

async fn refresh_data(case: Case<'_>, database: &Database) -> Result<()> {
    let _writing = state::lock_writing(case.state, "filrouge up").await?;
    let measures = case.measures;

    let collected = chain::collect_and_clean(case);
    measures.run(Task::Collection, collected).await?;

    let imported = chain::import(case, database);
    measures.run(Task::Import, imported).await
}

async fn refresh_status(case: Case<'_>, database: &Database) -> Result<()> {
    let profile = Profile::rivemont(&collect::placeholders(case.global, case.state))?;
    let options = collect::options(case.state, case.global.seed, Vec::new());
    let collected = filrouge_collect::collect_status(&profile, &options).await?;
    let published = collected.len();
    let statuses: Vec<StationStatus> = collected.into_iter().filter_map(reported).collect();
    case.measures.show_statuses(statuses.len(), published);

    database
        .replace_station_status(&statuses, SystemClock.now())
        .await?;
    Ok(())
}

/// A status that says neither how many bikes nor when is none.
fn reported(status: filrouge_collect::StationStatus) -> Option<StationStatus> {
    Some(StationStatus {
        station_id: status.station_id,
        bikes_available: status.bikes_available?,
        docks_available: status.docks_available?,
        // GBFS requires it; a feed that forgets it closes no station.
        is_renting: status.is_renting.unwrap_or(true),
        reported_at: status.reported_at?,
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use filrouge_database::gdpr::register;

    use super::*;

    // Preuve: C4.10 ce que la chaîne trie d’elle-même, elle le trie à la fréquence du registre
    #[test]
    fn the_chain_sorts_personal_data_as_often_as_the_register_says() {
        let by_the_chain =
            |command: &str| ["filrouge import", "filrouge aggregate"].contains(&command);
        let procedures = register::embedded().procedures.iter();
        let every: Vec<u32> = procedures
            .filter(|one| by_the_chain(&one.command))
            .filter_map(|one| one.every_hours)
            .collect();
        assert_eq!(every.len(), 2);

        let start: DateTime<Utc> = "2026-03-01T08:00:00Z".parse().unwrap();
        for hours in every {
            let next = start + TimeDelta::hours(i64::from(hours));
            assert_eq!(turn(start), turn(next - TimeDelta::seconds(1)));
            assert_ne!(turn(start), turn(next));
        }
    }
}
