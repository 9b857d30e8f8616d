//! Revisions kept in memory for a moment.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::resource::Resource;
use crate::engine::commits;

/// How long a revision stands without being read again: a change made by another process is seen
/// this late at most.
const FRESHNESS: Duration = Duration::from_millis(100);

/// When something was read: it may have changed since.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    instant: Instant,
    commits: u64,
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self {
            instant: Instant::now(),
            commits: commits(),
        }
    }

    fn is_fresh(self) -> bool {
        self.commits == commits() && self.instant.elapsed() < FRESHNESS
    }
}

/// Revisions read a moment ago: most requests then ask nothing of the engine to know that a page is
/// still good.
#[derive(Debug, Default)]
pub(crate) struct RevisionCache(RwLock<HashMap<Resource, (Moment, i64)>>);

impl RevisionCache {
    pub(crate) fn find(&self, resource: Resource) -> Option<i64> {
        let cached = self.0.read().unwrap_or_else(PoisonError::into_inner);
        cached
            .get(&resource)
            .filter(|(moment, _)| moment.is_fresh())
            .map(|(_, revision)| *revision)
    }

    pub(crate) fn remember(&self, resource: Resource, moment: Moment, revision: i64) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(resource, (moment, revision));
    }
}
