//! What whoever operates the application asks of it.

use filrouge_accounts::Role;

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

#[tokio::test]
async fn a_data_api_that_is_slow_takes_no_page_away() {
    let new = site().await;
    new.data_api.set_mood(Mood::Hangs);
    assert_eq!(new.get("/health/ready").await.status, 503);

    let site = site().await;
    assert_eq!(site.get("/health/ready").await.status, 200);

    site.data_api.set_mood(Mood::Hangs);
    site.clock.advance(chrono::TimeDelta::minutes(1));
    let slow = site.get("/health/ready").await;
    assert_eq!(slow.status, 200, "{}", slow.text);
    assert!(slow.text.contains("degraded"), "{}", slow.text);
    assert!(slow.text.contains("ne répond pas à temps"), "{}", slow.text);
}

#[tokio::test]
async fn a_page_does_not_wait_for_the_end_of_a_slow_reading() {
    let site = site().await;
    assert_eq!(site.get("/").await.status, 200);

    site.data_api.set_mood(Mood::Hangs);
    site.clock.advance(chrono::TimeDelta::minutes(1));
    let (one, other) = tokio::join!(site.get("/"), site.get("/en"));

    for page in [one, other] {
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("Gare centrale"), "{}", page.text);
    }
    assert_eq!(site.data_api.under_way(), 1, "one reading for both pages");
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

// Preuve: C20.4 un identifiant suit la requête, de la page à l’API du modèle, et revient dans la réponse
#[tokio::test]
async fn one_id_follows_a_page_to_the_model_and_back() {
    let site = site().await;
    let page = site.get("/monitoring").await;
    let id = page.headers["x-request-id"].to_str().unwrap();
    assert_eq!(site.model_api.request_ids(), [id]);

    let known = "4f1c9a2e-0000-4000-8000-000000000001";
    let request = axum::http::Request::get("/stations/RIV-001")
        .header("x-request-id", known)
        .body(axum::body::Body::empty())
        .unwrap();
    let page = site.send(request).await;
    assert_eq!(page.headers["x-request-id"], known);
    assert_eq!(site.model_api.request_ids().last().unwrap(), known);
}

#[tokio::test]
async fn the_state_of_the_services_is_a_page_that_needs_no_other_tool() {
    let site = site().await;

    let operator = site.session_of(Role::Operator).await;
    let page = site.get_as(&operator, "/exploitation/etat").await;
    assert_eq!(page.status, 200);
    // The fakes have no probes: the page says so of both, and shows itself.
    for text in [
        "ne répond pas",
        "Application web",
        "Les pages répondent sans erreur",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }

    let paced = site
        .get_as(&operator, "/en/exploitation/etat?actualiser=60")
        .await;
    assert_eq!(paced.headers["refresh"], "60");
}
