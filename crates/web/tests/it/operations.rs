//! What whoever operates the application asks of it.

use crate::support::{Mood, Site, station};

async fn site() -> Site {
    Site::with_stations(vec![station("RIV-001", "Gare centrale", 7, 13)]).await
}

#[tokio::test]
async fn readiness_tells_whether_pages_have_something_to_show() {
    let site = site().await;
    site.data_api.set_mood(Mood::Fails);
    assert_eq!(site.get("/health/live").await.status, 200);
    assert_eq!(site.get("/health/ready").await.status, 503);

    site.data_api.set_mood(Mood::Answers);
    site.clock.advance(chrono::TimeDelta::minutes(1));
    let ready = site.get("/health/ready").await;
    assert_eq!(
        ready.text,
        r#"{"status":"ok","checks":[{"name":"stations","status":"ok"}]}"#
    );

    site.data_api.set_mood(Mood::Fails);
    site.clock.advance(chrono::TimeDelta::minutes(1));
    let behind = site.get("/health/ready").await;
    assert!(behind.text.contains("degraded"), "{}", behind.text);
}

// Preuve: C20.1 l’application mesure ses requêtes, par route et par statut, sans dire les adresses
#[tokio::test]
async fn requests_are_measured_by_route() {
    let site = site().await;
    site.get("/stations/RIV-001").await;
    site.get("/en/stations/RIV-001").await;
    let metrics = site.get("/metrics").await.text;

    for route in ["/stations/{station_id}", "/en/stations/{station_id}"] {
        let line =
            format!("http_requests_total{{method=\"GET\",route=\"{route}\",status=\"200\"}} 1");
        assert!(metrics.contains(&line), "{metrics}");
    }
    assert!(!metrics.contains("RIV-001"));
}
