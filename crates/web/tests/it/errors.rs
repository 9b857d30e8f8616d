use axum::body::Body;
use axum::http::Request;

use crate::support::{Mood, Site, fake_api};

#[tokio::test]
async fn a_data_api_that_never_answered_gives_a_fixed_sentence_and_a_status_of_502() {
    for mood in [Mood::Fails, Mood::Babbles] {
        let api = fake_api(Vec::new()).await;
        api.set_mood(mood);
        let page = Site::in_front_of(api).await.get("/").await;
        assert_eq!(page.status, 502);
        assert_eq!(page.headers["retry-after"], "60");

        assert!(
            page.text
                .contains("<h1>Données momentanément indisponibles</h1>"),
            "{}",
            page.text
        );

        assert!(!page.text.contains("127.0.0.1"), "the cause is for the log");
    }
}

#[tokio::test(start_paused = true)]
async fn a_data_api_that_hangs_is_given_up_after_a_few_seconds() {
    let api = fake_api(Vec::new()).await;
    api.set_mood(Mood::Hangs);
    assert_eq!(
        Site::in_front_of(api)
            .await
            .get("/stations/RIV-001")
            .await
            .status,
        502
    );
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_a_page_in_french() {
    let site = Site::with_stations(Vec::new()).await;
    for address in [
        "/rien",
        "/stations",
        "/assets/style-000000000000.css",
        "/assets/..%2Fsrc",
    ] {
        let page = site.get(address).await;
        assert_eq!(page.status, 404, "{address}");
        assert!(page.text.contains("<h1>Page introuvable</h1>"), "{address}");
    }
}

#[tokio::test]
async fn a_method_that_a_page_does_not_have_is_refused_in_french() {
    let site = Site::with_stations(Vec::new()).await;
    let page = site
        .send(Request::post("/").body(Body::empty()).unwrap())
        .await;
    assert_eq!(page.status, 405);
    assert!(page.text.contains("<h1>Demande impossible</h1>"));
}

#[tokio::test]
async fn an_empty_city_is_not_an_error() {
    let page = Site::with_stations(Vec::new()).await.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Aucune station n’est encore connue."));
}
