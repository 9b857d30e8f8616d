use chrono::TimeDelta;

use crate::support::{Mood, Site, station, texts};

async fn site() -> Site {
    Site::with_stations(vec![
        station("RIV-001", "Gare centrale", 7, 13),
        station("RIV-002", "Place de l’Étoile", 0, 20),
        station("RIV-003", "Allée des Îles", 12, 0),
    ])
    .await
}

// Preuve principale: C10.1 l’application de départ tourne : la liste des stations et leur disponibilité en direct [code : crates/web/src/page/home.rs#show_home]
#[tokio::test]
async fn the_home_page_lists_the_stations_by_name_with_their_bikes_and_docks() {
    let page = site().await.get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        texts(&page.text, "tbody tr"),
        [
            "Allée des Îles Centre aucune place 12 0 pas de prévision",
            "Gare centrale Centre 7 13 pas de prévision",
            "Place de l’Étoile Centre aucun vélo 0 20 pas de prévision",
        ]
    );
    assert_eq!(texts(&page.text, "h2"), ["Carte", "3 stations"]);
    assert_eq!(
        texts(&page.text, ".answer"),
        ["Une station est presque vide, une est presque pleine. Situation à 9 h 00."]
    );
}

// Preuve: C17.3 le formulaire de recherche marche sans script, et le titre dit ce qu’il a trouvé [code : crates/web/src/search.rs#Search]
#[tokio::test]
async fn a_search_works_without_script_and_says_how_many_it_found_in_the_title() {
    let page = site().await.get("/?recherche=etoile").await;
    assert_eq!(
        texts(&page.text, "head > title"),
        ["1 station pour « etoile » – Vélorive"]
    );
    assert_eq!(texts(&page.text, "tbody th a"), ["Place de l’Étoile"]);
    assert!(
        page.text.contains(r#"value="etoile""#),
        "what was typed is shown again"
    );
}

#[tokio::test]
async fn a_search_that_finds_nothing_says_so_and_offers_a_way_out() {
    let page = site()
        .await
        .get("/?recherche=%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    assert_eq!(page.status, 200);
    assert_eq!(
        texts(&page.text, "h2"),
        ["Aucune station pour « <script>alert(1)</script> »"]
    );

    assert_eq!(
        texts(&page.text, "main section a"),
        ["voyez toutes les stations"]
    );
    assert!(!page.text.contains("<script"));
}

#[tokio::test]
async fn parameters_that_make_no_sense_count_as_absent() {
    let site = site().await;
    for query in [
        "?page=0",
        "?page=99",
        "?page=x",
        "?recherche=a&recherche=b",
        "?autre=1",
        "?recherche=%FF",
    ] {
        assert_eq!(site.get(&format!("/{query}")).await.status, 200, "{query}");
    }
}

#[tokio::test]
async fn a_large_city_is_listed_in_light_pages() {
    let stations = (1..=120).map(|number| {
        station(
            &format!("RIV-{number:03}"),
            &format!("Station {number:03}"),
            5,
            5,
        )
    });
    let site = Site::with_stations(stations.collect()).await;
    let page = site.get("/?page=3").await;
    assert_eq!(texts(&page.text, "tbody tr").len(), 40);
    assert_eq!(
        texts(&page.text, ".pages li"),
        ["Page précédente", "Page 3 sur 3"]
    );
    assert_eq!(
        texts(&page.text, "head > title"),
        ["Vélos et places libres, page 3 sur 3 – Vélorive"]
    );
    let full = site.get("/").await;
    assert!(full.text.len() < 30_000, "{} bytes", full.text.len());
}

#[tokio::test]
async fn many_readers_cost_the_data_api_one_reading_every_twenty_seconds() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 1, 1)]).await;
    for _ in 0..5 {
        site.get("/").await;
    }
    assert_eq!(site.data_api.reads(), 1);
    site.clock.advance(TimeDelta::seconds(21));
    site.get("/").await;
    assert_eq!(site.data_api.reads(), 2);
}

#[tokio::test]
async fn a_token_that_expires_or_is_revoked_is_renewed_without_the_reader_noticing() {
    let site = site().await;
    site.get("/").await;
    assert_eq!(site.data_api.tokens_given(), 1);

    site.clock.advance(TimeDelta::minutes(16));
    assert_eq!(site.get("/").await.status, 200);
    assert_eq!(site.data_api.tokens_given(), 2, "the token had expired");

    site.data_api.revoke_tokens();
    site.clock.advance(TimeDelta::seconds(21));
    let page = site.get("/").await;
    assert_eq!(texts(&page.text, "tbody tr").len(), 3);
    assert!(!page.text.contains("Données en attente"));
    assert_eq!(
        site.data_api.tokens_given(),
        3,
        "a 401 in the middle asked for another one"
    );
}

#[tokio::test]
async fn when_the_data_api_falls_silent_the_last_figures_stay_with_their_age() {
    for mood in [Mood::Fails, Mood::Babbles] {
        let site = site().await;
        site.get("/").await;
        site.data_api.set_mood(mood);
        site.clock.advance(TimeDelta::minutes(10));
        let page = site.get("/").await;
        assert_eq!(page.status, 200);
        assert!(
            texts(&page.text, ".notice")[0].ends_with("voici ce qu’il disait il y a 10 minutes."),
            "{mood:?}"
        );

        site.data_api.set_mood(Mood::Answers);
        site.clock.advance(TimeDelta::seconds(6));

        assert_eq!(
            texts(&site.get("/").await.text, ".notice").len(),
            0,
            "it came back"
        );
    }
}

#[tokio::test]
async fn readers_do_not_wait_one_after_the_other_for_an_api_that_does_not_answer() {
    let site = site().await;
    site.get("/").await;
    site.data_api.set_mood(Mood::Fails);
    site.clock.advance(TimeDelta::minutes(1));
    let before = site.data_api.reads();
    for _ in 0..4 {
        site.get("/").await;
    }
    // One bad answer may be that of what was asked: three in a row are the API's.
    assert_eq!(site.data_api.reads() - before, 3);
}

// Preuve: C10.4 la liste des stations appelle le point de terminaison des chances, et les montre
#[tokio::test]
async fn the_list_tells_the_chances_of_a_bike_at_the_next_hour() {
    let site = Site::with_stations(vec![
        station("CHANCE-1", "Gare", 7, 13),
        station("NEW", "Toute neuve", 7, 13),
    ])
    .await;
    let page = site.get("/").await.text;
    assert_eq!(texts(&page, "thead th").last().unwrap(), "À 10 h");
    assert_eq!(
        texts(&page, "tbody td:last-child"),
        ["9 sur 10", "pas de prévision"]
    );

    site.model_api.set_mood(Mood::Fails);
    let page = site.get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        texts(&page.text, "tbody td:last-child")[0],
        "pas de prévision"
    );
}

// Preuve: C17.2 la carte de la maquette est là, et la liste qui suit en est l’équivalent
#[tokio::test]
async fn the_map_marks_with_a_letter_the_stations_to_watch() {
    let page = site().await.get("/").await.text;
    assert_eq!(texts(&page, ".map text"), ["P", "V"]);
    let title = texts(&page, ".map title");
    assert_eq!(title, ["Stations, là où elles sont"]);
    assert!(texts(&page, ".map desc")[0].contains("La liste qui suit donne les mêmes stations"));
}
