use std::fs;

use serde_json::json;

use super::schema::violations;
use super::*;
use crate::day::opening;

#[tokio::test]
async fn feeds_obey_the_official_schemas_of_their_version() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/samples/gbfs/schemas"
    );

    for (version, schemas) in [("3", "v3.0"), ("2.3", "v2.3")] {
        for feed in [
            "gbfs",
            "system_information",
            "station_information",
            "station_status",
        ] {
            let schema = fs::read(format!("{folder}/{schemas}/{feed}.json")).unwrap();
            let schema = serde_json::from_slice(&schema).unwrap();
            let found = violations(
                &schema,
                &get_json(&format!("/gbfs/{version}/{feed}.json")).await,
            );

            assert!(found.is_empty(), "{version} {feed}: {found:#?}");
        }
    }
}

#[tokio::test]
async fn version_2_3_says_the_same_in_older_words() {
    let [new, old] = ["3", "2.3"].map(|version| async move {
        get_json(&format!("/gbfs/{version}/station_status.json")).await["data"]["stations"][0]
            .clone()
    });
    let (new, old) = (new.await, old.await);

    assert_eq!(new["num_vehicles_available"], old["num_bikes_available"]);
    assert_eq!(old["last_reported"], json!(1_795_512_600));

    let information = get_json("/gbfs/2.3/station_information.json").await;

    assert_eq!(
        information["data"]["stations"][0]["name"],
        json!(City::new(1).stations()[0].name)
    );

    let feeds = get_json("/gbfs/2.3/gbfs.json").await;

    assert_eq!(
        feeds["data"]["fr"]["feeds"][0]["url"],
        "http://127.0.0.1:8090/gbfs/2.3/system_information.json"
    );
}

#[tokio::test]
async fn every_feed_has_the_envelope_of_3_0() {
    for feed in [
        "gbfs",
        "system_information",
        "vehicle_types",
        "station_information",
        "station_status",
        "system_regions",
    ] {
        let answer = get_json(&format!("/gbfs/3/{feed}.json")).await;
        assert_eq!(answer["last_updated"], "2026-11-24T09:30:00Z", "{feed}");
        assert_eq!(
            (&answer["version"], &answer["ttl"]),
            (&json!("3.0"), &json!(60)),
            "{feed}"
        );
        assert!(answer["data"].is_object(), "{feed}");
    }
}

#[tokio::test]
async fn the_discovery_file_gives_addresses_on_the_host_that_was_asked_and_each_answers() {
    let answer = get_json("/gbfs/3/gbfs.json").await;
    for feed in answer["data"]["feeds"].as_array().unwrap() {
        let url = feed["url"].as_str().unwrap();
        let path = url.strip_prefix("http://127.0.0.1:8090").unwrap();
        assert_eq!(
            path,
            format!("/gbfs/3/{}.json", feed["name"].as_str().unwrap())
        );
        get_json(path).await;
    }
}

/// The rules of `vehicle_types.json` in the specification of 3.0.
#[tokio::test]
async fn vehicle_types_have_what_the_specification_requires() {
    let answer = get_json("/gbfs/3/vehicle_types.json").await;
    let types = answer["data"]["vehicle_types"].as_array().unwrap();
    assert_eq!(types.len(), 2);
    for kind in types {
        assert!(kind["vehicle_type_id"].is_string() && kind["form_factor"] == "bicycle");
        assert!(
            kind["name"]
                .as_array()
                .unwrap()
                .iter()
                .all(|name| name["text"].is_string() && name["language"] == "fr")
        );
        let has_motor = kind["propulsion_type"] != "human";
        assert_eq!(
            kind["max_range_meters"].is_number(),
            has_motor,
            "a range is required of what has a motor"
        );
    }
}

#[tokio::test]
async fn statuses_agree_with_the_stations_their_types_and_their_regions() {
    let information = get_json("/gbfs/3/station_information.json").await;
    let status = get_json("/gbfs/3/station_status.json").await;
    let regions = get_json("/gbfs/3/system_regions.json").await.to_string();
    let [information, status] =
        [&information, &status].map(|feed| feed["data"]["stations"].as_array().unwrap());

    assert_eq!(information.len(), status.len());

    for (station, status) in information.iter().zip(status) {
        assert_eq!(station["station_id"], status["station_id"]);

        let bikes = status["num_vehicles_available"].as_u64().unwrap();

        assert_eq!(
            bikes + status["num_docks_available"].as_u64().unwrap(),
            station["capacity"].as_u64().unwrap()
        );

        let by_type = status["vehicle_types_available"].as_array().unwrap().iter();

        assert_eq!(
            by_type
                .map(|kind| kind["count"].as_u64().unwrap())
                .sum::<u64>(),
            bikes
        );

        assert!(regions.contains(&format!("\"region_id\":{}", station["region_id"])));
    }
}

#[tokio::test]
async fn the_status_follows_the_clock() {
    let clock = FixedClock::at(opening("2026-11-24".parse().unwrap()));
    let router = router(
        City::with_defects(1, DefectRates::NONE),
        Arc::new(clock.clone()),
    );
    let mut answers = Vec::new();

    for _ in 0..3 {
        let request = Request::get("/gbfs/3/station_status.json")
            .body(Body::empty())
            .unwrap();

        let body = router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes();

        answers
            .push(serde_json::from_slice::<Value>(&body).unwrap()["data"]["stations"].to_string());
        clock.advance(chrono::TimeDelta::hours(3));
    }

    answers.dedup();
    assert_eq!(answers.len(), 3);
}
