//! Pages of hours, past or to come: the part that their two tables share.

use std::collections::HashMap;
use std::str::{FromStr, SplitN};

use filrouge_types::{Conditions, Hour, StationId};

use crate::conditions_cache::HourConditions;
use crate::engine::{Access, Database, Transaction};
use crate::per_engine::{Target, fetch, on_engine};
use crate::{DatabaseError, Result};

/// Hours to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HourFilter {
    /// Of this station only.
    pub station_id: Option<StationId>,
    /// Of the stations of this district only.
    pub district: Option<String>,
    /// From this hour on.
    pub from: Option<Hour>,
    /// Up to this hour, without it.
    pub to: Option<Hour>,
    /// The latest hour first; a page then goes on towards the past.
    pub newest_first: bool,
}

/// A place in the order (hour, station): where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The hour of the last row.
    pub hour: Hour,
    /// The station of the last row.
    pub station_id: StationId,
}

impl Position {
    /// The place of a row.
    pub fn of(conditions: &Conditions) -> Self {
        Self {
            hour: conditions.hour,
            station_id: conditions.station_id.clone(),
        }
    }
}

/// One row of either table, its conditions still a key.
struct HourRow {
    hour: Hour,
    station_id: StationId,
    departures: u32,
    event_count: Option<u16>,
    conditions_key: i64,
}

/// The statements of one table, by filter and by order.
pub(crate) struct Statements {
    pub(crate) forwards: Filters,
    pub(crate) backwards: Filters,
    /// The first hour of the table, and the last.
    pub(crate) span: &'static str,
}

pub(crate) struct Filters {
    pub(crate) all_stations: &'static str,
    pub(crate) one_station: &'static str,
    pub(crate) one_district: &'static str,
}

/// Parameters: first hour, end (the last hour, backwards), station after which to begin, limit,
/// line break, then the values that the filter asks for.
///
/// The page comes as one text, a line a row: `hour departures event_count conditions_key
/// station_id`. SQLite runs on a thread of its own, which hands rows over one by one: measured on
/// two busy cores, a page of 1,000 rows takes 0.7 ms as one text and 1.6 ms as rows, and the export
/// of a million rows is made of such pages (`examples/hours_page.rs`, `cargo xtask bench
/// data-api`). An identifier holds no line break, and comes last because it may hold spaces.
///
/// `CROSS JOIN` fixes SQLite's order of loops, so that rows come in the order of an index and
/// reading stops at the limit; PostgreSQL sees an inner join.
macro_rules! select_hours {
    ($table:literal, $departures:literal) => {{
        use $crate::hours::{Filters, Statements};
        Statements {
            forwards: select_hours!(
                $table,
                $departures,
                "AND hour < $2 AND (hour > $1 OR station_id > $3) ",
                "hour, station_id",
                "hour"
            ),
            backwards: select_hours!(
                $table,
                $departures,
                "AND hour <= $2 AND (hour < $2 OR station_id < $3) ",
                "hour DESC, station_id DESC",
                "hour DESC"
            ),
            // Two questions: each is answered by one end of the index, both at once by none.
            span: concat!(
                "SELECT (SELECT MIN(hour) FROM ",
                $table,
                "), (SELECT MAX(hour) FROM ",
                $table,
                ")"
            ),
        }
    }};
    ($table:literal, $departures:literal, $bounds:literal, $order:literal, $order_of_one:literal) => {
        Filters {
            all_stations: select_hours!(
                $table,
                $departures,
                concat!($table, " CROSS JOIN stations"),
                $bounds,
                "",
                $order
            ),
            one_station: select_hours!(
                $table,
                $departures,
                concat!("stations CROSS JOIN ", $table),
                $bounds,
                "AND station_id = $6 AND ($7 = '' OR district = $7)",
                $order_of_one
            ),
            one_district: select_hours!(
                $table,
                $departures,
                concat!("stations CROSS JOIN ", $table),
                $bounds,
                "AND district = $6",
                $order
            ),
        }
    };
    ($table:literal, $departures:literal, $from:expr, $bounds:literal, $condition:literal, $order:literal) => {
        concat!(
            "
            SELECT string_agg(
                hour || ' ' || departures || ' ' || COALESCE(event_count, -1) || ' ' || conditions_key
                    || ' ' || station_id,
                $5
            )
            FROM (
                SELECT hour, ",
            $departures,
            " AS departures, event_count, conditions_key, station_id
                FROM ",
            $from,
            "
                WHERE stations.station_key = ",
            $table,
            ".station_key
                    AND hour >= $1 ",
            $bounds,
            $condition,
            "
                ORDER BY ",
            $order,
            "
                LIMIT $4
            ) AS page"
        )
    };
}
pub(crate) use select_hours;

/// Comes after every identifier.
pub(crate) const AFTER_ALL: &str = "\u{10FFFF}";
/// Comes before every identifier: each has at least one character.
pub(crate) const BEFORE_ALL: &str = "";

/// One page, as the statement of its filter asks for it.
struct PageQuery<'a> {
    statement: &'static str,
    first: i64,
    end: i64,
    after_station: &'a str,
    limit: i64,
    /// The parameters of the statement's own filter.
    filters: [Option<&'a str>; 2],
    newest_first: bool,
}

impl<'a> PageQuery<'a> {
    fn new(
        statements: &'static Statements,
        filter: &'a HourFilter,
        after: Option<&'a Position>,
        limit: u32,
    ) -> Self {
        let (statement, filters) = statement_of(statements, filter);
        let (first, end, after_station) = bounds(filter, after);

        Self {
            statement,
            first,
            end,
            after_station,
            limit: i64::from(limit),
            filters,
            newest_first: filter.newest_first,
        }
    }
}

/// The first hour, the end and the station after which the page begins.
fn bounds<'a>(filter: &HourFilter, after: Option<&'a Position>) -> (i64, i64, &'a str) {
    let from = filter.from.map_or(i64::MIN, Hour::hours_since_epoch);
    let end = filter.to.map_or(i64::MAX, Hour::hours_since_epoch);
    let after = after.map(|position| {
        (
            position.hour.hours_since_epoch(),
            position.station_id.as_str(),
        )
    });

    // A position outside the filter's hours says nothing.
    if filter.newest_first {
        let (last, station) = after
            .filter(|(hour, _)| *hour < end)
            .unwrap_or((end.saturating_sub(1), AFTER_ALL));
        (from, last, station)
    } else {
        let (first, station) = after
            .filter(|(hour, _)| *hour >= from)
            .unwrap_or((from, BEFORE_ALL));
        (first, end, station)
    }
}

fn statement_of<'a>(
    statements: &'static Statements,
    filter: &'a HourFilter,
) -> (&'static str, [Option<&'a str>; 2]) {
    let statements = if filter.newest_first {
        &statements.backwards
    } else {
        &statements.forwards
    };

    match (&filter.station_id, filter.district.as_deref()) {
        (Some(station_id), district) => (
            statements.one_station,
            [
                Some(station_id.as_str()),
                Some(district.unwrap_or_default()),
            ],
        ),
        (None, Some(district)) => (statements.one_district, [Some(district), None]),
        (None, None) => (statements.all_stations, [None, None]),
    }
}

/// The spans of hours in which a page of a district is looked for, one after the other, each twice
/// as long as the one before.
///
/// The hours of a few stations are found by the index of each, and must then be put in order: a
/// short span leaves few of them to read. The first is as long as a page when each station counts
/// every hour.
struct Spans<'a> {
    first: i64,
    /// Included.
    last: i64,
    after_station: &'a str,
    hours: i64,
    newest_first: bool,
}

impl<'a> Spans<'a> {
    /// Spans of the hours of the table, from `oldest` to `newest`, that `filter` asks for.
    fn new(
        filter: &HourFilter,
        after: Option<&'a Position>,
        (oldest, newest): (i64, i64),
        hours: i64,
    ) -> Self {
        let (first, end, after_station) = bounds(filter, after);
        let last = if filter.newest_first {
            end
        } else {
            end.saturating_sub(1)
        };

        // A page that begins outside of the table begins at its edge, before every station.
        let (is_outside, edge) = match filter.newest_first {
            true => (last > newest, AFTER_ALL),
            false => (first < oldest, BEFORE_ALL),
        };
        Self {
            first: first.max(oldest),
            last: last.min(newest),
            after_station: if is_outside { edge } else { after_station },
            hours: hours.max(1),
            newest_first: filter.newest_first,
        }
    }
}

/// First hour, end and station, as the statement of a page takes them.
impl<'a> Iterator for Spans<'a> {
    type Item = (i64, i64, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.first > self.last {
            return None;
        }

        let station = self.after_station;
        let span = if self.newest_first {
            let (first, last) = ((self.last - self.hours + 1).max(self.first), self.last);
            (self.last, self.after_station) = (first - 1, AFTER_ALL);
            (first, last, station)
        } else {
            let (first, end) = (self.first, (self.first + self.hours).min(self.last + 1));
            (self.first, self.after_station) = (end, BEFORE_ALL);
            (first, end, station)
        };
        self.hours = self.hours.saturating_mul(2);
        Some(span)
    }
}

/// Runs the statement of a page; null when the page is empty.
macro_rules! fetch_page {
    ($target:expr, $query:expr) => {
        on_engine!($target, |target| {
            let mut select = sqlx::query_scalar($query.statement)
                .bind($query.first)
                .bind($query.end)
                .bind($query.after_station)
                .bind($query.limit)
                // A parameter: `char(10)` is SQLite alone, `chr(10)` PostgreSQL alone.
                .bind("\n");
            for parameter in $query.filters.into_iter().flatten() {
                select = select.bind(parameter);
            }
            select.fetch_one(Target::executor(target)).await
        })
    };
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
        let query = PageQuery::new(statements, filter, after, limit);
        if let (None, Some(district)) = (&filter.station_id, &filter.district) {
            let mut transaction = self.begin(Access::Snapshot).await?;
            let spans = transaction
                .spans_of_district(statements, (filter, after), (district.as_str(), limit))
                .await?;
            return self.read_spans(transaction, query, spans).await;
        }

        let page = fetch_page!(&self.pool, &query)?;
        let rows = read_page(page, query.newest_first)?;

        let keys = rows.iter().map(|row| row.conditions_key);
        if let Some(conditions) = self.conditions_cache.find_all(keys) {
            return Ok(rows.into_iter().zip(conditions).map(join).collect());
        }
        self.read_hours_anew(&query).await
    }

    async fn read_hours_anew(&self, query: &PageQuery<'_>) -> Result<Vec<(Conditions, u32)>> {
        let mut transaction = self.begin(Access::Snapshot).await?;
        let page = fetch_page!(&mut transaction, query)?;
        let rows = read_page(page, query.newest_first)?;
        self.join_anew(transaction, rows).await
    }

    /// Reads one span after the other until the page is full.
    async fn read_spans<'a>(
        &self,
        mut transaction: Transaction,
        mut query: PageQuery<'a>,
        spans: Option<Spans<'a>>,
    ) -> Result<Vec<(Conditions, u32)>> {
        let limit = query.limit;
        let mut rows = Vec::new();

        for (first, end, after_station) in spans.into_iter().flatten() {
            query.limit = limit - rows.len() as i64;
            if query.limit == 0 {
                break;
            }
            (query.first, query.end, query.after_station) = (first, end, after_station);
            let page = fetch_page!(&mut transaction, &query)?;
            rows.extend(read_page(page, query.newest_first)?);
        }
        self.join_anew(transaction, rows).await
    }

    async fn join_anew(
        &self,
        mut transaction: Transaction,
        rows: Vec<HourRow>,
    ) -> Result<Vec<(Conditions, u32)>> {
        let (Some(one), Some(other)) = (rows.first(), rows.last()) else {
            return Ok(Vec::new());
        };

        // The page may be in either order.
        let (first, last) = (one.hour.min(other.hour), one.hour.max(other.hour));
        let conditions = transaction.hour_conditions(first, last).await?;
        transaction.commit().await?;

        // After the commit: nothing is kept of a reading that failed.
        self.conditions_cache.keep(&conditions);
        rows.into_iter()
            .map(|row| join_by_key(row, &conditions))
            .collect()
    }
}

impl Transaction {
    /// The spans of a page of a district; none when it has no station, or the table no hour.
    async fn spans_of_district<'a>(
        &mut self,
        statements: &'static Statements,
        (filter, after): (&HourFilter, Option<&'a Position>),
        (district, limit): (&str, u32),
    ) -> Result<Option<Spans<'a>>> {
        const STATIONS: &str = "SELECT COUNT(*) FROM stations WHERE district = $1";

        let stations: i64 = fetch!(query_scalar, fetch_one, self, STATIONS, district)?;
        let (oldest, newest): (Option<i64>, Option<i64>) =
            fetch!(query_as, fetch_one, self, statements.span)?;

        let table = oldest.zip(newest).filter(|_| stations > 0);
        Ok(table.map(|table| {
            let hours = i64::from(limit).div_euclid(stations) + 1;
            Spans::new(filter, after, table, hours)
        }))
    }
}

/// The order of an aggregate is not promised by the engines, so it is made sure of; it costs
/// nothing when it is there.
fn read_page(page: Option<String>, newest_first: bool) -> Result<Vec<HourRow>> {
    let page = page.unwrap_or_default();
    let mut rows = page.lines().map(read_row).collect::<Result<Vec<_>>>()?;
    rows.sort_by(|one, other| (one.hour, &one.station_id).cmp(&(other.hour, &other.station_id)));
    if newest_first {
        rows.reverse();
    }
    Ok(rows)
}

fn read_row(line: &str) -> Result<HourRow> {
    let mut fields = line.splitn(5, ' ');

    Ok(HourRow {
        hour: Hour::from_hours_since_epoch(read_field(&mut fields, "hour")?),
        departures: read_field(&mut fields, "departures")?,
        // -1, for none, is no `u16`.
        event_count: u16::try_from(read_field::<i64>(&mut fields, "event_count")?).ok(),
        conditions_key: read_field(&mut fields, "conditions_key")?,
        station_id: read_field(&mut fields, "station_id")?,
    })
}

fn read_field<T: FromStr<Err: ToString>>(
    fields: &mut SplitN<'_, char>,
    column: &'static str,
) -> Result<T> {
    let text = fields
        .next()
        .ok_or_else(|| DatabaseError::corrupt(column, "it is missing"))?;

    text.parse()
        .map_err(|error: T::Err| DatabaseError::corrupt(column, error))
}

fn join_by_key(
    row: HourRow,
    conditions: &HashMap<i64, HourConditions>,
) -> Result<(Conditions, u32)> {
    let found = conditions
        .get(&row.conditions_key)
        .ok_or_else(|| DatabaseError::corrupt("conditions_key", "it leads nowhere"))?;

    Ok(join((row, *found)))
}

fn join((row, found): (HourRow, HourConditions)) -> (Conditions, u32) {
    let conditions = Conditions {
        station_id: row.station_id,
        hour: row.hour,
        weather: found.weather,
        is_public_holiday: found.is_public_holiday,
        is_school_holiday: found.is_school_holiday,
        event_count: row.event_count,
    };

    (conditions, row.departures)
}
