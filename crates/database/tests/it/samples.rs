use chrono::{DateTime, Utc};
use filrouge_database::{Begun, Database, HourFilter, ImportReport, Position};
use filrouge_types::{Conditions, Hour, Station, StationHour, StationId, Weather};

pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-01T08:20:00Z".parse().unwrap()
}

pub(crate) fn id(text: &str) -> StationId {
    text.parse().unwrap()
}

pub(crate) fn hour(text: &str) -> Hour {
    text.parse().unwrap()
}

pub(crate) fn station(station_id: &str) -> Station {
    Station {
        station_id: id(station_id),
        name: format!("Station {station_id}"),
        district: Some("Centre".to_owned()),
        latitude: 45.6,
        longitude: 4.1,
        capacity: 20,
    }
}

/// A row whose weather depends on the hour alone, as that of one city does.
pub(crate) fn row(station_id: &str, hour: Hour, departures: u32) -> StationHour {
    let hours = hour.hours_since_epoch();
    let weather = Weather {
        temperature_c: Some((hours % 30) as f32 + 0.1),
        relative_humidity_pct: Some(55.5),
        weather_code: Some((hours % 4) as u8),
        ..Weather::default()
    };

    let conditions = Conditions {
        station_id: id(station_id),
        hour,
        weather,
        is_public_holiday: Some(false),
        is_school_holiday: None,
        event_count: Some((hours % 3) as u16),
    };

    StationHour {
        conditions,
        departures,
    }
}

/// `hours` hours of the stations, in the order of an import.
pub(crate) fn rows(stations: &[&str], first: Hour, hours: i64) -> Vec<StationHour> {
    (0..hours)
        .flat_map(|offset| {
            stations
                .iter()
                .enumerate()
                .map(move |(rank, station)| (offset, rank, *station))
        })
        .map(|(offset, rank, station)| {
            row(station, first + offset, (offset as u32) % 7 + rank as u32)
        })
        .collect()
}

/// A hash that names a data set; tests need it to differ, not to be true.
pub(crate) fn dataset_hash(name: &str) -> String {
    format!(
        "{:0>64}",
        name.bytes()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    )
}

pub(crate) async fn import(
    database: &Database,
    name: &str,
    rows: Vec<StationHour>,
) -> ImportReport {
    match database
        .begin_import(&dataset_hash(name), now())
        .await
        .unwrap()
    {
        Begun::AlreadyDone(report) => report,
        Begun::Awaiting(mut importer) => {
            importer.add(rows).await.unwrap();
            importer.finish(now()).await.unwrap()
        }
    }
}

/// All the station-hours, read page by page.
pub(crate) async fn read_all(database: &Database, limit: u32) -> Vec<StationHour> {
    let mut all: Vec<StationHour> = Vec::new();

    loop {
        let after = all.last().map(|row| Position {
            hour: row.conditions.hour,
            station_id: row.conditions.station_id.clone(),
        });
        let page = database
            .station_hours(&HourFilter::default(), after.as_ref(), limit)
            .await
            .unwrap();

        let is_last = page.len() < limit as usize;

        all.extend(page);
        if is_last {
            return all;
        }
    }
}
