use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::{get, post};
use filrouge_types::{Hour, StationId};
use proptest::prelude::*;
use serde::Deserialize;

use super::{FromParameters, Json, Parameters, Path, Query};
use crate::problem::Problem;
use crate::testing::{self, Answer, send};

struct Page {
    limit: Option<u16>,
    from: Option<Hour>,
}

impl FromParameters for Page {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        Ok(Self {
            limit: parameters.take("limit", "un entier")?,
            from: parameters.take("from", "une heure telle que 2026-03-01T08:00:00Z")?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    station_id: StationId,
    hour: Hour,
}

fn router() -> Router {
    Router::new()
        .route("/page", get(|Query(page): Query<Page>| async move { format!("{:?} {:?}", page.limit, page.from) }))
        .route("/stations/{station_id}", get(|Path(id): Path<StationId>| async move { id.to_string() }))
        .route(
            "/order",
            post(|Json(order): Json<Order>| async move {
                order.items.iter().map(|item| format!("{} {}", item.station_id, item.hour)).collect::<String>()
            }),
        )
}

async fn order(content_type: &str, body: &str) -> Answer {
    let request = Request::post("/order").header("content-type", content_type);
    send(
        &router(),
        request.body(Body::from(body.to_owned())).unwrap(),
    )
    .await
}

#[tokio::test]
async fn a_query_is_read_and_its_faults_are_named() {
    let cases = [
        ("", 200, ""),
        ("limit=5&from=2026-03-01T08%3A00%3A00Z", 200, ""),
        ("limit=abc", 400, "limit"),
        ("limit=-1", 400, "limit"),
        ("limit=1&limit=2", 400, "limit"),
        ("from=2026-03-01T08:30:00Z", 400, "from"),
        ("from=%FF", 400, "from"),
        ("offset=3", 400, "offset"),
        ("limit=1&=", 400, ""),
    ];
    for (query, status, field) in cases {
        let answer = send(&router(), testing::get(&format!("/page?{query}"))).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        if status == 400 {
            assert_eq!(answer.json()["field"], field, "{query}");
            assert_eq!(answer.json()["type"], "/problems/invalid-parameter");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    }
}

#[tokio::test]
async fn a_bad_identifier_in_the_path_is_a_problem_of_that_field() {
    assert_eq!(
        send(&router(), testing::get("/stations/RIV-001"))
            .await
            .body,
        "RIV-001"
    );

    for path in ["/stations/%0A", "/stations/%FF"] {
        let answer = send(&router(), testing::get(path)).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["field"]),
            (400, &"station_id".into()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_body_is_read_and_its_faults_are_named() {
    let good = r#"{"items":[{"station_id":"A","hour":"2026-03-01T08:00:00Z"}]}"#;
    let bad_hour = r#"{"items":[{"station_id":"A","hour":"2026-03-01T08:00:00Z"},{"station_id":"A","hour":"noon"}]}"#;
    let json = "application/json";
    let cases = [
        (json, good, 200, ""),
        ("application/json; charset=utf-8", good, 200, ""),
        ("text/plain", good, 415, ""),
        ("", good, 415, ""),
        (json, "", 400, ""),
        (json, "{", 400, ""),
        (json, r#"{"items":[]} x"#, 400, ""),
        (json, "[]", 422, "."),
        // The fields in their order, without their names: serde reads it, no document says so.
        (json, "[[]]", 422, "."),
        (json, "{}", 422, "."),
        (json, bad_hour, 422, "items[1].hour"),
        (json, r#"{"items":[],"more":1}"#, 422, "more"),
    ];
    for (content_type, body, status, field) in cases {
        let answer = order(content_type, body).await;
        assert_eq!(
            answer.status, status,
            "{content_type} {body}: {}",
            answer.body
        );
        if status == 422 {
            assert_eq!(answer.json()["field"], field, "{body}: {}", answer.body);
        }
    }
}

proptest! {
    #[test]
    fn no_query_makes_the_reader_panic(query in ".{0,200}") {
        if let Ok(mut parameters) = Parameters::parse(&query) {
            let _ = Page::from_parameters(&mut parameters);
        }
    }
}
