use chrono::{DateTime, Utc};
use filrouge_types::StationId;
use serde::{Deserialize, Serialize};

use crate::database::Database;
use crate::engine::{Access, Transaction, on_engine};
use crate::station_keys::by_station;
use crate::{DatabaseError, Resource, Result, stored};

/// What a station reported last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationStatus {
    /// The station.
    pub station_id: StationId,
    /// Bikes that can be taken.
    pub bikes_available: u32,
    /// Docks where a bike can be returned.
    pub docks_available: u32,
    /// Whether bikes may be taken at all.
    pub is_renting: bool,
    /// When the station said so, UTC.
    pub reported_at: DateTime<Utc>,
}

impl Database {
    /// Replaces the status of the stations; gives back those that name an unknown station.
    ///
    /// # Errors
    /// When the database does not answer: nothing is then changed.
    pub async fn replace_station_status(
        &self,
        statuses: &[StationStatus],
        now: DateTime<Utc>,
    ) -> Result<Vec<StationId>> {
        let mut transaction = self.begin(Access::Write).await?;
        let keys = transaction.station_keys().await?;
        let (known, unknown) = by_station(statuses, &keys, |status| &status.station_id);
        for (key, status) in known {
            transaction.save_status(key, status).await?;
        }
        transaction.raise_revision(Resource::Stations, now).await?;
        transaction.commit().await?;
        Ok(unknown)
    }
}

impl Transaction {
    async fn save_status(&mut self, station_key: i64, status: &StationStatus) -> Result<()> {
        const UPSERT: &str = "
            INSERT INTO station_status (station_key, bikes_available, docks_available, is_renting, reported_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (station_key) DO UPDATE SET
                bikes_available = excluded.bikes_available,
                docks_available = excluded.docks_available,
                is_renting = excluded.is_renting,
                reported_at = excluded.reported_at";

        on_engine!(self, |transaction| {
            sqlx::query(UPSERT)
                .bind(station_key)
                .bind(i64::from(status.bikes_available))
                .bind(i64::from(status.docks_available))
                .bind(status.is_renting)
                .bind(status.reported_at.timestamp())
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;

        Ok(())
    }
}

/// The columns of a status beside its station's: all null when there is none.
pub(crate) struct StatusColumns {
    pub(crate) bikes: Option<i64>,
    pub(crate) docks: Option<i64>,
    pub(crate) is_renting: Option<bool>,
    pub(crate) reported_at: Option<i64>,
}

impl StatusColumns {
    pub(crate) fn read(self, station_id: &StationId) -> Result<Option<StationStatus>> {
        let (Some(bikes), Some(docks)) = (self.bikes, self.docks) else {
            return Ok(None);
        };
        let (Some(is_renting), Some(reported_at)) = (self.is_renting, self.reported_at) else {
            return Ok(None);
        };
        let count = |value, column| {
            u32::try_from(value).map_err(|error| DatabaseError::corrupt(column, error))
        };

        Ok(Some(StationStatus {
            station_id: station_id.clone(),
            bikes_available: count(bikes, "bikes_available")?,
            docks_available: count(docks, "docks_available")?,
            is_renting,
            reported_at: stored::instant("reported_at", reported_at)?,
        }))
    }
}
