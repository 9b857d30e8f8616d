use axum::body::Body;
use axum::http::{Request, StatusCode};
use filrouge_types::FixedClock;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::defects::DefectRates;

mod gbfs;
mod incidents;
mod open_meteo;
mod pages;
mod schema;

const NOW: &str = "2026-11-24T09:30:25Z";

async fn get_from(city: City, address: &str) -> (StatusCode, String) {
    let clock = Arc::new(FixedClock::at(NOW.parse().unwrap()));
    let request = Request::get(address)
        .header("host", "127.0.0.1:8090")
        .body(Body::empty())
        .unwrap();
    let answer = router(city, clock).oneshot(request).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn get_text(address: &str) -> String {
    let (status, text) = get_from(City::new(1), address).await;
    assert_eq!(status, StatusCode::OK, "{address}: {text}");
    text
}

async fn get_json(address: &str) -> Value {
    serde_json::from_str(&get_text(address).await).unwrap()
}

#[tokio::test]
async fn robots_may_read_what_is_published() {
    let robots = get_text("/robots.txt").await;
    assert!(robots.starts_with("User-agent: *\n"), "{robots}");
    assert!(!robots.contains("Disallow: /agenda"));
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    for address in [
        "/",
        "/gbfs/3/rides.json",
        "/gbfs/3/station_status",
        "/v1/nothing",
    ] {
        assert_eq!(
            get_from(City::new(1), address).await.0,
            StatusCode::NOT_FOUND,
            "{address}"
        );
    }
}

#[tokio::test]
async fn the_city_is_served_on_a_port_and_closes_when_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let clock = Arc::new(FixedClock::at(NOW.parse().unwrap()));
    let (close, closed) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async { closed.await.unwrap_or_default() };
    let server = tokio::spawn(serve(City::new(1), clock, listener, shutdown));
    tokio::net::TcpStream::connect(address).await.unwrap();
    close.send(()).unwrap();
    server.await.unwrap().unwrap();
}
