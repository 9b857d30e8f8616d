//! The last answer of each publisher, so that it is asked for news alone.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

/// The least time between two visits.
const LEAST_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// The longest wait that a publisher can ask for: beyond, a mistake would end the watch.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(7);

/// The last visits, by name of source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Visits(BTreeMap<String, Visit>);

/// The last visit to one source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Sent back as `If-None-Match`.
    pub etag: Option<String>,
    /// Sent back as `If-Modified-Since`, byte for byte as it was received.
    pub last_modified: Option<String>,
    /// Not to be asked before.
    pub next: Option<DateTime<Utc>>,
    /// Where the feed has moved for good.
    pub moved_to: Option<Url>,
    /// The publisher said that the feed is gone: it is asked no more.
    pub is_gone: bool,
    /// Failures one after the other; each doubles the wait.
    pub failures: u32,
}

impl Visits {
    /// Reads the visits; those of a file that is not there are none.
    ///
    /// # Errors
    /// When the file cannot be read or is not in this form.
    pub fn read(path: &Path) -> io::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes the visits, whole or not at all.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let bytes = serde_json::to_vec_pretty(self).map_err(io::Error::other)?;
        filrouge_storage::replace_file(path, bytes)
    }

    /// The last visit to this source, to be read and changed.
    pub fn of(&mut self, source: &str) -> &mut Visit {
        self.0.entry(source.to_owned()).or_default()
    }
}

impl Visit {
    /// True when the source may be asked at `now`.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        !self.is_gone && self.next.is_none_or(|next| next <= now)
    }

    /// Puts the next visit `wait` later, never sooner than an hour nor later than a week, and `jitter`
    /// after that, so that the watches of many readers do not come together.
    pub(crate) fn wait(&mut self, now: DateTime<Utc>, wait: TimeDelta, jitter: TimeDelta) {
        self.next = Some(now + wait.clamp(LEAST_INTERVAL, LONGEST_WAIT) + jitter);
    }

    /// Notes a failure: `wait = max(asked, 1 h × 2^failures)`. The new address of a feed that has moved
    /// may have been a mistake: the next visit asks the first one.
    pub(crate) fn fail(&mut self, now: DateTime<Utc>, asked: Option<TimeDelta>, jitter: TimeDelta) {
        let doubled = LEAST_INTERVAL * (1_i32 << self.failures.min(7));

        self.failures = self.failures.saturating_add(1);
        self.moved_to = None;
        self.wait(now, asked.unwrap_or(doubled).max(doubled), jitter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_double_the_wait_and_the_longest_is_a_week() {
        let now = DateTime::UNIX_EPOCH;
        let mut visit = Visit::default();

        let waits: Vec<_> = (0..10)
            .map(|_| {
                visit.fail(now, None, TimeDelta::zero());
                (visit.next.unwrap() - now).num_hours()
            })
            .collect();

        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 128, 128]);

        visit.fail(now, Some(TimeDelta::days(300)), TimeDelta::zero());
        assert_eq!(visit.next.unwrap() - now, LONGEST_WAIT);
    }

    #[test]
    fn visits_are_found_again_and_a_damaged_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("visits.json");
        let mut visits = Visits::read(&path).unwrap();
        visits.of("cnil").etag = Some("\"a\"".into());

        visits.write(&path).unwrap();
        assert_eq!(Visits::read(&path).unwrap(), visits);

        std::fs::write(&path, "{").unwrap();
        assert!(Visits::read(&path).is_err());
    }
}
