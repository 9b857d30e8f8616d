use serde_json::json;

use crate::service::TestService;

// Preuve: C5.5 les stations et leur disponibilité sont rendues telles que la base les tient
#[tokio::test]
async fn stations_are_listed_with_their_latest_status() {
    let service = TestService::start().await;
    let answer = service.get("/v1/stations").await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!(body["next_cursor"], json!(null));
    assert_eq!(
        body["items"][0],
        json!({
            "station_id": "RIV-001", "name": "Station 0", "district": null, "latitude": 45.6, "longitude": 4.1,
            "capacity": 20, "bikes_available": null, "docks_available": null, "reported_at": null,
        })
    );
    assert_eq!(body["items"][1]["bikes_available"], 7);
    assert_eq!(body["items"][1]["reported_at"], "2026-03-02T00:20:00Z");
}

#[tokio::test]
async fn following_the_links_visits_every_station_once() {
    let service = TestService::start().await;
    let mut path = "/v1/stations?limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let answer = service.get(&path).await;
        seen.extend(
            answer
                .items()
                .iter()
                .map(|item| item["station_id"].as_str().unwrap().to_owned()),
        );
        let link = answer.header("link").to_owned();
        assert_eq!(link.is_empty(), answer.json()["next_cursor"].is_null());
        let Some(next) = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""))
        else {
            break;
        };
        path = next.to_owned();
    }
    assert_eq!(seen, ["RIV-001", "RIV-002", "RIV-003"]);
}

#[tokio::test]
async fn one_station_is_found_by_its_identifier_or_is_not() {
    let service = TestService::start().await;

    assert_eq!(
        service.get("/v1/stations/RIV-002").await.json()["name"],
        "Station 1"
    );

    let absent = service.get("/v1/stations/RIV-999").await;

    assert_eq!(
        (absent.status.as_u16(), &absent.json()["type"]),
        (404, &json!("/problems/not-found"))
    );

    let malformed = service.get("/v1/stations/%20").await;

    assert_eq!(
        (malformed.status.as_u16(), &malformed.json()["field"]),
        (400, &json!("station_id"))
    );
}
