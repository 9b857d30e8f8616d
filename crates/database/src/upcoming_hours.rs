use std::collections::HashMap;

use chrono::{DateTime, Utc};
use filrouge_types::{Conditions, Hour, StationId};

use crate::conditions_cache::HourConditions;
use crate::engine::{Access, Database, Transaction};
use crate::hours::{HourFilter, Position, Statements, select_hours};
use crate::per_engine::{fetch, insert_all};
use crate::{Resource, Result};

// Hours to come have no departures: zero in their place keeps one statement for both tables.
pub(crate) static STATEMENTS: Statements = select_hours!("upcoming_hours", "CAST(0 AS BIGINT)");

impl Database {
    /// Conditions of the hours to come in order of (hour, station), after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn conditions(
        &self,
        filter: &HourFilter,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<Conditions>> {
        let rows = self.read_hours(&STATEMENTS, filter, after, limit).await?;
        Ok(rows.into_iter().map(|(conditions, _)| conditions).collect())
    }

    /// Replaces all that is expected of the hours to come; gives back the stations that are
    /// unknown. When a station's hour comes twice, the last one stands.
    ///
    /// # Errors
    /// When a row breaks a rule of the model or the database does not answer: nothing is then
    /// changed.
    pub async fn replace_conditions(
        &self,
        conditions: &[Conditions],
        now: DateTime<Utc>,
    ) -> Result<Vec<StationId>> {
        let mut transaction = self.begin(Access::Write).await?;
        let stations = transaction.station_keys().await?;
        let (rows, unknown) = prepare(conditions, &stations);

        transaction.replace_upcoming_hours(&rows).await?;
        transaction
            .raise_revision(Resource::Conditions, now)
            .await?;
        transaction.commit().await?;
        Ok(unknown)
    }
}

struct UpcomingHour {
    station_key: i64,
    event_count: Option<u16>,
    conditions_key: i64,
    conditions: HourConditions,
}

fn prepare(
    conditions: &[Conditions],
    stations: &HashMap<String, i64>,
) -> (Vec<UpcomingHour>, Vec<StationId>) {
    let mut rows = HashMap::new();
    let mut unknown = Vec::new();

    for row in conditions {
        let Some(&station_key) = stations.get(row.station_id.as_str()) else {
            unknown.push(row.station_id.clone());
            continue;
        };
        let conditions = HourConditions::of(row);
        let conditions_key = conditions.key();

        let upcoming = UpcomingHour {
            station_key,
            event_count: row.event_count,
            conditions_key,
            conditions,
        };

        // The last of two rows stands.
        rows.insert((row.hour, station_key), upcoming);
    }

    unknown.sort_unstable();
    unknown.dedup();
    (rows.into_values().collect(), unknown)
}

impl Transaction {
    async fn replace_upcoming_hours(&mut self, rows: &[UpcomingHour]) -> Result<()> {
        let old = self.remove_upcoming_hours().await?;

        let distinct: HashMap<i64, HourConditions> = rows
            .iter()
            .map(|row| (row.conditions_key, row.conditions))
            .collect();
        self.add_hour_conditions(&distinct.into_iter().collect::<Vec<_>>())
            .await?;
        self.add_upcoming_hours(rows).await?;

        // Once the new rows are there: they share most conditions with the old ones.
        match old {
            Some((first, last)) => self.remove_unused_conditions(first, last).await,
            None => Ok(()),
        }
    }

    /// Empties the table; gives the span that it covered.
    async fn remove_upcoming_hours(&mut self) -> Result<Option<(Hour, Hour)>> {
        const SPAN: &str = "SELECT MIN(hour), MAX(hour) FROM upcoming_hours";
        let (first, last): (Option<i64>, Option<i64>) = fetch!(query_as, fetch_one, self, SPAN)?;
        self.run("DELETE FROM upcoming_hours").await?;

        Ok(first
            .map(Hour::from_hours_since_epoch)
            .zip(last.map(Hour::from_hours_since_epoch)))
    }

    async fn add_upcoming_hours(&mut self, rows: &[UpcomingHour]) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO upcoming_hours (
                hour,
                station_key,
                event_count,
                conditions_key
            ) ";

        insert_all!(self, INSERT, rows, |row| [
            row.conditions.hour.hours_since_epoch(),
            row.station_key,
            row.event_count.map(i64::from),
            row.conditions_key
        ]);

        Ok(())
    }
}
