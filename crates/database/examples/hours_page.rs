//! Time to read a page of station-hours: `cargo run -p filrouge-database --example hours_page`.
//!
//! It compares the page that comes as one text (see `select_hours!`) with the same rows read one by
//! one, on a SQLite file of 100 stations and 60 days.

#![expect(clippy::print_stdout, reason = "a measure is printed")]

use std::time::Instant;

use chrono::DateTime;
use filrouge_database::{Begun, Database, HourFilter, Position};
use filrouge_types::{Conditions, Hour, Station, StationHour, Weather};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqliteRow};

const STATIONS: i64 = 100;
const HOURS: i64 = 60 * 24;
const PAGES: i64 = 1_000;

/// The rows of a page, with the order and the bounds of the first page after an hour.
const ROWS: &str = "
    SELECT
        hour,
        departures,
        event_count,
        conditions_key,
        station_id
    FROM station_hours
    CROSS JOIN stations
    WHERE stations.station_key = station_hours.station_key
        AND hour >= $1
        AND hour < $2
        AND (hour > $1 OR station_id > $3)
    ORDER BY hour, station_id
    LIMIT $4";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("hours.sqlite");
    let database = Database::open_file(&path).await?;
    fill(&database).await?;
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&path)).await?;

    for limit in [100, 1_000] {
        as_text(&database, limit).await?;
        row_by_row(&pool, limit).await?;

        let started = Instant::now();
        as_text(&database, limit).await?;
        println!(
            "{limit} rows, as one text: {:?}",
            started.elapsed() / PAGES as u32
        );

        let started = Instant::now();
        row_by_row(&pool, limit).await?;
        println!(
            "{limit} rows, one by one:  {:?}",
            started.elapsed() / PAGES as u32
        );
    }

    Ok(())
}

async fn as_text(database: &Database, limit: u32) -> filrouge_database::Result<()> {
    for page in 0..PAGES {
        let after = Position {
            hour: hour(page),
            station_id: station_id(50),
        };
        let filter = HourFilter::default();
        database.station_hours(&filter, Some(&after), limit).await?;
    }
    Ok(())
}

async fn row_by_row(pool: &SqlitePool, limit: u32) -> sqlx::Result<()> {
    for page in 0..PAGES {
        let rows = sqlx::query(ROWS)
            .bind(hour(page).hours_since_epoch())
            .bind(i64::MAX)
            .bind(station_id(50).as_str())
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await?;
        rows.iter().try_for_each(read)?;
    }
    Ok(())
}

fn read(row: &SqliteRow) -> sqlx::Result<()> {
    let _: i64 = row.try_get("hour")?;
    let _: i64 = row.try_get("departures")?;
    let _: Option<i64> = row.try_get("event_count")?;
    let _: i64 = row.try_get("conditions_key")?;
    let _: String = row.try_get("station_id")?;
    Ok(())
}

fn hour(number: i64) -> Hour {
    Hour::from_hours_since_epoch(490_000 + number % HOURS)
}

fn station_id(number: i64) -> filrouge_types::StationId {
    format!("RIV-{number:03}")
        .parse()
        .unwrap_or_else(|_| unreachable!("it is an identifier"))
}

async fn fill(database: &Database) -> Result<(), Box<dyn std::error::Error>> {
    let stations: Vec<Station> = (0..STATIONS)
        .map(|number| Station {
            station_id: station_id(number),
            name: format!("Station {number}"),
            district: None,
            latitude: 45.6,
            longitude: 4.1,
            capacity: 20,
        })
        .collect();
    database
        .save_stations(&stations, DateTime::UNIX_EPOCH)
        .await?;

    let begun = database
        .begin_import(&"a".repeat(64), DateTime::UNIX_EPOCH)
        .await?;
    if let Begun::Awaiting(mut importer) = begun {
        let rows = (0..HOURS)
            .flat_map(|number| (0..STATIONS).map(move |station| row(hour(number), station)));
        importer.add(rows.collect::<Vec<_>>()).await?;
        importer.finish(DateTime::UNIX_EPOCH).await?;
    }
    Ok(())
}

fn row(hour: Hour, station: i64) -> StationHour {
    StationHour {
        conditions: Conditions {
            station_id: station_id(station),
            hour,
            weather: Weather::default(),
            is_public_holiday: None,
            is_school_holiday: None,
            event_count: Some(0),
        },
        departures: station as u32,
    }
}
