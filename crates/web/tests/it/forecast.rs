use chrono::TimeDelta;

use crate::support::{Mood, Site, station};

const UNAVAILABLE: &str = "<strong>Prévision indisponible.</strong>";

async fn site() -> Site {
    Site::with_stations(vec![
        station("RIV-001", "Gare centrale", 7, 13),
        station("NEW", "Toute neuve", 1, 9),
    ])
    .await
}

// Preuve principale: C10.2 la page d’une station montre ce que l’API du modèle a répondu [code : crates/web/src/model_api.rs#ModelApi]
// Preuve: C10.4 le point de terminaison de prévision est intégré à la page d’une station [code : crates/web/src/page/station.rs#show_station]
// Preuve principale: C10.5 l’interface ajoute le dessin, son tableau, la phrase qui le résume, la version et l’âge [code : crates/web/src/page/forecast.rs]
#[tokio::test]
async fn a_station_page_shows_the_next_hours_drawn_told_and_tabulated() {
    let page = site().await.get("/stations/RIV-001").await;
    assert_eq!(page.status, 200);
    for expected in [
        "La pointe est attendue demain à 8\u{a0}h\u{a0}: environ 23\u{a0}départs (entre 11 et 46).",
        "role=\"img\"",
        "demain, 8\u{a0}h</time></th><td class=\"number\"><b>23,0</b></td><td class=\"number\">11,0</td>",
        "par le modèle <code>2026-02-28-4f1c9a2e</code>, qui connaissait les départs jusqu’à aujourd’hui, 9\u{a0}h.",
    ] {
        assert!(page.text.contains(expected), "{expected}\n{}", page.text);
    }
    assert!(page.text.len() < 30_000, "{} bytes", page.text.len());
}

// Preuve principale: C10.3 le jeton de l’API du modèle est demandé, renouvelé quand il expire et remplacé après un 401 [code : crates/api-client/src/token_client.rs#TokenClient]
#[tokio::test]
async fn a_token_of_the_model_api_that_ends_is_renewed_without_the_reader_noticing() {
    let site = site().await;
    site.get("/stations/RIV-001").await;

    assert_eq!(site.model_api.tokens_given(), 1);

    site.clock.advance(TimeDelta::minutes(16));
    assert!(
        !site
            .get("/stations/RIV-001")
            .await
            .text
            .contains(UNAVAILABLE)
    );

    assert_eq!(site.model_api.tokens_given(), 2, "the token had expired");

    site.model_api.revoke_tokens();
    assert!(
        !site
            .get("/stations/RIV-001")
            .await
            .text
            .contains(UNAVAILABLE)
    );

    assert_eq!(
        site.model_api.tokens_given(),
        3,
        "a 401 in the middle asked for another one"
    );
}

// Preuve: C10.6 sans l’API du modèle, la page d’une station montre ce qui est habituel à ces heures, d’après l’API de données
#[tokio::test]
async fn when_the_model_api_is_down_the_usual_week_is_shown() {
    let site = site().await;
    site.model_api.set_mood(Mood::Fails);
    let page = site.get("/stations/RIV-001").await.text;
    for told in [
        UNAVAILABLE,
        "D’habitude, la pointe est à 11\u{a0}h\u{a0}: environ 6\u{a0}départs.",
        "<b>6,0</b></td><td class=\"number\">4,0</td><td class=\"number\">8,0</td>",
        "Ce n’est pas une prévision",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }

    // Without a past, or without the data API, the page says no more than that.
    let page = site.get("/stations/NEW").await.text;
    assert!(
        page.contains(UNAVAILABLE) && !page.contains("D’habitude"),
        "{page}"
    );
    site.data_api.set_mood(Mood::Fails);
    let page = site.get("/stations/RIV-001").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("D’habitude"), "{}", page.text);
}

// Preuve: C10.6 l’API du modèle en panne ou qui répond n’importe quoi : la page reste utile et le dit
#[tokio::test]
async fn when_the_model_api_is_down_the_page_still_works_and_says_so() {
    for mood in [Mood::Fails, Mood::Babbles] {
        let site = site().await;
        site.model_api.set_mood(mood);
        let page = site.get("/stations/RIV-001").await;
        assert_eq!(page.status, 200, "{mood:?}");
        assert!(
            page.text.contains(UNAVAILABLE) && page.text.contains("<dd>7</dd>"),
            "{mood:?}"
        );

        assert!(!page.text.contains("Départs attendus"), "{}", page.text);

        // One failure may be that of one station: three in a row are the API's.
        for _ in 0..2 {
            site.get("/stations/RIV-001").await;
        }
        let before = site.model_api.reads();

        site.get("/stations/RIV-001").await;
        assert_eq!(
            site.model_api.reads(),
            before,
            "it is left alone for a while"
        );

        site.model_api.set_mood(Mood::Answers);
        site.clock.advance(TimeDelta::seconds(6));

        assert!(
            site.get("/stations/RIV-001")
                .await
                .text
                .contains("role=\"img\""),
            "it came back"
        );
    }
}

#[tokio::test]
async fn a_model_api_that_hangs_does_not_keep_the_reader() {
    let site = site().await;
    site.model_api.set_mood(Mood::Hangs);
    // Real sockets do not follow tokio's paused clock before they are connected: the pause comes
    // after.
    site.get("/").await;
    tokio::time::pause();
    let page = site.get("/stations/RIV-001").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(UNAVAILABLE));
}

#[tokio::test]
async fn a_station_that_the_model_does_not_know_yet_is_no_failure() {
    let site = site().await;
    let page = site.get("/stations/NEW").await;

    assert!(
        page.text
            .contains("Le modèle ne connaît pas encore cette station"),
        "{}",
        page.text
    );

    assert!(
        site.get("/stations/RIV-001")
            .await
            .text
            .contains("role=\"img\""),
        "the others have their forecast"
    );
}

#[tokio::test]
async fn a_station_that_does_not_exist_asks_nothing_of_the_model() {
    let site = site().await;
    assert_eq!(site.get("/stations/RIV-999").await.status, 404);
    assert_eq!(site.model_api.reads(), 0);
}

#[tokio::test]
async fn a_forecast_that_fails_hides_no_other() {
    for broken in ["BROKEN", "ABSURD"] {
        let site = Site::with_stations(vec![
            station("RIV-001", "Gare centrale", 7, 13),
            station(broken, "En panne", 1, 9),
        ])
        .await;

        let page = site.get(&format!("/stations/{broken}")).await;
        assert!(page.text.contains(UNAVAILABLE), "{}", page.text);

        let page = site.get("/stations/RIV-001").await;
        assert!(page.text.contains("role=\"img\""), "{broken}");
    }
}
