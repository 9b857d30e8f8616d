use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::Result;
use crate::engine::{Database, Transaction, on_engine};

/// What a revision counts the changes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Stations and their status.
    Stations,
    /// Station-hours of the past.
    StationHours,
    /// Conditions of the hours to come.
    Conditions,
    /// Events of the agenda.
    Events,
    /// Trips from station to station.
    TripFlows,
    /// Collections.
    Runs,
    /// What cleaning did.
    Quality,
}

impl Resource {
    fn name(self) -> &'static str {
        match self {
            Self::Stations => "stations",
            Self::StationHours => "station_hours",
            Self::Conditions => "conditions",
            Self::Events => "events",
            Self::TripFlows => "trip_flows",
            Self::Runs => "runs",
            Self::Quality => "quality",
        }
    }
}

/// How long a revision stands without being read again: a change made by another process is seen
/// this late at most.
const FRESHNESS: Duration = Duration::from_millis(100);

/// Transactions that this process has committed, to whatever database: what was read before the
/// last one may be old.
static COMMITS: AtomicU64 = AtomicU64::new(0);

/// When something was read: it may have changed since.
#[derive(Debug, Clone, Copy)]
struct Moment {
    instant: Instant,
    commits: u64,
}

impl Moment {
    fn now() -> Self {
        Self {
            instant: Instant::now(),
            commits: COMMITS.load(Ordering::SeqCst),
        }
    }

    fn is_fresh(self) -> bool {
        self.commits == COMMITS.load(Ordering::SeqCst) && self.instant.elapsed() < FRESHNESS
    }
}

/// Notes that a transaction was committed.
pub(crate) fn note_commit() {
    COMMITS.fetch_add(1, Ordering::SeqCst);
}

/// Revisions read a moment ago: most requests then ask nothing of the engine to know that a page is
/// still good.
#[derive(Debug, Default)]
pub(crate) struct KnownRevisions(RwLock<HashMap<Resource, (Moment, i64)>>);

impl KnownRevisions {
    fn find(&self, resource: Resource) -> Option<i64> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&resource)
            .filter(|(moment, _)| moment.is_fresh())
            .map(|(_, revision)| *revision)
    }

    fn remember(&self, resource: Resource, moment: Moment, revision: i64) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(resource, (moment, revision));
    }
}

impl Database {
    /// A number that every change of the resource raises. What this process has changed is in it at
    /// once, what another one has within a tenth of a second.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revision(&self, resource: Resource) -> Result<i64> {
        match self.known_revisions.find(resource) {
            Some(revision) => Ok(revision),
            None => self.read_revision(resource).await,
        }
    }

    /// The same number, read at this very moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read_revision(&self, resource: Resource) -> Result<i64> {
        const SELECT: &str = "SELECT revision FROM revisions WHERE resource = $1";
        let (name, moment) = (resource.name(), Moment::now());
        let revision = on_engine!(&self.pool, |pool| sqlx::query_scalar(SELECT)
            .bind(name)
            .fetch_one(pool)
            .await)?;
        self.known_revisions.remember(resource, moment, revision);
        Ok(revision)
    }
}

impl Transaction {
    /// Raises the revision, to the milliseconds of `now` when that is more: a database that was
    /// made anew then never shows a revision that its predecessor has shown.
    pub(crate) async fn raise_revision(
        &mut self,
        resource: Resource,
        now: DateTime<Utc>,
    ) -> Result<()> {
        const UPDATE: &str = "
            UPDATE revisions
            SET revision = CASE WHEN revision < $2 THEN $2 ELSE revision + 1 END
            WHERE resource = $1";

        let (name, now) = (resource.name(), now.timestamp_millis());

        on_engine!(self, |transaction| {
            sqlx::query(UPDATE)
                .bind(name)
                .bind(now)
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;

        Ok(())
    }
}
