//! An import killed for good, at ten points, by the system and not by courtesy.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use filrouge_database::{Begun, Database};
use filrouge_types::StationHour;

use crate::engines::on_each_engine;
use crate::samples::{dataset_hash, hour, import, now, read_all, rows, station};

const ADDRESS: &str = "FILROUGE_TEST_DATABASE";
const DAYS: usize = 40;

fn sample() -> Vec<StationHour> {
    rows(
        &["A", "B", "Z"],
        hour("2026-01-01T00:00:00Z"),
        24 * DAYS as i64,
    )
}

// Preuve: C4.5 un import tué à dix endroits donne, relancé, le même état qu’un import sans interruption
#[tokio::test]
async fn an_import_killed_at_ten_points_ends_like_one_that_was_not() {
    on_each_engine(|setting| async move {
        setting
            .database
            .save_stations(&["A", "B"].map(station), now())
            .await
            .unwrap();

        for kill_after in (0..10).map(|point| (point * 7 + 3) % DAYS) {
            run_and_kill(&setting.address, kill_after);
            let read = read_all(&setting.database, 1000).await;
            assert_eq!(read, [], "the whole data set or nothing of it");
        }

        let report = import(&setting.database, "one", sample()).await;

        assert_eq!(
            (report.rows_kept, report.rows_rejected),
            (48 * DAYS as u64, 24 * DAYS as u64)
        );

        let expected: Vec<_> = sample()
            .into_iter()
            .filter(|row| row.conditions.station_id.as_str() != "Z")
            .collect();
        assert_eq!(read_all(&setting.database, 1000).await, expected);

        assert_eq!(
            setting
                .database
                .rejected_rows(None, 10_000)
                .await
                .unwrap()
                .len(),
            24 * DAYS
        );

        if setting.is_sqlite() {
            assert_eq!(
                setting.database.check_integrity().await.unwrap(),
                Vec::<String>::new()
            );
        }
    })
    .await;
}

/// Runs the test below in another process and kills it once it has told of so many days.
fn run_and_kill(address: &str, days: usize) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "killed::an_import_tells_of_its_days_to_the_process_that_kills_it",
            "--nocapture",
        ])
        .env(ADDRESS, address)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();

    let output = BufReader::new(child.stdout.take().unwrap());

    output
        .lines()
        .map_while(Result::ok)
        .filter(|line| line.contains("day"))
        .nth(days);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
#[ignore = "the tests above run and kill this one, and name its database"]
async fn an_import_tells_of_its_days_to_the_process_that_kills_it() {
    let address = std::env::var(ADDRESS).unwrap();
    let database = Database::open(&address).await.unwrap();
    let Begun::Awaiting(mut importer) = database
        .begin_import(&dataset_hash("one"), now())
        .await
        .unwrap()
    else {
        return;
    };
    for (number, day) in sample()
        .chunk_by(|a, b| {
            a.conditions.hour.start().date_naive() == b.conditions.hour.start().date_naive()
        })
        .enumerate()
    {
        importer.add(day.to_vec()).await.unwrap();
        println!("day {number}");
    }
}
