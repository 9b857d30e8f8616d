use chrono::TimeDelta;

use crate::support::{Mood, Site};

// Preuve: C10.4 le point de terminaison de surveillance est intégré à la page `/monitoring`
// Preuve: C11.6 les mesures que donne l’API du modèle sont restituées en phrases, en dessins et en tableaux
#[tokio::test]
async fn the_monitoring_is_told_in_sentences_and_tables() {
    let site = Site::with_stations(Vec::new()).await;
    let page = site.get("/monitoring").await;
    assert_eq!(page.status, 200);

    for text in [
        "Les prévisions sont aussi précises que lors de la validation.",
        "1,25",
        "38\u{a0}%",
        "−2\u{a0}%",
        "inconnu",
        "<svg",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }

    assert!(!page.text.contains("<script"), "no JavaScript");
}

// Preuve principale: C11.3 la page s’actualise d’elle-même, sans script, à la demande de qui la lit, et s’arrête ; chaque lecture interroge l’API du modèle [code : crates/web/src/page/monitoring.rs#show_monitoring]
#[tokio::test]
async fn the_page_refreshes_by_itself_for_who_asks_and_stops_when_told() {
    let site = Site::with_stations(Vec::new()).await;
    let still = site.get("/monitoring").await;
    assert!(
        still.headers.get("refresh").is_none(),
        "nothing moves unasked"
    );
    let link = r#"<a href="/monitoring?actualiser=60">"#;
    assert!(still.text.contains(link), "{}", still.text);

    let first = site.get("/monitoring?actualiser=60").await;
    assert_eq!(first.headers["refresh"], "60");
    assert_eq!(first.headers["cache-control"], "no-cache");
    let stop = r#"<a href="/monitoring">arrêter l’actualisation</a>"#;
    assert!(first.text.contains(stop), "{}", first.text);

    // What the browser asks a minute later is read from the model API again.
    let reads = site.model_api.reads();
    site.clock.advance(TimeDelta::minutes(1));
    let next = site.get("/monitoring?actualiser=60").await;
    assert_eq!(site.model_api.reads(), reads + 1);
    assert!(first.text.contains("9\u{a0}h\u{a0}00"), "{}", first.text);
    assert!(next.text.contains("9\u{a0}h\u{a0}01"), "{}", next.text);
}

#[tokio::test]
async fn a_pace_that_cannot_be_read_or_followed_is_no_pace() {
    let site = Site::with_stations(Vec::new()).await;
    for pace in ["", "vite", "0", "1", "9", "3601", "-60", "60&actualiser=60"] {
        let page = site.get(&format!("/en/monitoring?actualiser={pace}")).await;
        assert_eq!(page.status, 200, "{pace}");
        assert!(page.headers.get("refresh").is_none(), "{pace}");
        assert!(page.text.contains("refresh every minute"), "{pace}");
    }
}

// Preuve: C10.3 le jeton périmé est renouvelé sans que la personne le voie
#[tokio::test]
async fn a_token_that_ended_is_renewed() {
    let site = Site::with_stations(Vec::new()).await;
    site.get("/monitoring").await;
    site.model_api.revoke_tokens();
    assert!(site.get("/monitoring").await.text.contains("<svg"));
    assert_eq!(site.model_api.tokens_given(), 2);
}

// Preuve: C10.6 la surveillance qui se tait ou répond n’importe quoi : la page le dit
#[tokio::test]
async fn a_model_api_that_warms_up_or_babbles_is_said_plainly() {
    let site = Site::with_stations(Vec::new()).await;
    for mood in [Mood::Fails, Mood::Babbles] {
        site.model_api.set_mood(mood);
        let page = site.get("/monitoring").await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("Surveillance indisponible"), "{mood:?}");
    }
}
