use chrono::DateTime;
use filrouge_database::Begun;

use super::*;

const QUIET: Duration = Duration::from_millis(5);

/// The revision after the import of one row.
async fn revision_after_import(database: &Database, digit: &str, departures: u32) -> i64 {
    let row = serde_json::json!({"station_id": "A", "hour": "2026-03-01T00:00:00Z", "departures": departures});
    let begun = database
        .begin_import(&digit.repeat(64), DateTime::UNIX_EPOCH)
        .await
        .unwrap();
    let Begun::Awaiting(mut importer) = begun else {
        panic!("this data set was imported before")
    };

    importer
        .add(vec![serde_json::from_value(row).unwrap()])
        .await
        .unwrap();
    importer.finish(DateTime::UNIX_EPOCH).await.unwrap();

    database
        .read_revision(Resource::StationHours)
        .await
        .unwrap()
}

async fn wait_until_ready(exports: &Exports, number: i64) {
    let revision = Revision::new(number).written_as(Media::Parquet);
    let request = ExportRequest {
        filter: HourFilter::default(),
        revision,
    };
    while exports.files.find(&request).is_none() {
        tokio::time::sleep(QUIET).await;
    }
}

#[tokio::test]
async fn the_export_is_ready_before_anyone_asks_each_time_the_rows_have_changed() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_file(&folder.path().join("test.sqlite"))
        .await
        .unwrap();
    let station = serde_json::json!({"station_id": "A", "name": "A", "latitude": 0, "longitude": 0, "capacity": 1});

    database
        .save_stations(
            &[serde_json::from_value(station).unwrap()],
            DateTime::UNIX_EPOCH,
        )
        .await
        .unwrap();

    let exports = Exports::new(1);
    let keeper = tokio::spawn(exports.clone().keep_ready(database.clone(), QUIET));
    let mut last = 0;

    for (departures, digit) in ["a", "b"].into_iter().enumerate() {
        let revision = revision_after_import(&database, digit, departures as u32).await;
        assert!(revision > last);

        tokio::time::timeout(
            Duration::from_secs(60),
            wait_until_ready(&exports, revision),
        )
        .await
        .unwrap();

        last = revision;
    }

    keeper.abort();
}
