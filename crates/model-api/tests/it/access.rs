use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use chrono::TimeDelta;
use filrouge_http::RateLimit;

use crate::support::Service;

const CLOSED: [(&str, &str); 2] = [("POST", "/v1/predictions"), ("GET", "/v1/stations/A/forecast")];

fn request(method: &str, address: &str, token: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(address).header(CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(Body::from("{}")).unwrap()
}

// Preuve: C9.1 aucun accès au modèle sans jeton valable portant le droit model:predict
#[tokio::test]
async fn the_model_is_closed_to_all_but_tokens_with_its_scope() {
    let service = Service::ready().await;
    let other = service.token("other").await;
    let expired = service.token("demo").await;
    service.clock.advance(TimeDelta::minutes(16));
    for (method, address) in CLOSED {
        // The body is not a request either: the token is judged first.
        for token in [None, Some("not-a-token"), Some(expired.as_str())] {
            let answer = service.send(request(method, address, token)).await;
            assert_eq!(answer.status, 401, "{method} {address} {token:?}");
            assert!(answer.headers.contains_key("www-authenticate"));
        }
    }
    let service = Service::ready().await;
    for (method, address) in CLOSED {
        // The token of another service's key is worth nothing here.
        assert_eq!(service.send(request(method, address, Some(&other))).await.status, 401);
        let other = service.token("other").await;
        assert_eq!(service.send(request(method, address, Some(&other))).await.status, 403, "{method} {address}");
    }
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_come_back() {
    let service = Service::unready(RateLimit { per_second: 0.5, burst: 1.0 }).await;
    let token = service.token("demo").await;
    let ask = || service.send(request("GET", "/v1/stations/A/forecast", Some(&token)));
    assert_eq!(ask().await.status, 503, "admitted, and not ready");
    let refused = ask().await;
    assert_eq!((refused.status.as_u16(), refused.headers["retry-after"].to_str().unwrap()), (429, "2"));
}

// Preuve: C9.5 tous les points de terminaison répondent comme la documentation le dit
#[tokio::test]
async fn health_metrics_and_documentation_are_open() {
    let service = Service::ready().await;
    for address in ["/health/live", "/health/ready", "/metrics", "/openapi.json", "/docs/", "/.well-known/jwks.json"] {
        assert_eq!(service.open(address).await.status, 200, "{address}");
    }
    assert_eq!(service.open("/v1/rien").await.status, 404);
    assert_eq!(service.open("/v1/predictions").await.status, 405);
}
