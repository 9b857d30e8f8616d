//! A small lake: three months of trips between twelve stations, with values missing here and there.

use std::fmt::Write;
use std::path::PathBuf;

use filrouge_lake::{ReadOptions, ingest};
use tempfile::TempDir;

pub(crate) const TRIPS: u64 = 6_000;

const HEADER: &str = "ride_id,started_at,ended_at,start_station_name,start_station_id,end_station_name,end_station_id,\
                      start_lat,start_lng,end_lat,end_lng,member_casual\n";

pub(crate) fn lake(folder: &TempDir) -> PathBuf {
    let lake = folder.path().join("lake");
    let months: Vec<PathBuf> = (1..=3)
        .map(|month| {
            let path = folder.path().join(format!("2026-{month:02}.csv"));
            std::fs::write(&path, table(month)).unwrap();
            path
        })
        .collect();
    ingest(&lake, &months, ReadOptions::default()).unwrap();
    lake
}

fn table(month: u64) -> String {
    let mut table = HEADER.to_owned();
    for row in 0..TRIPS / 3 {
        let (from, to) = (row * 7 % 12, row * 5 % 13);
        let start = if row % 211 == 0 {
            "whenever".to_owned()
        } else {
            instant(month, row, 0)
        };
        let station = if row % 97 == 0 {
            String::new()
        } else {
            format!("S{from}")
        };
        let end = if row % 89 == 0 {
            String::new()
        } else {
            instant(month, row, 1 + row % 58)
        };
        let latitude = 45.6 + from as f64 / 1000.0;
        writeln!(
            table,
            "T{month}-{row},{start},{end},\"Gare, n° {from}\",{station},Place {to},S{to},{latitude},4.1,45.7,4.2,member"
        )
        .unwrap();
    }
    table
}

fn instant(month: u64, row: u64, minutes: u64) -> String {
    format!(
        "2026-{month:02}-{:02} {:02}:{minutes:02}:{:02}.{:03}",
        1 + row % 28,
        row % 24,
        row % 60,
        row % 1000
    )
}
