use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

/// A resource whose changes a revision counts.
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
    /// The report of the last cleaning.
    Quality,
}

impl Resource {
    pub(crate) fn name(self) -> &'static str {
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

/// Time that a revision stands without being read again: a change made by another process is seen
/// this late at most.
const FRESHNESS: Duration = Duration::from_millis(100);

/// Transactions that this process has committed, to any database: a value read before the
/// last one may be old.
static COMMITS: AtomicU64 = AtomicU64::new(0);

/// The moment of a reading: the value may have changed since.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    instant: Instant,
    commits: u64,
}

impl Moment {
    pub(crate) fn now() -> Self {
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
pub(crate) struct RevisionCache(RwLock<HashMap<Resource, (Moment, i64)>>);

impl RevisionCache {
    pub(crate) fn find(&self, resource: Resource) -> Option<i64> {
        let revisions = self.0.read().unwrap_or_else(PoisonError::into_inner);
        revisions
            .get(&resource)
            .filter(|(moment, _)| moment.is_fresh())
            .map(|(_, revision)| *revision)
    }

    pub(crate) fn keep(&self, resource: Resource, moment: Moment, revision: i64) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(resource, (moment, revision));
    }
}
