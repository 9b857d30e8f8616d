use chrono::{DateTime, Utc};
use filrouge_types::StationId;
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::engine::{Access, Database, Transaction, on_engine};

/// Work done at a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// The operator's number.
    pub maintenance_id: String,
    /// Where.
    pub station_id: StationId,
    /// What kind of work.
    pub kind: String,
    /// From when, UTC.
    pub started_at: DateTime<Utc>,
    /// Until when, UTC; none while it goes on.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Database {
    /// Adds the works, or corrects those that are known; gives back the stations that are unknown.
    ///
    /// # Errors
    /// When a work ends before it begins or the database does not answer: nothing is then changed.
    pub async fn save_maintenance(&self, works: &[Maintenance]) -> Result<Vec<StationId>> {
        let mut transaction = self.begin(Access::Write).await?;
        let keys = transaction.station_keys().await?;
        let mut unknown = Vec::new();
        for work in works {
            match keys.get(work.station_id.as_str()) {
                Some(key) => transaction.save_work(*key, work).await?,
                None => unknown.push(work.station_id.clone()),
            }
        }
        transaction.commit().await?;
        Ok(unknown)
    }
}

impl Transaction {
    async fn save_work(&mut self, station_key: i64, work: &Maintenance) -> Result<()> {
        const UPSERT: &str = "
            INSERT INTO maintenance (maintenance_id, station_key, kind, started_at, ended_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (maintenance_id) DO UPDATE SET
                station_key = excluded.station_key,
                kind = excluded.kind,
                started_at = excluded.started_at,
                ended_at = excluded.ended_at";
        on_engine!(self, |transaction| {
            sqlx::query(UPSERT)
                .bind(&work.maintenance_id)
                .bind(station_key)
                .bind(&work.kind)
                .bind(work.started_at.timestamp())
                .bind(work.ended_at.map(|instant| instant.timestamp()))
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;
        Ok(())
    }
}
