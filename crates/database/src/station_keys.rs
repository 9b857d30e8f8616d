//! The keys under which the tables know the stations.

use std::collections::HashMap;

use filrouge_types::StationId;

use crate::Result;
use crate::engine::Transaction;
use crate::per_engine::fetch;

impl Transaction {
    /// The keys of all stations by identifier.
    pub(crate) async fn station_keys(&mut self) -> Result<HashMap<String, i64>> {
        const SELECT: &str = "
            SELECT
                station_id,
                station_key
            FROM stations";

        let keys: Vec<(String, i64)> = fetch!(query_as, fetch_all, self, SELECT)?;
        Ok(keys.into_iter().collect())
    }
}

/// Records of known stations with their keys, and the stations that are unknown.
pub(crate) fn by_station<'a, T>(
    records: &'a [T],
    keys: &HashMap<String, i64>,
    station: impl Fn(&T) -> &StationId,
) -> (Vec<(i64, &'a T)>, Vec<StationId>) {
    let mut known = Vec::with_capacity(records.len());
    let mut unknown = Vec::new();

    for record in records {
        // Told, not refused: a record of an unknown station does not lose the others.
        match keys.get(station(record).as_str()) {
            Some(key) => known.push((*key, record)),
            None => unknown.push(station(record).clone()),
        }
    }

    (known, unknown)
}
