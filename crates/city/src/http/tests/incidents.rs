use super::*;
use crate::incidents::{Incident, IncidentKind};

/// The city half an hour after something happened.
fn city_with(kind: IncidentKind) -> City {
    City::new(1).with_incidents([Incident::since(
        "2026-11-24T09:00:00Z".parse().unwrap(),
        kind,
    )])
}

#[tokio::test]
async fn a_feed_that_is_down_answers_503_and_the_others_answer() {
    let down = || {
        city_with(IncidentKind::FeedDown {
            path: "/gbfs".to_owned(),
        })
    };
    assert_eq!(
        get_from(down(), "/gbfs/3/gbfs.json").await.0,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(get_from(down(), "/agenda").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_change_of_schema_renames_the_counts_of_the_status() {
    let (_, body) = get_from(
        city_with(IncidentKind::SchemaChange),
        "/gbfs/3/station_status.json",
    )
    .await;
    let status: Value = serde_json::from_str(&body).unwrap();
    let station = &status["data"]["stations"][0];
    assert!(
        station["num_vehicles_available"].is_null() && station["vehicles"].is_u64(),
        "{station}"
    );
}
