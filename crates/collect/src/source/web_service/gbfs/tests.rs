use std::path::Path;

use filrouge_prerequisites as prerequisites;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::fuzz::fuzz;

fn now() -> DateTime<Utc> {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

fn base() -> Url {
    "http://x/gbfs/gbfs.json".parse().unwrap()
}

fn document(value: Value) -> Document {
    Document { value }
}

#[test]
fn feeds_are_discovered_in_version_3_and_by_language_before() {
    let feed = json!({"feeds": [{"name": "station_status", "url": "http://x/status"}]});
    let relative = json!({"feeds": [{"name": "station_status.json", "url": "../status"}]});
    let bodies = [
        json!({"data": feed}),
        json!({"data": {"nl": {"feeds": []}, "fr": feed}}),
        json!({"data": {"it": feed}}),
        json!({"data": relative}),
    ];
    for body in bodies {
        let feeds = Feeds::read(body.to_string().as_bytes(), "fr", &base()).unwrap();
        assert_eq!(
            feeds.require("station_status").unwrap().as_str(),
            "http://x/status"
        );
        let error = feeds
            .require("station_information")
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "the discovery file lists no `station_information`, only: station_status"
        );
    }
}

#[test]
fn one_status_is_read_the_same_from_every_version() {
    let expected = StationStatus {
        station_id: "42".parse().unwrap(),
        bikes_available: Some(3),
        docks_available: Some(0),
        is_renting: Some(true),
        reported_at: Some(now()),
    };

    for station in [
        json!({"station_id": "42", "num_vehicles_available": 3, "num_docks_available": 0, "is_renting": true,
            "last_reported": "2026-03-01T09:00:00+01:00"}),
        json!({"station_id": 42, "num_bikes_available": 3, "num_docks_available": 0, "is_renting": 1,
            "last_reported": now().timestamp()}),
        json!({"station_id": 42, "num_bikes_available": 3.0, "num_docks_available": "0", "is_renting": "true",
            "last_reported": now().timestamp_millis().to_string()}),
    ] {
        let statuses = document(json!({"data": {"stations": [station]}}))
            .statuses()
            .unwrap();
        assert_eq!(statuses, std::slice::from_ref(&expected));
    }
}

#[test]
fn a_valid_feed_has_no_notes_and_each_oddity_is_told_once_with_its_number() {
    let good = json!({"station_id": "1", "num_vehicles_available": 1, "is_installed": true, "is_renting": true,
        "is_returning": true, "last_reported": "2026-03-01T08:00:00Z"});
    let mut feed = json!({"last_updated": "2026-03-01T08:00:00Z", "ttl": 60, "version": "3.0",
        "data": {"stations": [good]}});

    assert_eq!(
        document(feed.clone())
            .describe("station_status", now())
            .notes,
        [""; 0]
    );

    let mut odd = good;
    odd["station_id"] = json!(7);
    odd["is_renting"] = json!(1);
    odd["num_vehicles_available"] = Value::Null;
    odd["last_reported"] = json!("2026-03-01T09:00:00Z");
    feed["data"]["stations"] = json!([odd, odd]);
    feed.as_object_mut().unwrap().remove("version");

    let expected = [
        "no `version`",
        "`is_renting` is not a boolean, but is understood (2 items)",
        "`last_reported` is in the future (2 items)",
        "`num_vehicles_available` is not a count (2 items)",
        "`station_id` already given by an earlier item (1 items)",
        "`station_id` is not a text (2 items)",
        "no `num_vehicles_available` nor `num_bikes_available` (2 items)",
    ];

    assert_eq!(
        document(feed).describe("station_status", now()).notes,
        expected
    );
}

#[test]
fn the_ttl_counts_from_the_update_and_is_not_believed_beyond_the_limit() {
    let longest = TimeDelta::minutes(5);
    let until = |ttl: i64| {
        let feed = document(json!({"last_updated": now().timestamp(), "ttl": ttl}));
        feed.valid_until(longest)
            .map(|until| (until - now()).num_seconds())
    };

    assert_eq!(
        [until(60), until(0), until(3600), until(-5)],
        [Some(60), Some(0), Some(300), Some(0)]
    );
    assert_eq!(
        document(json!({"lastUpdatedOther": 1, "ttl": 3600})).valid_until(longest),
        None
    );
}

#[test]
fn feeds_that_stray_from_the_standard_are_read_with_a_report_of_what_is_wrong() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/gbfs/odd");

    read_with_a_report(&samples, 4);
}

#[test]
fn the_real_velib_feeds_are_read_with_a_report_of_what_is_wrong() {
    if let Some(folder) = prerequisites::real_data("gbfs/velib-metropole-2024-11-19") {
        read_with_a_report(&folder, 1_485);
    }
}

fn read_with_a_report(folder: &Path, stations: usize) {
    for name in ["station_information", "station_status"] {
        let body = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
        let feed = Document::read(&body).unwrap();
        let summary = feed.describe(name, now());

        assert_eq!(summary.rows, stations, "{name}");
        for note in ["no `last_updated`", "no `version`"] {
            assert!(summary.notes.contains(&note.to_owned()), "{name}: {note}");
        }
        if name == "station_status" {
            assert_eq!(feed.statuses().unwrap().len(), summary.rows);
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_readers_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Feeds::read(&body, "fr", &base());
        let _ = Document::read(&body).map(|document| document.describe("station_status", now()));
    }

    #[test]
    fn no_values_make_the_readers_panic(id in any::<i64>(), time in any::<i64>(), ttl in any::<i64>()) {
        let station = json!({"station_id": id, "last_reported": time, "num_bikes_available": ttl, "is_renting": time});
        let feed = document(json!({"last_updated": time, "ttl": ttl, "data": {"stations": [station]}}));
        feed.describe("station_status", now());
        let _ = (feed.statuses(), feed.valid_until(TimeDelta::minutes(5)));
    }
}

#[test]
fn fuzz_gbfs() {
    fuzz("gbfs", |body| {
        let _ = Feeds::read(body, "fr", &base());
        if let Ok(document) = Document::read(body) {
            let _ = (document.statuses(), document.valid_until(TimeDelta::MAX));
            for name in ["station_information", "station_status", "vehicle_types"] {
                document.describe(name, now());
            }
        }
    });
}
