use crate::support::{Mood, Site, station, texts};

async fn site() -> Site {
    Site::with_stations(vec![station("CHANCE-1", "Gare", 7, 13)]).await
}

// Preuve: C10.5 la page d’une station demande ce que l’on cherche et à quelle heure, et répond en une phrase
#[tokio::test]
async fn a_station_page_answers_the_question_of_the_rider_in_words() {
    let site = site().await;
    let answer = async |query: &str| {
        let page = site.get(&format!("/stations/CHANCE-1{query}")).await.text;
        texts(&page, ".answer")[0].clone()
    };

    assert_eq!(
        answer("").await,
        "À 10 h : 9 chances sur 10 de trouver un vélo, 9 chances sur 10 de trouver une place."
    );
    assert_eq!(
        answer("?cherche=place&heure=14").await,
        "À 14 h : 9 chances sur 10 de trouver une place, 5 chances sur 10 de trouver un vélo."
    );
    for nonsense in ["?heure=99", "?heure=x", "?cherche=%FF", "?heure=1&heure=2"] {
        assert!(
            answer(nonsense).await.contains("de trouver un vélo"),
            "{nonsense}"
        );
    }
}

#[tokio::test]
async fn the_table_gives_the_same_values_as_the_drawing_and_the_departures() {
    let page = site().await.get("/stations/CHANCE-1").await.text;
    assert_eq!(
        texts(&page, "thead th"),
        ["Heure", "Vélo", "Place", "Départs"]
    );
    assert_eq!(
        texts(&page, "tbody tr:nth-child(2) > *"),
        ["aujourd’hui, 11 h", "8 sur 10", "9 sur 10", "1 à 4"]
    );
    assert_eq!(
        texts(&page, "tbody tr").len(),
        texts(&page, ".chart circle").len()
    );
    assert!(page.len() < 30_000, "{} bytes", page.len());
}

#[tokio::test]
async fn the_choice_is_kept_in_the_form() {
    let page = site()
        .await
        .get("/stations/CHANCE-1?cherche=place&heure=18")
        .await
        .text;
    assert_eq!(texts(&page, "option[selected]"), ["aujourd’hui, 18 h"]);
    assert_eq!(
        texts(&page, "label:has(input[value=place][checked])").len(),
        1
    );
}

#[tokio::test]
async fn without_chances_the_page_shows_the_departures_and_without_departures_the_chances() {
    let site = Site::with_stations(vec![station("RIV-1", "Gare", 7, 13)]).await;
    let page = site.get("/stations/RIV-1").await.text;
    assert!(texts(&page, ".answer").is_empty());
    assert_eq!(texts(&page, "thead th")[1], "Attendus");

    site.model_api.set_mood(Mood::Fails);
    let page = site.get("/stations/RIV-1").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Prévision indisponible."));
}
