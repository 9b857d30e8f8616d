use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use chrono::TimeDelta;
use filrouge_http::RateLimit;

use crate::support::Service;

/// Every closed operation, with the client whose scope opens it.
const CLOSED: [(&str, &str, &str); 21] = [
    ("POST", "/v1/availability", "demo"),
    ("POST", "/v1/predictions", "demo"),
    ("GET", "/v1/stations/A/forecast", "demo"),
    ("GET", "/v1/model", "demo"),
    ("POST", "/v1/explanations", "demo"),
    ("GET", "/v1/monitoring", "demo"),
    ("POST", "/v1/outcomes", "admin"),
    ("GET", "/v1/admin/versions", "admin"),
    ("POST", "/v1/admin/promotions", "admin"),
    ("POST", "/v1/admin/rollbacks", "admin"),
    ("POST", "/v1/admin/reloads", "admin"),
    ("GET", "/v1/admin/canary", "admin"),
    ("POST", "/v1/admin/canary", "admin"),
    ("GET", "/v1/admin/rollout", "admin"),
    ("PUT", "/v1/admin/rollout", "admin"),
    ("GET", "/v2/models/demand", "demo"),
    ("GET", "/v2/models/demand/ready", "demo"),
    ("POST", "/v2/models/demand/infer", "demo"),
    ("GET", "/v2/models/demand/versions/v1", "demo"),
    ("GET", "/v2/models/demand/versions/v1/ready", "demo"),
    ("POST", "/v2/models/demand/versions/v1/infer", "demo"),
];

const CLIENTS: [&str; 3] = ["demo", "admin", "other"];

fn request(method: &str, address: &str, token: Option<&str>) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(address)
        .header(CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(Body::from("{}")).unwrap()
}

// Preuve principale: C9.1 chaque route fermée refuse sans jeton, avec un jeton faux, périmé ou d’un autre service [code : crates/http/src/access.rs#Require]
#[tokio::test]
async fn the_model_is_closed_without_a_good_token() {
    let service = Service::ready().await;
    let foreign = Service::ready().await.token("demo").await;
    let expired = service.token("demo").await;

    service.clock.advance(TimeDelta::minutes(16));
    for (method, address, _) in CLOSED {
        // The body is not a request either: the token is judged first.
        for token in [
            None,
            Some("not-a-token"),
            Some(expired.as_str()),
            Some(foreign.as_str()),
        ] {
            let answer = service.send(request(method, address, token)).await;
            assert_eq!(answer.status, 401, "{method} {address} {token:?}");
            assert!(answer.headers.contains_key("www-authenticate"));
        }
    }
}

// Preuve: C9.1 table d’accès : chaque route, chaque droit, chaque méthode
#[tokio::test]
async fn each_scope_opens_its_routes_and_no_other() {
    let service = Service::ready().await;

    for client in CLIENTS {
        let token = service.token(client).await;

        for (method, address, opener) in CLOSED {
            let status = service
                .send(request(method, address, Some(&token)))
                .await
                .status
                .as_u16();

            if client == opener {
                assert!(
                    ![401, 403, 404, 405].contains(&status),
                    "{client} {method} {address}: {status}"
                );
            } else {
                assert_eq!(status, 403, "{client} {method} {address}");
            }
        }
    }
}

// Preuve: C9.3 API8 : une méthode que la route n’a pas est refusée, avec ou sans droit
#[tokio::test]
async fn other_methods_are_refused() {
    let service = Service::ready().await;
    let token = service.token("demo").await;

    for (_, address, _) in CLOSED {
        let is_allowed = |method: &str| {
            CLOSED
                .iter()
                .any(|(allowed, at, _)| (*allowed, *at) == (method, address))
        };
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"]
            .into_iter()
            .filter(|method| !is_allowed(method))
        {
            let answer = service.send(request(method, address, Some(&token))).await;
            assert_eq!(answer.status, 405, "{method} {address}");
        }
    }
}

// Preuve: C9.5 aucune route documentée n’échappe à la table d’accès
#[test]
fn the_table_holds_every_closed_operation_of_the_document() {
    let document = serde_json::to_value(filrouge_model_api::openapi()).unwrap();
    let operations = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|path| path.as_object().unwrap().values());
    let closed = operations
        .filter(|operation| operation["security"].to_string().contains("model:"))
        .count();
    assert_eq!(closed, CLOSED.len());
}

// Preuve: C9.3 API4 : au-delà de son quota, un client reçoit 429 et l’heure de revenir
#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_come_back() {
    let service = Service::unready(RateLimit {
        per_second: 0.5,
        burst: 1.0,
        concurrent: 8,
    })
    .await;
    let token = service.token("demo").await;
    let ask = || service.send(request("GET", "/v1/stations/A/forecast", Some(&token)));
    assert_eq!(ask().await.status, 503, "admitted, and not ready");
    let refused = ask().await;
    assert_eq!(
        (
            refused.status.as_u16(),
            refused.headers["retry-after"].to_str().unwrap()
        ),
        (429, "2")
    );
}

#[tokio::test]
async fn health_metrics_and_documentation_are_open() {
    let service = Service::ready().await;

    for address in [
        "/health/live",
        "/health/ready",
        "/metrics",
        "/openapi.json",
        "/docs",
        "/.well-known/jwks.json",
    ] {
        assert_eq!(service.open(address).await.status, 200, "{address}");
    }

    assert_eq!(service.open("/v1/rien").await.status, 404);
    assert_eq!(service.open("/v1/predictions").await.status, 405);
}
