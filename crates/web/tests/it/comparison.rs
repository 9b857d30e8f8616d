use crate::support::{Mood, Site, station, texts};

async fn site() -> Site {
    Site::with_stations(vec![
        station("CHANCE-1", "Gare", 7, 13),
        station("CHANCE-2", "Marché", 9, 11),
        station("NEW", "Toute neuve", 9, 11),
    ])
    .await
}

#[tokio::test]
async fn two_stations_are_told_side_by_side_hour_by_hour() {
    let page = site()
        .await
        .get("/comparer?premiere=gare&seconde=march%C3%A9")
        .await;
    assert_eq!(page.status, 200);
    assert_eq!(
        texts(&page.text, "section h2"),
        ["Gare et Marché, heure par heure"]
    );
    assert_eq!(texts(&page.text, "thead th"), ["Heure", "Gare", "Marché"]);
    assert_eq!(texts(&page.text, "tbody tr").len(), 24);
    assert_eq!(
        texts(&page.text, "tbody tr:first-child > *"),
        ["aujourd’hui, 10 h", "9 sur 10", "9 sur 10"]
    );
    assert_eq!(
        texts(&page.text, ".answer"),
        ["Les deux stations se valent sur toute la période."]
    );
}

#[tokio::test]
async fn one_station_is_kept_and_the_other_asked_for() {
    let site = site().await;
    let page = site.get("/comparer?premiere=CHANCE-1").await;
    assert!(page.text.contains("value=\"Gare\""));
    assert!(
        texts(&page.text, ".field-error").is_empty(),
        "a link brought it here"
    );

    let page = site.get("/comparer?premiere=CHANCE-1&seconde=").await;
    assert_eq!(
        texts(&page.text, "#seconde-erreur"),
        ["Écrivez le nom d’une station."]
    );

    let page = site.get("/comparer?premiere=gare&seconde=Gare").await;
    assert!(texts(&page.text, "#seconde-erreur")[0].starts_with("C’est la même station"));
    assert!(texts(&page.text, "head > title")[0].starts_with("Erreur :"));
}

#[tokio::test]
async fn a_station_without_habits_or_a_silent_model_api_is_said() {
    let site = site().await;
    let page = site.get("/comparer?premiere=gare&seconde=NEW").await;
    assert!(
        texts(&page.text, ".notice")[0].contains("ne sont pas connues"),
        "{}",
        page.text
    );

    site.model_api.set_mood(Mood::Fails);
    let page = site
        .get("/comparer?premiere=gare&seconde=march%C3%A9")
        .await;
    assert_eq!(page.status, 200);
    assert!(texts(&page.text, ".notice")[0].contains("ne répond pas"));
}
