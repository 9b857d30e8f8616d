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

/// A body that never ends.
fn endless() -> Body {
    Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>())
}

#[tokio::test(start_paused = true)]
async fn a_refusal_at_the_door_is_a_page_for_a_browser_and_a_problem_for_a_program() {
    let site = Site::with_stations(Vec::new()).await;
    let refused = |accept: &str, body: Body| {
        let request = Request::post("/en/").header("accept", accept);
        site.send(request.body(body).unwrap())
    };
    let bodies: [(fn() -> Body, u16); 2] =
        [(|| Body::from(vec![b'x'; 20_000]), 413), (endless, 408)];

    for (body, status) in bodies {
        let page = refused("text/html,application/xhtml+xml,*/*;q=0.8", body()).await;
        assert_eq!(page.status, status);
        assert!(
            page.text.contains("<h1>Request refused</h1>"),
            "{}",
            page.text
        );
        assert!(page.text.contains(&format!("Error {status}")));
        assert_eq!(page.headers["content-language"], "en");
        assert!(page.headers.contains_key("content-security-policy"));

        let problem = refused("*/*", body()).await;
        assert_eq!(problem.status, status);
        assert_eq!(problem.headers["content-type"], "application/problem+json");
    }
}
