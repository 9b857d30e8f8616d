use chrono::{DateTime, Utc};
use filrouge_types::{Station, StationId};

use crate::engine::{Access, Database, Transaction};
use crate::hours::{AFTER_ALL, BEFORE_ALL};
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::station_status::{StationStatus, StatusColumns};
use crate::{Resource, Result, stored};

/// A station and its present state.
#[derive(Debug, Clone, PartialEq)]
pub struct StationRecord {
    /// Its identifier, name, place and capacity.
    pub station: Station,
    /// Its latest status, when one was reported.
    pub status: Option<StationStatus>,
}

/// Stations to read, and their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StationFilter {
    /// Of this district only.
    pub district: Option<String>,
    /// The last identifier first.
    pub last_first: bool,
}

/// The columns of a [`StationRecord`], for a `WHERE` and an `ORDER BY` to follow.
macro_rules! select_stations {
    ($($rest:literal),+) => {
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
            $($rest),+
        )
    };
}

/// A page of [`select_stations`].
macro_rules! select_page {
    ($wanted:literal, $order:literal) => {
        select_stations!(
            "
            WHERE ",
            $wanted,
            "
            ORDER BY ",
            $order,
            "
            LIMIT $2"
        )
    };
}

/// The statement of a page. Its parameters: the station after which it begins, its length, the
/// district, which is the empty text when none is asked for.
pub(crate) fn page_statement(filter: &StationFilter) -> &'static str {
    const FORWARDS: [&str; 2] = [
        select_page!("$3 = '' AND station_id > $1", "station_id"),
        select_page!("district = $3 AND station_id > $1", "station_id"),
    ];
    const BACKWARDS: [&str; 2] = [
        select_page!("$3 = '' AND station_id < $1", "station_id DESC"),
        select_page!("district = $3 AND station_id < $1", "station_id DESC"),
    ];

    let statements = if filter.last_first {
        BACKWARDS
    } else {
        FORWARDS
    };
    // No district has an empty name.
    let has_district = filter
        .district
        .as_ref()
        .is_some_and(|name| !name.is_empty());
    statements[usize::from(has_district)]
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
        let select = page_statement(filter);

        let beginning = if filter.last_first {
            AFTER_ALL
        } else {
            BEFORE_ALL
        };
        let after = after.map_or(beginning, StationId::as_str);
        let district = filter.district.as_deref().unwrap_or_default();

        let rows: Vec<StationRow> = fetch!(
            query_as,
            fetch_all,
            &self.pool,
            select,
            after,
            i64::from(limit),
            district
        )?;

        rows.into_iter().map(StationRow::read).collect()
    }

    /// The station of this identifier.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_station(&self, station_id: &StationId) -> Result<Option<StationRecord>> {
        const SELECT: &str = select_stations!("WHERE station_id = $1");
        let row: Option<StationRow> = fetch!(
            query_as,
            fetch_optional,
            &self.pool,
            SELECT,
            station_id.as_str()
        )?;
        row.map(StationRow::read).transpose()
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
        // An import every hour that changes nothing leaves the clients' pages good.
        if changed {
            transaction.raise_revision(Resource::Stations, now).await?;
        }
        transaction.commit().await
    }
}

impl Transaction {
    /// Adds or corrects a station; tells whether anything changed.
    async fn save_station(&mut self, station: &Station) -> Result<bool> {
        // The last condition keeps the revision, and the pages of clients, when nothing differs.
        const UPSERT: &str = "
            INSERT INTO stations (
                station_id,
                name,
                district,
                latitude,
                longitude,
                capacity
            )
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

        let rows = execute!(
            self,
            UPSERT,
            station.station_id.as_str(),
            &station.name,
            &station.district,
            station.latitude,
            station.longitude,
            i64::from(station.capacity)
        )?;

        Ok(rows > 0)
    }
}

row! {
    /// A row of [`select_stations`]; the columns of the status are null when there is none.
    struct StationRow {
        station_id: String,
        name: String,
        district: Option<String>,
        latitude: f64,
        longitude: f64,
        capacity: i64,
        bikes_available: Option<i64>,
        docks_available: Option<i64>,
        is_renting: Option<bool>,
        reported_at: Option<i64>,
    }
}

impl StationRow {
    fn read(self) -> Result<StationRecord> {
        let station_id = stored::station(&self.station_id)?;
        let status = StatusColumns {
            bikes_available: self.bikes_available,
            docks_available: self.docks_available,
            is_renting: self.is_renting,
            reported_at: self.reported_at,
        };

        Ok(StationRecord {
            status: status.read(&station_id)?,
            station: Station {
                station_id,
                name: self.name,
                district: self.district,
                latitude: self.latitude,
                longitude: self.longitude,
                capacity: stored::count("capacity", self.capacity)?,
            },
        })
    }
}
