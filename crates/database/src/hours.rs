//! Pages of hours, past or to come: the part that their two tables share.

use std::collections::HashMap;

use filrouge_types::{Conditions, Hour, StationId};
use sqlx::{PgConnection, SqliteConnection};

use crate::engine::{Access, Database, PerEngine, Transaction};
use crate::hour_conditions::HourConditions;
use crate::{DatabaseError, Result};

/// Which hours to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HourFilter {
    /// Of this station only.
    pub station_id: Option<StationId>,
    /// From this hour on.
    pub from: Option<Hour>,
    /// Up to this hour, without it.
    pub to: Option<Hour>,
}

/// A place in the order (hour, station): where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The hour of the last row.
    pub hour: Hour,
    /// The station of the last row.
    pub station_id: StationId,
}

/// One row of either table, its conditions still a key.
pub(crate) type HourRow = (i64, String, i64, Option<i64>, i64);

/// The statements of one table: with and without a station to filter by.
pub(crate) struct Statements {
    pub(crate) all_stations: &'static str,
    pub(crate) one_station: &'static str,
}

/// Columns: hour, station_id, departures, event_count, conditions_key. Parameters: first hour, end,
/// station after which to begin within the first hour, limit, station.
///
/// `CROSS JOIN` fixes SQLite's order of loops, so that rows come in the order of an index and reading
/// stops at the limit; PostgreSQL sees an inner join.
macro_rules! select_hours {
    ($table:literal, $departures:literal) => {
        Statements {
            all_stations: concat!(
                "SELECT hour, station_id, ",
                $departures,
                ", event_count, conditions_key
                FROM ",
                $table,
                " CROSS JOIN stations
                WHERE stations.station_key = ",
                $table,
                ".station_key
                    AND hour >= $1
                    AND hour < $2
                    AND (hour > $1 OR station_id > $3)
                ORDER BY hour, station_id
                LIMIT $4"
            ),
            one_station: concat!(
                "SELECT hour, station_id, ",
                $departures,
                ", event_count, conditions_key
                FROM stations CROSS JOIN ",
                $table,
                "
                WHERE stations.station_key = ",
                $table,
                ".station_key
                    AND station_id = $5
                    AND hour >= $1
                    AND hour < $2
                    AND (hour > $1 OR station_id > $3)
                ORDER BY hour
                LIMIT $4"
            ),
        }
    };
}
pub(crate) use select_hours;

struct Request<'a> {
    statements: &'static Statements,
    first: i64,
    end: i64,
    after_station: &'a str,
    limit: i64,
    station_id: Option<&'a str>,
}

impl<'a> Request<'a> {
    fn new(statements: &'static Statements, filter: &'a HourFilter, after: Option<&'a Position>, limit: u32) -> Self {
        let from = filter.from.map_or(i64::MIN, Hour::hours_since_epoch);
        // A position before the filter's first hour says nothing: every identifier comes after "".
        let after = after.filter(|position| position.hour.hours_since_epoch() >= from);
        Self {
            statements,
            first: after.map_or(from, |position| position.hour.hours_since_epoch()),
            end: filter.to.map_or(i64::MAX, Hour::hours_since_epoch),
            after_station: after.map_or("", |position| position.station_id.as_str()),
            limit: i64::from(limit),
            station_id: filter.station_id.as_ref().map(StationId::as_str),
        }
    }
}

impl Database {
    /// Reads a page. Conditions that were read before cost one statement, new ones a transaction,
    /// so that rows and conditions are of one moment.
    pub(crate) async fn read_hours(
        &self,
        statements: &'static Statements,
        filter: &HourFilter,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<(Conditions, u32)>> {
        let request = Request::new(statements, filter, after, limit);
        let rows = match &self.pool {
            PerEngine::Sqlite(pool) => select_sqlite(&mut *pool.acquire().await?, &request).await?,
            PerEngine::Postgres(pool) => select_postgres(&mut *pool.acquire().await?, &request).await?,
        };
        if let Some(conditions) = self.known_conditions.find_all(rows.iter().map(|row| row.4)) {
            return rows.into_iter().zip(conditions).map(join).collect();
        }
        self.read_hours_anew(&request).await
    }

    async fn read_hours_anew(&self, request: &Request<'_>) -> Result<Vec<(Conditions, u32)>> {
        let mut transaction = self.begin(Access::Snapshot).await?;
        let rows = transaction.select_hours(request).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
        let span = [first.0, last.0].map(Hour::from_hours_since_epoch);
        let conditions = transaction.hour_conditions(span[0], span[1]).await?;
        transaction.commit().await?;
        self.known_conditions.remember(&conditions);
        rows.into_iter().map(|row| join_by_key(row, &conditions)).collect()
    }
}

impl Transaction {
    async fn select_hours(&mut self, request: &Request<'_>) -> Result<Vec<HourRow>> {
        Ok(match self {
            Self::Sqlite(transaction) => select_sqlite(transaction, request).await?,
            Self::Postgres(transaction) => select_postgres(transaction, request).await?,
        })
    }
}

macro_rules! select_on {
    ($name:ident, $connection:ty) => {
        async fn $name(connection: &mut $connection, request: &Request<'_>) -> Result<Vec<HourRow>, sqlx::Error> {
            let statement = match request.station_id {
                Some(_) => request.statements.one_station,
                None => request.statements.all_stations,
            };
            let query = sqlx::query_as(statement)
                .bind(request.first)
                .bind(request.end)
                .bind(request.after_station)
                .bind(request.limit);
            match request.station_id {
                Some(station_id) => query.bind(station_id).fetch_all(connection).await,
                None => query.fetch_all(connection).await,
            }
        }
    };
}
select_on!(select_sqlite, SqliteConnection);
select_on!(select_postgres, PgConnection);

fn join_by_key(row: HourRow, conditions: &HashMap<i64, HourConditions>) -> Result<(Conditions, u32)> {
    let key = row.4;
    let conditions =
        conditions.get(&key).ok_or_else(|| DatabaseError::corrupt("conditions_key", "it leads nowhere"))?;
    join((row, *conditions))
}

fn join((row, known): (HourRow, HourConditions)) -> Result<(Conditions, u32)> {
    let (hour, station_id, departures, event_count, _) = row;
    let event_count =
        event_count.map(u16::try_from).transpose().map_err(|error| DatabaseError::corrupt("event_count", error))?;
    let conditions = Conditions {
        station_id: station_id.parse().map_err(|error| DatabaseError::corrupt("station_id", error))?,
        hour: Hour::from_hours_since_epoch(hour),
        weather: known.weather,
        is_public_holiday: known.is_public_holiday,
        is_school_holiday: known.is_school_holiday,
        event_count,
    };
    Ok((conditions, u32::try_from(departures).map_err(|error| DatabaseError::corrupt("departures", error))?))
}
