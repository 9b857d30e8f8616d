use filrouge_types::{Hour, StationHour};

use crate::Result;
use crate::engine::{Database, Transaction};
use crate::hours::{HourFilter, Position, Statements, select_hours};
use crate::per_engine::{execute, fetch, insert_all};

pub(crate) static STATEMENTS: Statements = select_hours!("station_hours", "departures");

/// A row as the table has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredHour {
    pub(crate) hour: Hour,
    pub(crate) station_key: i64,
    pub(crate) departures: u32,
    pub(crate) event_count: Option<u16>,
    pub(crate) conditions_key: i64,
}

impl StoredHour {
    pub(crate) fn new(row: &StationHour, station_key: i64, conditions_key: i64) -> Self {
        Self {
            hour: row.conditions.hour,
            station_key,
            departures: row.departures,
            event_count: row.conditions.event_count,
            conditions_key,
        }
    }
}

impl Database {
    /// Station-hours in order of (hour, station), after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn station_hours(
        &self,
        filter: &HourFilter,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<StationHour>> {
        let rows = self.read_hours(&STATEMENTS, filter, after, limit).await?;

        Ok(rows
            .into_iter()
            .map(|(conditions, departures)| StationHour {
                conditions,
                departures,
            })
            .collect())
    }

    /// The latest hour whose departures are known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_hour(&self) -> Result<Option<Hour>> {
        const SELECT: &str = "SELECT MAX(hour) FROM station_hours";
        let hour: Option<i64> = fetch!(query_scalar, fetch_one, &self.pool, SELECT)?;
        Ok(hour.map(Hour::from_hours_since_epoch))
    }
}

impl Transaction {
    /// Adds rows whose conditions are there.
    pub(crate) async fn add_station_hours(&mut self, rows: &[StoredHour]) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO station_hours (
                hour,
                station_key,
                departures,
                event_count,
                conditions_key
            ) ";

        insert_all!(self, INSERT, rows, |row| [
            row.hour.hours_since_epoch(),
            row.station_key,
            i64::from(row.departures),
            row.event_count.map(i64::from),
            row.conditions_key
        ]);

        Ok(())
    }

    /// Removes the rows of the hours from `first` to `last`.
    pub(crate) async fn remove_station_hours(&mut self, first: Hour, last: Hour) -> Result<()> {
        const DELETE: &str = "DELETE FROM station_hours WHERE hour BETWEEN $1 AND $2";
        execute!(
            self,
            DELETE,
            first.hours_since_epoch(),
            last.hours_since_epoch()
        )?;
        Ok(())
    }
}
