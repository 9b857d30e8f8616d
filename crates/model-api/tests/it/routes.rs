//! One good request to each route, and no route without one.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use filrouge_model::FEATURE_COUNT;
use serde_json::{Value, json};

use crate::listing::addresses_of;
use crate::support::{Answer, Service, this_hour};

/// Addresses of the documentation, which no document describes: the page, and its files.
const DOCUMENTATION: [&str; 8] = [
    "/",
    "/docs",
    "/docs/style.css",
    "/openapi.json",
    "/problems/{name}",
    "/swagger",
    "/swagger/",
    "/swagger/{*rest}",
];

/// The client that asks, or nobody.
type Asker = Option<&'static str>;

/// A good request to each route, in an order in which each finds what it needs.
fn good_requests() -> Vec<(&'static str, &'static str, Asker, Value)> {
    let (nobody, reader, admin) = (None, Some("demo"), Some("admin"));
    let key = json!({"station_id": "A", "hour": this_hour() + 3});
    let outcome = json!({"station_id": "A", "hour": this_hour() - 1, "departures": 4});
    let rows = json!({"inputs": [{
        "name": "features", "shape": [1, FEATURE_COUNT], "datatype": "FP32",
        "data": vec![1.0; FEATURE_COUNT],
    }]});
    let none = Value::Null;

    vec![
        ("GET", "/health/live", nobody, none.clone()),
        ("GET", "/health/ready", nobody, none.clone()),
        ("GET", "/metrics", nobody, none.clone()),
        ("GET", "/openapi.json", nobody, none.clone()),
        ("GET", "/docs", nobody, none.clone()),
        ("GET", "/problems/not-predictable", nobody, none.clone()),
        ("GET", "/swagger/swagger-ui.css", nobody, none.clone()),
        ("GET", "/.well-known/jwks.json", nobody, none.clone()),
        ("POST", "/v1/predictions", reader, json!({"items": [key]})),
        ("GET", "/v1/stations/A/forecast", reader, none.clone()),
        (
            "POST",
            "/v1/availability",
            reader,
            json!({"hours": 1, "items": [{"station_id": "A", "bikes": 1, "docks": 1}]}),
        ),
        ("GET", "/v1/model", reader, none.clone()),
        ("POST", "/v1/explanations", reader, key),
        ("GET", "/v1/monitoring", reader, none.clone()),
        ("POST", "/v1/outcomes", admin, json!({"items": [outcome]})),
        ("GET", "/v1/admin/versions", admin, none.clone()),
        (
            "POST",
            "/v1/admin/promotions",
            admin,
            json!({"version": "v2"}),
        ),
        ("POST", "/v1/admin/rollbacks", admin, none.clone()),
        ("POST", "/v1/admin/reloads", admin, none.clone()),
        ("POST", "/v1/admin/canary", admin, json!({"version": "v2"})),
        ("GET", "/v1/admin/canary", admin, none.clone()),
        ("PUT", "/v1/admin/rollout", admin, json!({"shadow": "v2"})),
        ("GET", "/v1/admin/rollout", admin, none.clone()),
        ("GET", "/v2", nobody, none.clone()),
        ("GET", "/v2/health/live", nobody, none.clone()),
        ("GET", "/v2/health/ready", nobody, none.clone()),
        ("GET", "/v2/models/demand", reader, none.clone()),
        ("GET", "/v2/models/demand/ready", reader, none.clone()),
        ("POST", "/v2/models/demand/infer", reader, rows.clone()),
        ("GET", "/v2/models/demand/versions/v1", reader, none.clone()),
        ("GET", "/v2/models/demand/versions/v1/ready", reader, none),
        ("POST", "/v2/models/demand/versions/v1/infer", reader, rows),
    ]
}

async fn send(
    service: &Service,
    (method, address, asker, body): (&str, &str, Asker, Value),
) -> Answer {
    let mut request = Request::builder().method(method).uri(address);
    if let Some(client) = asker {
        let token = service.token(client).await;
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }

    let body = match body {
        Value::Null => Body::empty(),
        body => {
            request = request.header(CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
    };
    service.send(request.body(body).unwrap()).await
}

/// Gives back a token, as its client does.
async fn revoke(service: &Service) -> Answer {
    let token = service.token("demo").await;
    let form = format!("token={token}&client_id=demo&client_secret=secret-of-demo");
    let request =
        Request::post("/oauth/revoke").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    service.send(request.body(Body::from(form)).unwrap()).await
}

/// The routes that answered well, as the service counts them: method and declared address.
async fn answered_well(service: &Service) -> BTreeSet<(String, String)> {
    let text = service.open("/metrics").await.text;
    let counts = text.lines().filter(|line| {
        line.starts_with("http_requests_total{") && line.contains(r#"status="200""#)
    });

    let label = |line: &str, name: &str| {
        let (_, value) = line.split_once(&format!("{name}=\"")).unwrap();
        value.split('"').next().unwrap().to_owned()
    };
    counts
        .map(|line| (label(line, "method"), label(line, "route")))
        .collect()
}

/// What the service declares: the operations of its document.
fn documented() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(filrouge_model_api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();

    let operations = paths.iter().flat_map(|(address, operations)| {
        let methods = operations.as_object().unwrap().keys();
        methods.map(|method| (method.to_uppercase(), address.clone()))
    });
    operations.collect()
}

// Preuve principale: C9.5 chaque route du routeur répond à une bonne requête, et une route ajoutée sans son test fait échouer celui-ci [code : crates/model-api/src/routes.rs#all]
#[tokio::test]
async fn every_route_answers_a_good_request_and_none_is_forgotten() {
    let service = Service::ready().await;
    service.write("v2");

    for request in good_requests() {
        let name = format!("{} {}", request.0, request.1);
        let answer = send(&service, request).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
    }
    assert_eq!(revoke(&service).await.status, 200);

    let answered = answered_well(&service).await;
    let untested: Vec<_> = documented().difference(&answered).cloned().collect();
    assert_eq!(untested, [], "routes without a good request in this test");

    let described = documented().into_iter();
    let known: BTreeSet<String> = described
        .map(|(_, address)| address)
        .chain(DOCUMENTATION.map(str::to_owned))
        .collect();
    assert_eq!(
        addresses_of(&service.router),
        known,
        "all that the router holds"
    );
}
