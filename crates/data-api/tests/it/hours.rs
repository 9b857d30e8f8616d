use serde_json::json;

use crate::service::TestService;

// Preuve principale: C5.5 les départs par station et par heure sont rendus avec toutes les colonnes du contrat [code : crates/data-api/src/routes/station_hours.rs]
#[tokio::test]
async fn an_hour_has_every_column_of_the_contract() {
    let service = TestService::start().await;
    let items = service
        .get("/v1/station-hours?limit=1&from=2026-03-01T05:00:00Z")
        .await
        .items();

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
            seen.extend(
                answer
                    .items()
                    .iter()
                    .map(|item| format!("{} {}", item["hour"], item["station_id"])),
            );
            let Some(cursor) = answer.json()["next_cursor"].as_str().map(str::to_owned) else {
                break;
            };
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
        (format!("?from={from}&to={to}&district=Centre"), 6),
        (
            format!("?from={from}&to={to}&district=Centre&station_id=RIV-001"),
            0,
        ),
        (
            "?from=2026-03-01T05:30:00Z&to=2026-03-01T06:30:00Z".to_owned(),
            3,
        ),
        (format!("?from={to}&to={from}"), 0),
        (
            "?from=2026-03-01T06:00:00%2B01:00&to=2026-03-01T06:00:00Z".to_owned(),
            3,
        ),
    ];

    for (query, count) in cases {
        let answer = service.get(&format!("/v1/station-hours{query}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.items().len()),
            (200, count),
            "{query}"
        );
    }

    let first = service
        .get(&format!(
            "/v1/station-hours?from={from}&limit=2&station_id=RIV-002"
        ))
        .await;

    assert!(first.header("link").starts_with(
        "</v1/station-hours?from=2026-03-01T05:00:00Z&limit=2&station_id=RIV-002&cursor="
    ));
}

#[tokio::test]
async fn the_hours_to_come_have_conditions_and_no_departures() {
    let service = TestService::start().await;
    let items = service
        .get("/v1/conditions?station_id=RIV-003")
        .await
        .items();
    assert_eq!(
        (items.len(), &items[0]["hour"]),
        (6, &json!("2026-03-02T00:00:00Z"))
    );
    assert!(items[0].get("departures").is_none());
    assert_eq!(
        items[0].as_object().unwrap().len(),
        filrouge_types::CONTRACT_COLUMNS.len() - 1
    );
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
        ("sort=departures", "sort"),
        ("from=yesterday", "from"),
        ("from=2026-03-01T06:00:00+01:00", "from"),
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

#[tokio::test]
async fn a_cursor_that_no_list_gave_names_no_page() {
    let service = TestService::start().await;
    for cursor in ["nonsense", "%00", "", "L3g"] {
        let answer = service
            .get(&format!("/v1/station-hours?cursor={cursor}"))
            .await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["field"]),
            (404, &json!("cursor")),
            "{cursor}"
        );
    }
}

#[tokio::test]
async fn the_newest_hours_come_first_when_asked() {
    let service = TestService::start().await;
    let first = service.get("/v1/station-hours?sort=-hour&limit=2").await;
    assert_eq!(first.items()[0]["hour"], "2026-03-01T23:00:00Z");
    let next = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let next = service
        .get(&format!(
            "/v1/station-hours?sort=-hour&limit=2&cursor={next}"
        ))
        .await;
    assert_eq!(
        (&next.items()[0]["station_id"], &next.items()[1]["hour"]),
        (&json!("RIV-001"), &json!("2026-03-01T22:00:00Z"))
    );
}

#[tokio::test]
async fn a_choice_without_a_known_field_chooses_nothing() {
    let service = TestService::start().await;
    let whole = service.get("/v1/station-hours?limit=2").await.items();

    for fields in ["", "unknown", ","] {
        let path = format!("/v1/station-hours?limit=2&fields={fields}");
        assert_eq!(service.get(&path).await.items(), whole, "fields={fields}");
    }
}

#[tokio::test]
async fn a_client_chooses_fields_and_format() {
    let service = TestService::start().await;
    let path = "/v1/station-hours?limit=2&fields=departures,hour,unknown";
    let items = service.get(path).await.items();
    assert_eq!(
        items[1],
        json!({"hour": "2026-03-01T00:00:00Z", "departures": items[1]["departures"]})
    );
    let token = format!("Bearer {}", service.token("reader").await);
    let csv = service
        .get_with(path, &[("authorization", &token), ("accept", "text/csv")])
        .await;
    assert_eq!(
        (csv.header("content-type"), csv.header("vary")),
        ("text/csv", "Accept")
    );
    let text = String::from_utf8(csv.body.to_vec()).unwrap();
    assert!(
        text.starts_with("hour,departures\r\n2026-03-01T00:00:00Z,"),
        "{text}"
    );
    assert!(csv.header("link").contains("rel=\"next\""));
    assert_ne!(
        csv.header("etag"),
        service.get(path).await.header("etag"),
        "two formats are two answers"
    );
    let xml = service
        .get_with(
            path,
            &[("authorization", &token), ("accept", "application/xml")],
        )
        .await;
    assert_eq!(xml.status, 406);
}

#[tokio::test]
async fn a_long_page_costs_its_client_more_than_a_short_one() {
    let service = TestService::start().await;
    // The clock stands still: what is left only goes down.
    let left = async |query: &str| {
        let answer = service.get(&format!("/v1/station-hours?{query}")).await;
        let told = answer.headers["ratelimit"].to_str().unwrap();
        let left = told
            .split("r=")
            .nth(1)
            .and_then(|rest| rest.split(';').next());
        left.unwrap().parse::<u32>().unwrap()
    };

    let mut before = left("limit=1").await;
    for (query, cost) in [
        ("limit=100", 1),
        ("limit=101", 2),
        ("limit=1000", 10),
        // The page was written before.
        ("limit=1000", 1),
        ("limit=1000&district=Centre", 10),
    ] {
        let after = left(query).await;
        assert_eq!(before - after, cost, "{query}");
        before = after;
    }
}
