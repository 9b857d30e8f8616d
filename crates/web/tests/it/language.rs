use axum::body::Body;
use axum::http::Request;

use crate::support::{Received, Site, station};

async fn site() -> Site {
    Site::with_stations(vec![station("RIV-001", "Gare centrale", 7, 13)]).await
}

async fn get(site: &Site, address: &str, accepted: &str) -> Received {
    let request = Request::get(address).header("accept-language", accepted);
    site.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_browser_chooses_the_language_and_the_answer_says_so() {
    let site = site().await;
    for (accepted, tag, heading) in [
        (
            "en-GB,en;q=0.9",
            "en",
            "<h1>Bikes and free docks in Rivemont</h1>",
        ),
        (
            "fr-CA, en;q=0.5",
            "fr",
            "<h1>Vélos et places libres à Rivemont</h1>",
        ),
        ("de", "fr", "<h1>Vélos et places libres à Rivemont</h1>"),
    ] {
        let page = get(&site, "/", accepted).await;
        assert!(page.text.contains(heading), "{accepted}: {}", page.text);
        assert!(page.text.contains(&format!("<html lang=\"{tag}\">")));
        assert_eq!(page.headers["content-language"], tag);
        let varies = page.headers.get_all("vary").iter();
        assert!(varies.into_iter().any(|vary| vary == "accept-language"));
    }
}

// Preuve: C17.3 la navigation garde la langue que la personne a choisie
#[tokio::test]
async fn a_link_keeps_a_language_whatever_the_browser_says_and_sets_no_cookie() {
    let site = site().await;
    for address in [
        "/en",
        "/en/stations/RIV-001",
        "/en/monitoring",
        "/en/accessibilite",
    ] {
        let page = get(&site, address, "fr").await;
        assert_eq!(page.status, 200, "{address}");
        assert_eq!(page.headers["content-language"], "en");
        assert!(page.headers.get("set-cookie").is_none());
        assert!(
            page.text.contains("href=\"/en/monitoring\""),
            "{}",
            page.text
        );
        assert!(!page.text.contains("href=\"/monitoring\""));
    }
}

#[tokio::test]
async fn a_search_stays_in_its_language() {
    let page = site().await.get("/en?recherche=gare").await;
    assert!(page.text.contains("action=\"/en\""), "{}", page.text);
    assert!(page.text.contains("1\u{a0}station for “gare”"));
    assert!(
        page.text
            .contains("href=\"/fr?recherche=gare\" hreflang=\"fr\" lang=\"fr\">Français")
    );
}

#[tokio::test]
async fn errors_are_told_in_the_language_of_the_address() {
    let site = site().await;
    for (address, heading) in [
        ("/en/nothing", "<h1>Page not found</h1>"),
        ("/en/stations/RIV-999", "<h1>Station not found</h1>"),
        ("/fr/rien", "<h1>Page introuvable</h1>"),
    ] {
        let page = site.get(address).await;
        assert_eq!(page.status, 404, "{address}");
        assert!(page.text.contains(heading), "{address}: {}", page.text);
    }
}
