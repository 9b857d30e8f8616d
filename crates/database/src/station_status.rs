use chrono::{DateTime, Utc};
use filrouge_types::StationId;
use serde::{Deserialize, Serialize};

use crate::engine::{Access, Database, Transaction};
use crate::per_engine::execute;
use crate::station_keys::by_station;
use crate::{Resource, Result, stored};

/// The last report of a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationStatus {
    /// The station, which must be known.
    pub station_id: StationId,
    /// Bikes that can be taken.
    pub bikes_available: u32,
    /// Docks where a bike can be returned.
    pub docks_available: u32,
    /// True when bikes may be taken at all.
    pub is_renting: bool,
    /// The instant of the report, UTC.
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

        // Each report carries a new instant: something always differs.
        transaction.raise_revision(Resource::Stations, now).await?;
        transaction.commit().await?;
        Ok(unknown)
    }
}

impl Transaction {
    async fn save_status(&mut self, station_key: i64, status: &StationStatus) -> Result<()> {
        const UPSERT: &str = "
            INSERT INTO station_status (
                station_key,
                bikes_available,
                docks_available,
                is_renting,
                reported_at
            )
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (station_key) DO UPDATE SET
                bikes_available = excluded.bikes_available,
                docks_available = excluded.docks_available,
                is_renting = excluded.is_renting,
                reported_at = excluded.reported_at";

        execute!(
            self,
            UPSERT,
            station_key,
            i64::from(status.bikes_available),
            i64::from(status.docks_available),
            status.is_renting,
            status.reported_at.timestamp()
        )?;

        Ok(())
    }
}

/// The columns of a status beside its station's: all null when there is none.
pub(crate) struct StatusColumns {
    pub(crate) bikes_available: Option<i64>,
    pub(crate) docks_available: Option<i64>,
    pub(crate) is_renting: Option<bool>,
    pub(crate) reported_at: Option<i64>,
}

impl StatusColumns {
    pub(crate) fn read(self, station_id: &StationId) -> Result<Option<StationStatus>> {
        let Self {
            bikes_available: Some(bikes),
            docks_available: Some(docks),
            is_renting: Some(is_renting),
            reported_at: Some(reported_at),
        } = self
        else {
            return Ok(None);
        };

        Ok(Some(StationStatus {
            station_id: station_id.clone(),
            bikes_available: stored::count("bikes_available", bikes)?,
            docks_available: stored::count("docks_available", docks)?,
            is_renting,
            reported_at: stored::instant("reported_at", reported_at)?,
        }))
    }
}
