use filrouge_types::{Hour, StationHour};
use sqlx::error::ErrorKind;

use crate::Result;
use crate::engine::{Database, Transaction};
use crate::per_engine::{execute, fetch, insert_all};
use crate::row::row;

/// A row of the data set that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Its station, as the data set names it.
    pub station_id: String,
    /// Its hour.
    pub hour: Hour,
    /// The reason why it is not in the database.
    pub reason: String,
}

impl RejectedRow {
    pub(super) fn new(row: &StationHour, reason: &str) -> Self {
        let conditions = &row.conditions;
        Self {
            station_id: conditions.station_id.to_string(),
            hour: conditions.hour,
            reason: reason.to_owned(),
        }
    }
}

/// True when the database refuses the values themselves: any other failure is not the row's.
pub(super) fn is_refusal(error: &sqlx::Error) -> bool {
    // SQLSTATE class 22: a value out of the range of its type.
    let out_of_range = |code: &str| code.len() == 5 && code.starts_with("22");
    error.as_database_error().is_some_and(|error| {
        !matches!(error.kind(), ErrorKind::Other)
            || error.code().is_some_and(|code| out_of_range(&code))
    })
}

impl Database {
    /// The rows set aside by the imports and not replaced since, in order of (hour, station), at
    /// most `limit`. `offset` rows are left out first: there are few, and they change with every
    /// import.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rejected_rows(&self, limit: u32, offset: u64) -> Result<Vec<RejectedRow>> {
        const SELECT: &str = "
            SELECT
                station_id,
                hour,
                reason
            FROM import_rejects
            ORDER BY hour, station_id, reject_id
            LIMIT $1 OFFSET $2";

        let rows: Vec<RejectRow> = fetch!(
            query_as,
            fetch_all,
            &self.pool,
            SELECT,
            i64::from(limit),
            offset as i64
        )?;

        Ok(rows.into_iter().map(RejectedRow::from).collect())
    }
}

row! {
    struct RejectRow {
        station_id: String,
        hour: i64,
        reason: String,
    }
}

impl From<RejectRow> for RejectedRow {
    fn from(row: RejectRow) -> Self {
        Self {
            station_id: row.station_id,
            hour: Hour::from_hours_since_epoch(row.hour),
            reason: row.reason,
        }
    }
}

impl Transaction {
    pub(super) async fn remove_rejects(&mut self, day: i64) -> Result<()> {
        const DELETE: &str = "DELETE FROM import_rejects WHERE day = $1";
        execute!(self, DELETE, day)?;
        Ok(())
    }

    pub(super) async fn add_rejects(&mut self, day: i64, rejects: &[RejectedRow]) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO import_rejects (
                day,
                station_id,
                hour,
                reason
            ) ";

        insert_all!(self, INSERT, rejects, |reject| [
            day,
            &reject.station_id,
            reject.hour.hours_since_epoch(),
            &reject.reason
        ]);

        Ok(())
    }
}
