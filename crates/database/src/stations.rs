use chrono::{DateTime, Utc};
use filrouge_types::{Station, StationId};

use crate::database::Database;
use crate::engine::{Access, Transaction, on_engine};
use crate::station_status::{StationStatus, StatusColumns};
use crate::{DatabaseError, Resource, Result};

/// A station and what is known of its present state.
#[derive(Debug, Clone, PartialEq)]
pub struct StationRecord {
    /// The station.
    pub station: Station,
    /// Its latest status, when one was reported.
    pub status: Option<StationStatus>,
}

/// Which stations to read, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StationFilter {
    /// Of this district only.
    pub district: Option<String>,
    /// The last identifier first.
    pub last_first: bool,
}

/// The columns of a [`StationRecord`], for a `WHERE` and an `ORDER BY` to follow.
macro_rules! select_stations {
    ($rest:literal) => {
        concat!(
            "
            SELECT
                station_id,
                name,
                district,
                latitude,
                longitude,
                capacity,
                bikes_available,
                docks_available,
                is_renting,
                reported_at
            FROM stations
            LEFT JOIN station_status USING (station_key) ",
            $rest
        )
    };
}

impl Database {
    /// Stations in order of identifier, after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_stations(
        &self,
        after: Option<&StationId>,
        limit: u32,
    ) -> Result<Vec<StationRecord>> {
        self.find_stations(&StationFilter::default(), after, limit)
            .await
    }

    /// Stations of a filter, in its order, after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_stations(
        &self,
        filter: &StationFilter,
        after: Option<&StationId>,
        limit: u32,
    ) -> Result<Vec<StationRecord>> {
        const FORWARDS: &str = select_stations!(
            "WHERE station_id > $1 AND ($3 = '' OR district = $3) ORDER BY station_id LIMIT $2"
        );
        const BACKWARDS: &str = select_stations!(
            "WHERE ($1 = '' OR station_id < $1) AND ($3 = '' OR district = $3) ORDER BY station_id DESC LIMIT $2"
        );

        let select = if filter.last_first {
            BACKWARDS
        } else {
            FORWARDS
        };

        // Every identifier has at least one character.
        let after = after.map_or("", StationId::as_str);
        let district = filter.district.as_deref().unwrap_or_default();

        let rows: Vec<Row> = on_engine!(&self.pool, |pool| {
            sqlx::query_as(select)
                .bind(after)
                .bind(i64::from(limit))
                .bind(district)
                .fetch_all(pool)
                .await
        })?;

        rows.into_iter().map(read).collect()
    }

    /// The station of this identifier.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_station(&self, station_id: &StationId) -> Result<Option<StationRecord>> {
        const SELECT: &str = select_stations!("WHERE station_id = $1");
        let row: Option<Row> = on_engine!(&self.pool, |pool| {
            sqlx::query_as(SELECT)
                .bind(station_id.as_str())
                .fetch_optional(pool)
                .await
        })?;
        row.map(read).transpose()
    }

    /// Adds the stations, or corrects those that are known. A station that closed keeps its
    /// history.
    ///
    /// # Errors
    /// When a station breaks a rule of the model: none is then changed.
    pub async fn save_stations(&self, stations: &[Station], now: DateTime<Utc>) -> Result<()> {
        let mut transaction = self.begin(Access::Write).await?;
        let mut changed = false;
        for station in stations {
            changed |= transaction.save_station(station).await?;
        }
        if changed {
            transaction.raise_revision(Resource::Stations, now).await?;
        }
        transaction.commit().await
    }
}

impl Transaction {
    /// Whether anything changed.
    async fn save_station(&mut self, station: &Station) -> Result<bool> {
        const UPSERT: &str = "
            INSERT INTO stations (station_id, name, district, latitude, longitude, capacity)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (station_id) DO UPDATE SET
                name = excluded.name,
                district = excluded.district,
                latitude = excluded.latitude,
                longitude = excluded.longitude,
                capacity = excluded.capacity
            WHERE (stations.name, stations.latitude, stations.longitude, stations.capacity)
                <> (excluded.name, excluded.latitude, excluded.longitude, excluded.capacity)
                OR stations.district IS DISTINCT FROM excluded.district";

        let rows = on_engine!(self, |transaction| {
            sqlx::query(UPSERT)
                .bind(station.station_id.as_str())
                .bind(&station.name)
                .bind(&station.district)
                .bind(station.latitude)
                .bind(station.longitude)
                .bind(i64::from(station.capacity))
                .execute(&mut **transaction)
                .await
                .map(|result| result.rows_affected())
        })?;

        Ok(rows > 0)
    }
}

type Row = (
    String,
    String,
    Option<String>,
    f64,
    f64,
    i64,
    Option<i64>,
    Option<i64>,
    Option<bool>,
    Option<i64>,
);

fn read(row: Row) -> Result<StationRecord> {
    let (
        station_id,
        name,
        district,
        latitude,
        longitude,
        capacity,
        bikes,
        docks,
        is_renting,
        reported_at,
    ) = row;

    let station_id: StationId = station_id
        .parse()
        .map_err(|error| DatabaseError::corrupt("station_id", error))?;
    let capacity =
        u32::try_from(capacity).map_err(|error| DatabaseError::corrupt("capacity", error))?;

    let status = StatusColumns {
        bikes,
        docks,
        is_renting,
        reported_at,
    }
    .read(&station_id)?;

    Ok(StationRecord {
        station: Station {
            station_id,
            name,
            district,
            latitude,
            longitude,
            capacity,
        },
        status,
    })
}
