use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use filrouge_types::StationId;
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::engine::{Access, Database, Transaction};
use crate::per_engine::insert_all;
use crate::station_keys::by_station;

/// Work done at a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// The operator's number.
    pub maintenance_id: String,
    /// The station.
    pub station_id: StationId,
    /// The kind of work.
    pub kind: String,
    /// Its start, UTC.
    pub started_at: DateTime<Utc>,
    /// Its end, UTC; none while it goes on.
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
        let (known, unknown) = by_station(works, &keys, |work| &work.station_id);
        transaction.save_works(&known).await?;
        transaction.commit().await?;
        Ok(unknown)
    }
}

impl Transaction {
    /// A number that comes twice in `works` has its last record: one statement must not touch a row
    /// twice.
    async fn save_works(&mut self, works: &[(i64, &Maintenance)]) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO maintenance (
                maintenance_id,
                station_key,
                kind,
                started_at,
                ended_at
            ) ";
        const CORRECT: &str = "
            ON CONFLICT (maintenance_id) DO UPDATE SET
                station_key = excluded.station_key,
                kind = excluded.kind,
                started_at = excluded.started_at,
                ended_at = excluded.ended_at";

        let last: BTreeMap<&str, (i64, &Maintenance)> = works
            .iter()
            .map(|(key, work)| (work.maintenance_id.as_str(), (*key, *work)))
            .collect();
        let works: Vec<(i64, &Maintenance)> = last.into_values().collect();
        insert_all!(
            self,
            INSERT,
            works,
            |(station_key, work)| [
                &work.maintenance_id,
                station_key,
                &work.kind,
                work.started_at.timestamp(),
                work.ended_at.map(|instant| instant.timestamp())
            ],
            CORRECT
        );

        Ok(())
    }
}
