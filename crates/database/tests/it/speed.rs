//! Measures, not tests: `cargo test -p filrouge-database --test it speed -- --ignored --nocapture`.

use std::time::Instant;

use filrouge_database::HourFilter;

use crate::engines::on_each_engine;
use crate::samples::{hour, import, now, read_all, rows, station};

#[tokio::test]
#[ignore = "a measure"]
async fn two_years_of_forty_stations() {
    on_each_engine(|setting| async move {
        let names: Vec<String> = (0..40).map(|number| format!("RIV-{number:03}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let stations: Vec<_> = names.iter().map(|name| station(name)).collect();
        setting.database.save_stations(&stations, now()).await.unwrap();
        let first = hour("2024-03-01T00:00:00Z");
        let given = rows(&names, first, 24 * 730);
        let count = given.len();
        let engine = setting.database.engine();
        let started = Instant::now();
        let report = import(&setting.database, "one", given.clone()).await;
        println!("{engine:?}: {count} rows imported in {:?} ({report:?})", started.elapsed());
        let started = Instant::now();
        import(&setting.database, "two", given).await;
        println!("{engine:?}: imported again, unchanged, in {:?}", started.elapsed());
        let started = Instant::now();
        let read = read_all(&setting.database, 10_000).await.len();
        println!("{engine:?}: {read} rows read in {:?}", started.elapsed());
        let started = Instant::now();
        for page in 0..2000 {
            let filter = HourFilter { from: Some(first + page * 5), ..HourFilter::default() };
            assert_eq!(setting.database.station_hours(&filter, None, 100).await.unwrap().len(), 100);
        }
        println!("{engine:?}: a page of 100 in {:?}", started.elapsed() / 2000);
        let started = Instant::now();
        for page in 0..200 {
            let station_id = Some(names[page % 40].parse().unwrap());
            let filter = HourFilter { station_id, from: Some(first + page as i64 * 50), to: None };
            assert_eq!(setting.database.station_hours(&filter, None, 840).await.unwrap().len(), 840);
        }
        println!("{engine:?}: five weeks of one station in {:?}", started.elapsed() / 200);
    })
    .await;
}
