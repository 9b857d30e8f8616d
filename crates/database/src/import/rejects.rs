use filrouge_types::{Hour, StationHour};
use sqlx::error::ErrorKind;

use super::day_number::day_of;
use crate::Result;
use crate::engine::{Database, Transaction};
use crate::per_engine::{execute, fetch, insert_all};
use crate::row::row;

/// A row of the data set that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Its station, as the data set names it.
    pub station_id: String,
    /// Its hour, UTC.
    pub hour: Hour,
    /// The reason why it is not in the database.
    pub reason: String,
    /// Its number, another after each import: it tells apart the rows of one station and hour.
    pub reject_id: i64,
}

/// End of a page of rejected rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectPosition {
    /// The hour of the last row.
    pub hour: Hour,
    /// Its station.
    pub station_id: String,
    /// Its number.
    pub reject_id: i64,
}

/// A row to set aside, which the database numbers.
#[derive(Debug, Clone)]
pub(super) struct Reject {
    station_id: String,
    hour: Hour,
    reason: String,
}

impl Reject {
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
    /// Rows set aside by the imports and not replaced since, in order of (hour, station), after
    /// `after`, at most `limit`. An import between two pages hides none of the rows that it leaves:
    /// a page begins at a place, not after a number of rows.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rejected_rows(
        &self,
        after: Option<&RejectPosition>,
        limit: u32,
    ) -> Result<Vec<RejectedRow>> {
        // The day repeats a part of the hour: it is the one that has an index.
        const SELECT: &str = "
            SELECT
                station_id,
                hour,
                reason,
                reject_id
            FROM import_rejects
            WHERE day >= $1
                AND (hour, station_id, reject_id) > ($2, $3, $4)
            ORDER BY day, hour, station_id, reject_id
            LIMIT $5";

        let first = Hour::from_hours_since_epoch(i64::MIN);
        let hour = after.map_or(first, |position| position.hour);
        let rows: Vec<RejectRow> = fetch!(
            query_as,
            fetch_all,
            &self.pool,
            SELECT,
            day_of(hour),
            hour.hours_since_epoch(),
            after.map_or("", |position| &position.station_id),
            after.map_or(i64::MIN, |position| position.reject_id),
            i64::from(limit)
        )?;

        Ok(rows.into_iter().map(RejectedRow::from).collect())
    }
}

row! {
    struct RejectRow {
        station_id: String,
        hour: i64,
        reason: String,
        reject_id: i64,
    }
}

impl From<RejectRow> for RejectedRow {
    fn from(row: RejectRow) -> Self {
        Self {
            station_id: row.station_id,
            hour: Hour::from_hours_since_epoch(row.hour),
            reason: row.reason,
            reject_id: row.reject_id,
        }
    }
}

impl Transaction {
    pub(super) async fn remove_rejects(&mut self, day: i64) -> Result<()> {
        const DELETE: &str = "DELETE FROM import_rejects WHERE day = $1";
        execute!(self, DELETE, day)?;
        Ok(())
    }

    pub(super) async fn add_rejects(&mut self, day: i64, rejects: &[Reject]) -> Result<()> {
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
