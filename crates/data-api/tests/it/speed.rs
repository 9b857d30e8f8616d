//! Measures, not tests: `cargo test -p filrouge-data-api --test it speed -- --ignored --nocapture`.

use std::time::Instant;

use filrouge_types::Station;

use crate::service::{STATIONS, TestService, first_hour, import, now, sample};

const PAGES: u32 = 5000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measure"]
async fn pages_of_a_hundred_station_hours() {
    let service = TestService::start().await;
    let names: Vec<String> = (0..40).map(|number| format!("RIV-{number:03}")).collect();
    let template = service.database.find_station(&STATIONS[0].parse().unwrap()).await.unwrap().unwrap().station;
    let station = |name: &String| Station { station_id: name.parse().unwrap(), ..template.clone() };
    service.database.save_stations(&names.iter().map(station).collect::<Vec<_>>(), now()).await.unwrap();
    let model = &sample()[0];
    let rows = (0..24 * 100).flat_map(|offset| names.iter().map(move |name| (offset, name)));
    let rows = rows.map(|(offset, name)| {
        let mut row = model.clone();
        row.conditions.station_id = name.parse().unwrap();
        row.conditions.hour = first_hour() + offset;
        row.conditions.weather.wind_speed_kmh = Some((offset % 50) as f32 + 0.3);
        row.conditions.weather.relative_humidity_pct = Some((offset % 100) as f32);
        row
    });
    import(&service.database, "b", rows.collect()).await;

    let token = format!("Bearer {}", service.token("reader").await);
    let bearer = [("authorization", token.as_str())];
    for round in ["cold", "warm", "warm"] {
        let started = Instant::now();
        for page in 0..PAGES {
            let from = first_hour() + i64::from(page % 2300);
            let answer = service.get_with(&format!("/v1/station-hours?limit=100&from={from}"), &bearer).await;
            assert_eq!(answer.status, 200);
        }
        println!("{round}: {:?} a page, one after the other", started.elapsed() / PAGES);
    }
    let started = Instant::now();
    for _ in 0..PAGES {
        service.get_with("/v1/stations?limit=0", &bearer).await;
    }
    println!("refused before the database: {:?}", started.elapsed() / PAGES);
}
