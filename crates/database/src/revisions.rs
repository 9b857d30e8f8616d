use chrono::{DateTime, Utc};

use crate::engine::{Database, Transaction};
use crate::per_engine::{execute, fetch};
use crate::revision_cache::Moment;
use crate::{Resource, Result};

impl Database {
    /// A number that every change of the resource raises. A change of this process is in it at
    /// once, that of another one within a tenth of a second.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revision(&self, resource: Resource) -> Result<i64> {
        match self.revision_cache.find(resource) {
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
        // Before the reading: a commit during it makes the value old at once.
        let (name, moment) = (resource.name(), Moment::now());
        let revision = fetch!(query_scalar, fetch_one, &self.pool, SELECT, name)?;
        self.revision_cache.keep(resource, moment, revision);
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

        execute!(self, UPDATE, name, now)?;

        Ok(())
    }
}
