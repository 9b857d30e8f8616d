use crate::support::{Mood, Site, station, texts};

/// Two stations far from each other, and a third beside the first.
async fn site() -> Site {
    let mut gare = station("CHANCE-1", "Gare", 0, 20);
    let mut marche = station("CHANCE-2", "Marché", 9, 11);
    let mut universite = station("CHANCE-3", "Université", 12, 8);
    for (station, latitude) in [
        (&mut gare, 45.600),
        (&mut marche, 45.602),
        (&mut universite, 45.630),
    ] {
        station["latitude"] = latitude.into();
    }
    Site::with_stations(vec![gare, marche, universite]).await
}

const TRIP: &str = "/trajet?depart=CHANCE-1&arrivee=universite";

// Preuve: C10.2 un trajet interroge le modèle : un vélo au départ, une place à l’arrivée
#[tokio::test]
async fn a_trip_tells_the_chances_of_a_bike_at_its_start_and_of_a_dock_at_its_end() {
    // The clock of the tests shows 9 h 00.
    let page = site().await.get(&format!("{TRIP}&heure=9:40")).await;
    assert_eq!(page.status, 200);
    let heading = "Partir à 9 h 40 de Gare vers Université";
    assert_eq!(texts(&page.text, "section h2"), [heading]);
    assert_eq!(
        texts(&page.text, "head > title"),
        [format!("{heading} – Vélorive")]
    );
    assert_eq!(
        texts(&page.text, ".answer"),
        [
            "Vélo à Gare à 9 h 40 : 6 chances sur 10. Place à Université à 10 h 05 : 9 chances sur 10."
        ]
    );
    assert_eq!(
        texts(&page.text, "section li"),
        ["Départ : Marché, à 200 m à pied, 9 chances sur 10"]
    );
    assert!(
        page.text
            .contains("/trajet?depart=CHANCE-3&amp;arrivee=CHANCE-1&amp;heure=09%3A40")
            || page
                .text
                .contains("/trajet?depart=CHANCE-3&#38;arrivee=CHANCE-1&#38;heure=09%3A40"),
        "{}",
        page.text
    );
}

// Preuve: C17.3 un formulaire mal rempli nomme le champ fautif, garde ce qui a été écrit et dit comment le corriger
#[tokio::test]
async fn each_error_is_beside_its_field_and_in_the_title() {
    let site = site().await;
    let table = [
        (
            "depart=&arrivee=Gare&heure=9:40",
            "depart",
            "Écrivez le nom d’une station.",
        ),
        (
            "depart=zzz&arrivee=Gare&heure=9:40",
            "depart",
            "Aucune station ne s’appelle « zzz »",
        ),
        (
            "depart=centre&arrivee=Gare&heure=9:40",
            "depart",
            "Plusieurs stations",
        ),
        (
            "depart=Gare&arrivee=gare&heure=9:40",
            "arrivee",
            "C’est la même station",
        ),
        (
            "depart=Gare&arrivee=March%C3%A9&heure=midi",
            "heure",
            "Écrivez-la comme 8 h 10.",
        ),
    ];
    for (query, field, expected) in table {
        let page = site.get(&format!("/trajet?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert_eq!(
            texts(&page.text, "head > title"),
            ["Erreur : Préparer un trajet – Vélorive"],
            "{query}"
        );
        let errors = texts(&page.text, &format!("#{field}-erreur"));
        assert!(
            errors.len() == 1 && errors[0].contains(expected),
            "{query}: {errors:?}"
        );
        let described = format!("#{field}[aria-invalid=true][aria-describedby={field}-erreur]");
        assert_eq!(texts(&page.text, &described).len(), 1, "{query}");
        assert!(texts(&page.text, ".answer").is_empty(), "{query}");
    }
    assert_eq!(
        site.model_api.reads(),
        0,
        "nothing is asked of the model meanwhile"
    );
}

#[tokio::test]
async fn a_form_that_was_not_sent_has_no_error() {
    let site = site().await;
    for address in ["/trajet", "/trajet?depart=CHANCE-1", "/en/trajet"] {
        let page = site.get(address).await;
        assert_eq!(page.status, 200, "{address}");
        assert!(texts(&page.text, ".field-error").is_empty(), "{address}");
    }
}

#[tokio::test]
async fn a_long_or_hostile_text_comes_back_short_and_as_text() {
    let site = site().await;
    let long = "x".repeat(5_000);
    let page = site
        .get(&format!(
            "/trajet?depart={long}&arrivee=%3Cscript%3E&heure=%22%3E"
        ))
        .await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("<script"), "{}", page.text);
    assert!(page.text.len() < 30_000, "{}", page.text.len());
}

// Preuve: C10.6 l’API du modèle en panne : la page du trajet le dit, sans erreur
#[tokio::test]
async fn when_the_model_api_is_down_the_trip_says_so() {
    let site = site().await;
    for mood in [Mood::Fails, Mood::Babbles, Mood::Overloaded] {
        site.model_api.set_mood(mood);
        let page = site.get(&format!("{TRIP}&heure=9:40")).await;
        assert_eq!(page.status, 200, "{mood:?}");
        let answer = &texts(&page.text, ".answer")[0];
        assert!(
            answer.starts_with("Les chances ne peuvent pas être dites"),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_trip_past_the_last_hour_says_how_far_the_forecast_goes() {
    // 8 h 50 is over: it is that of tomorrow, and the arrival comes after the last hour.
    let page = site().await.get(&format!("{TRIP}&heure=8:50")).await;
    let answer = &texts(&page.text, ".answer")[0];
    assert!(answer.ends_with("elle va jusqu’à demain, 9 h."), "{answer}");
}
