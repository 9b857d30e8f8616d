use chrono::{DateTime, Utc};

use crate::Result;
use crate::engine::{Database, Transaction, on_engine};

/// What a revision counts the changes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Database {
    /// A number that every change of the resource raises.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revision(&self, resource: Resource) -> Result<i64> {
        const SELECT: &str = "SELECT revision FROM revisions WHERE resource = $1";
        let name = resource.name();
        Ok(on_engine!(&self.pool, |pool| sqlx::query_scalar(SELECT).bind(name).fetch_one(pool).await)?)
    }
}

impl Transaction {
    /// Raises the revision, to the milliseconds of `now` when that is more: a database that was made
    /// anew then never shows a revision that its predecessor has shown.
    pub(crate) async fn raise_revision(&mut self, resource: Resource, now: DateTime<Utc>) -> Result<()> {
        const UPDATE: &str = "
            UPDATE revisions
            SET revision = CASE WHEN revision < $2 THEN $2 ELSE revision + 1 END
            WHERE resource = $1";
        let (name, now) = (resource.name(), now.timestamp_millis());
        on_engine!(self, |transaction| {
            sqlx::query(UPDATE).bind(name).bind(now).execute(&mut **transaction).await.map(drop)
        })?;
        Ok(())
    }
}
