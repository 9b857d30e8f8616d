use std::collections::HashMap;

use chrono::{DateTime, Utc};
use filrouge_types::StationId;

use crate::disclosure::{CountTable, PublishedTable};
use crate::engine::{Access, Database, Transaction};
use crate::per_engine::{execute, fetch, insert_all};
use crate::row::row;
use crate::{Resource, Result, stored};

/// Trips of a month from a station to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TripFlow {
    /// The month, such as 202603.
    pub month: u32,
    /// Their origin.
    pub origin: StationId,
    /// Their destination.
    pub destination: StationId,
    /// Their number; none when the count is hidden, so that no small group shows.
    pub trips: Option<u64>,
}

/// Flows to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlowFilter {
    /// Of this month only.
    pub month: Option<u32>,
    /// From this station only.
    pub origin: Option<StationId>,
    /// To this station only.
    pub destination: Option<StationId>,
}

/// End of a page of flows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowPosition {
    /// The month of the last row.
    pub month: u32,
    /// Its origin.
    pub origin: StationId,
    /// Its destination.
    pub destination: StationId,
}

macro_rules! select_flows {
    ($from:literal, $wanted:literal) => {
        concat!(
            "
            SELECT
                month,
                origins.station_id AS origin,
                destinations.station_id AS destination,
                trips
            FROM ",
            $from,
            "
            WHERE origins.station_key = origin_key
                AND destinations.station_key = destination_key
                AND ",
            $wanted,
            "
                AND month BETWEEN $4 AND $1
                AND (month, origins.station_id, destinations.station_id) > ($5, $6, $7)
            ORDER BY month, origins.station_id, destinations.station_id
            LIMIT $8"
        )
    };
}

/// The statement of a page. Its parameters: the last month; origin and destination, each the empty
/// text when it is not asked for; the first month; the month, origin and destination of the row
/// after which the page begins; its length.
///
/// `month BETWEEN` repeats a bound of the comparison that follows: one over three tables uses no
/// index. `CROSS JOIN` fixes SQLite's order of loops; PostgreSQL sees an inner join.
pub(crate) fn page_statement(filter: &FlowFilter) -> &'static str {
    const OF_MONTHS: &str = select_flows!(
        "trip_flows CROSS JOIN stations AS origins CROSS JOIN stations AS destinations",
        "$2 = '' AND $3 = ''"
    );
    const FROM_ORIGIN: &str = select_flows!(
        "stations AS origins CROSS JOIN trip_flows CROSS JOIN stations AS destinations",
        "origins.station_id = $2 AND ($3 = '' OR destinations.station_id = $3)"
    );
    const TO_DESTINATION: &str = select_flows!(
        "stations AS destinations CROSS JOIN trip_flows CROSS JOIN stations AS origins",
        "$2 = '' AND destinations.station_id = $3"
    );

    match (&filter.origin, &filter.destination) {
        (Some(_), _) => FROM_ORIGIN,
        (None, Some(_)) => TO_DESTINATION,
        (None, None) => OF_MONTHS,
    }
}

impl Database {
    /// Flows in order of (month, origin, destination), after `after`, at most `limit`. Flows of no
    /// trip are not rows.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn trip_flows(
        &self,
        filter: &FlowFilter,
        after: Option<&FlowPosition>,
        limit: u32,
    ) -> Result<Vec<TripFlow>> {
        let select = page_statement(filter);
        let name =
            |station: Option<&StationId>| station.map_or(String::new(), StationId::to_string);

        let rows: Vec<FlowRow> = fetch!(
            query_as,
            fetch_all,
            &self.pool,
            select,
            filter.month.map_or(i64::MAX, i64::from),
            name(filter.origin.as_ref()),
            name(filter.destination.as_ref()),
            after
                .map(|position| position.month)
                .max(filter.month)
                .map_or(0, i64::from),
            after.map_or(0, |position| i64::from(position.month)),
            name(after.map(|position| &position.origin)),
            name(after.map(|position| &position.destination)),
            i64::from(limit)
        )?;

        rows.into_iter().map(FlowRow::read).collect()
    }

    /// Replaces the flows of a month by the counts that may be shown; false when none may.
    /// Trips from or to a station that is not known here are left out.
    ///
    /// The totals by station are public (departures by station and hour), so hiding takes them as
    /// known.
    ///
    /// # Errors
    /// When the database does not answer: nothing is then changed.
    pub async fn replace_trip_flows(
        &self,
        month: u32,
        counts: &CountTable,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut transaction = self.begin(Access::Write).await?;
        let keys = transaction.station_keys().await?;
        let known = |station: &str| keys.contains_key(station);
        // Before hiding: a station that is unknown here may not count in a total either.
        let published = counts
            .filtered(|origin, destination| known(origin) && known(destination))
            .published(false);

        transaction.remove_flows(month).await?;
        if let Some(table) = &published {
            transaction.add_flows(month, table, &keys).await?;
        }

        transaction.raise_revision(Resource::TripFlows, now).await?;
        transaction.commit().await?;
        Ok(published.is_some())
    }

    /// The months whose flows were imported.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn flow_months(&self) -> Result<Vec<u32>> {
        const SELECT: &str = "SELECT DISTINCT month FROM trip_flows ORDER BY month";
        let months: Vec<i64> = fetch!(query_scalar, fetch_all, &self.pool, SELECT)?;
        Ok(months
            .into_iter()
            .filter_map(|month| u32::try_from(month).ok())
            .collect())
    }
}

impl Transaction {
    async fn remove_flows(&mut self, month: u32) -> Result<()> {
        const DELETE: &str = "DELETE FROM trip_flows WHERE month = $1";
        execute!(self, DELETE, i64::from(month))?;
        Ok(())
    }

    async fn add_flows(
        &mut self,
        month: u32,
        table: &PublishedTable,
        keys: &HashMap<String, i64>,
    ) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO trip_flows (
                month,
                origin_key,
                destination_key,
                trips
            ) ";

        insert_all!(self, INSERT, flows(table, keys), |(
            origin,
            destination,
            trips,
        )| [
            i64::from(month),
            origin,
            destination,
            trips
        ]);

        Ok(())
    }
}

/// The cells of a table that become rows: keys of both stations, and the count unless it is hidden.
fn flows(table: &PublishedTable, keys: &HashMap<String, i64>) -> Vec<(i64, i64, Option<i64>)> {
    let mut flows = Vec::new();

    for (origin, line) in table.rows.iter().zip(&table.counts) {
        for (destination, trips) in table.columns.iter().zip(line) {
            // Absent pairs are the most of the table; a hidden count is not absent.
            if let (Some(origin), Some(destination)) = (keys.get(origin), keys.get(destination))
                && *trips != Some(0)
            {
                flows.push((*origin, *destination, trips.map(|trips| trips as i64)));
            }
        }
    }

    flows
}

row! {
    struct FlowRow {
        month: i64,
        origin: String,
        destination: String,
        trips: Option<i64>,
    }
}

impl FlowRow {
    fn read(self) -> Result<TripFlow> {
        Ok(TripFlow {
            month: stored::count("month", self.month)?,
            origin: stored::station(&self.origin)?,
            destination: stored::station(&self.destination)?,
            trips: self.trips.map(|trips| trips as u64),
        })
    }
}
