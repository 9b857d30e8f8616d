use serde_json::json;

use crate::service::TestService;

// Preuve: C5.5 les départs par station et par heure sont rendus avec toutes les colonnes du contrat
#[tokio::test]
async fn an_hour_has_every_column_of_the_contract() {
    let service = TestService::start().await;
    let items = service.get("/v1/station-hours?limit=1&from=2026-03-01T05:00:00Z").await.items();
    assert_eq!(
        items,
        [json!({
            "station_id": "RIV-001", "hour": "2026-03-01T05:00:00Z", "departures": 5, "temperature_c": 5.1,
            "apparent_temperature_c": null, "relative_humidity_pct": null, "wind_speed_kmh": null,
            "precipitation_mm": null, "weather_code": 61, "is_public_holiday": false, "is_school_holiday": null,
            "event_count": 0,
        })]
    );
    let mut names: Vec<_> = items[0].as_object().unwrap().keys().cloned().collect();
    let mut contract = filrouge_types::CONTRACT_COLUMNS;
    names.sort();
    contract.sort_unstable();
    assert_eq!(names, contract);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let service = TestService::start().await;
    for limit in [1, 5, 71, 72, 1000] {
        let mut path = format!("/v1/station-hours?limit={limit}");
        let mut seen = Vec::new();
        loop {
            let answer = service.get(&path).await;
            assert!(answer.items().len() <= limit);
            seen.extend(answer.items().iter().map(|item| format!("{} {}", item["hour"], item["station_id"])));
            let Some(cursor) = answer.json()["next_cursor"].as_str().map(str::to_owned) else { break };
            path = format!("/v1/station-hours?limit={limit}&cursor={cursor}");
        }
        assert_eq!(seen.len(), 72, "{limit}");
        assert!(seen.is_sorted_by(|one, other| one < other), "{limit}");
    }
}

#[tokio::test]
async fn filters_narrow_the_list_and_stay_in_its_links() {
    let service = TestService::start().await;
    let (from, to) = ("2026-03-01T05:00:00Z", "2026-03-01T08:00:00Z");
    let cases = [
        (format!("?from={from}&to={to}"), 9),
        (format!("?from={from}&to={to}&station_id=RIV-002"), 3),
        (format!("?to={from}"), 15),
        (format!("?from={from}&to={from}"), 0),
        ("?station_id=RIV-999".to_owned(), 0),
        ("?from=2026-03-01T06:00:00%2B01:00&to=2026-03-01T06:00:00Z".to_owned(), 3),
    ];
    for (query, count) in cases {
        let answer = service.get(&format!("/v1/station-hours{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.items().len()), (200, count), "{query}");
    }
    let first = service.get(&format!("/v1/station-hours?from={from}&limit=2&station_id=RIV-002")).await;
    assert!(
        first
            .header("link")
            .starts_with("</v1/station-hours?from=2026-03-01T05:00:00Z&limit=2&station_id=RIV-002&cursor=")
    );
}

#[tokio::test]
async fn the_hours_to_come_have_conditions_and_no_departures() {
    let service = TestService::start().await;
    let items = service.get("/v1/conditions?station_id=RIV-003").await.items();
    assert_eq!((items.len(), &items[0]["hour"]), (6, &json!("2026-03-02T00:00:00Z")));
    assert!(items[0].get("departures").is_none());
    assert_eq!(items[0].as_object().unwrap().len(), filrouge_types::CONTRACT_COLUMNS.len() - 1);
}

#[tokio::test]
async fn each_fault_of_a_query_is_named() {
    let service = TestService::start().await;
    let cases = [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=1", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=", "cursor"),
        ("from=yesterday", "from"),
        ("from=2026-03-01T08:30:00Z", "from"),
        ("from=2026-03-01T06:00:00+01:00", "from"),
        ("from=2026-03-01T08:00:00Z&to=2026-03-01T07:00:00Z", "to"),
        ("station_id=", "station_id"),
        ("stations=RIV-001", "stations"),
    ];
    for path in ["/v1/station-hours", "/v1/conditions"] {
        for (query, field) in cases {
            let answer = service.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, 400, "{path}?{query}");
            let body = answer.json();
            assert_eq!(
                (&body["type"], &body["field"]),
                (&json!("/problems/invalid-parameter"), &json!(field)),
                "{query}"
            );
            assert!(!body["detail"].as_str().unwrap().is_empty());
        }
    }
}
