//! What surrounds the hours: weather, events, flows, quality, lineage.

use serde_json::json;

use crate::service::TestService;

// Preuve: C5.5 la météo, les événements et les flux entre stations sont rendus
#[tokio::test]
async fn weather_events_and_flows_are_listed() {
    let service = TestService::start().await;
    let weather = service
        .get("/v1/weather?from=2026-03-01T22:00:00Z&limit=3")
        .await
        .items();
    let forecast: Vec<_> = weather
        .iter()
        .map(|hour| hour["is_forecast"].as_bool().unwrap())
        .collect();
    assert_eq!(
        forecast,
        [false, false, true],
        "the last known hour is 23:00"
    );
    let events = service
        .get("/v1/events?from=2026-03-02T01:30:00Z&limit=1")
        .await;
    assert_eq!(events.items()[0]["event_id"], "EVT-1");
    let next = events.json()["next_cursor"].as_str().unwrap().to_owned();
    let events = service
        .get(&format!(
            "/v1/events?from=2026-03-02T01:30:00Z&limit=1&cursor={next}"
        ))
        .await;
    assert_eq!(
        (
            &events.items()[0]["event_id"],
            &events.json()["next_cursor"]
        ),
        (&json!("EVT-2"), &json!(null))
    );
    let to_two = service
        .get("/v1/trip-flows?month=2026-02&destination=RIV-002")
        .await
        .items();
    assert_eq!(
        to_two[0],
        json!({"month": "2026-02", "origin": "RIV-001", "destination": "RIV-002", "trips": 30})
    );
}

#[tokio::test]
async fn small_flows_are_hidden_with_those_that_would_give_them_away() {
    let service = TestService::start().await;
    let flows = service.get("/v1/trip-flows").await.items();
    let hidden = flows.iter().filter(|flow| flow["trips"].is_null()).count();
    assert_eq!((flows.len(), hidden), (9, 4));
    assert!(
        flows
            .iter()
            .filter_map(|flow| flow["trips"].as_u64())
            .all(|trips| trips >= 5)
    );
    let mut seen = Vec::new();
    let mut path = "/v1/trip-flows?limit=4".to_owned();
    loop {
        let page = service.get(&path).await;
        seen.extend(page.items());
        let Some(next) = page.json()["next_cursor"].as_str().map(str::to_owned) else {
            break;
        };
        path = format!("/v1/trip-flows?limit=4&cursor={next}");
    }
    assert_eq!(seen, flows, "page by page, the same list");
}

// Preuve: C5.5 la qualité et le lignage des données sont rendus : règles, rejets, collectes, empreintes
#[tokio::test]
async fn quality_and_lineage_are_told() {
    let service = TestService::start().await;
    let quality = service.get_as("auditor", "/v1/quality").await.json();
    assert_eq!(
        quality["sources"][0]["rules"][0],
        json!({"rule": "duplicate_trip", "action": "rejected", "rows": 2})
    );
    assert_eq!(
        service
            .get_as("auditor", "/v1/quality/rejects")
            .await
            .items(),
        [json!(null); 0]
    );
    let runs = service.get_as("auditor", "/v1/runs?limit=1").await;
    assert_eq!(runs.items()[0]["run_id"], "20260301T090000Z");
    let next = runs.json()["next_cursor"].as_str().unwrap().to_owned();
    let older = service
        .get_as("auditor", &format!("/v1/runs?cursor={next}"))
        .await
        .items();
    let found = service
        .get_as("auditor", "/v1/runs/20260301T080000Z")
        .await
        .json();
    assert_eq!(older, std::slice::from_ref(&found));
    assert_eq!(found["sources"][0]["files"][0]["sha256"], "0".repeat(64));
    assert_eq!(
        service.get_as("auditor", "/v1/runs/nothing").await.status,
        404
    );
}
