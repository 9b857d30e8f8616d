use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Site, station};

#[tokio::test]
async fn a_station_page_tells_its_bikes_docks_district_and_position() {
    let page = Site::with_stations(vec![station("RIV-001", "Gare centrale", 7, 13)])
        .await
        .get("/stations/RIV-001")
        .await;
    assert_eq!(page.status, 200);

    for expected in [
        "<h1>Gare centrale</h1>",
        "<dt>Vélos à prendre</dt><dd>7</dd>",
        "<dt>Places libres</dt><dd>13</dd>",
        "Centre, 20\u{a0}points d’attache.",
        "45,6012°\u{a0}nord, 4,1034°\u{a0}est",
    ] {
        assert!(page.text.contains(expected), "{expected}\n{}", page.text);
    }
}

#[tokio::test]
async fn hostile_names_and_identifiers_are_written_as_text() {
    let id = "a/b?c=<i>&d\"e";
    let site = Site::with_stations(vec![station(id, "<script>alert('x')</script>\"&", 1, 1)]).await;
    let home = site.get("/").await.text;
    assert!(!home.contains("<script"));
    assert!(
        home.contains("/stations/a%2Fb%3Fc%3D%3Ci%3E%26d%22e\""),
        "{home}"
    );
    let page = site.get("/stations/a%2Fb%3Fc%3D%3Ci%3E%26d%22e").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("<script") && !page.text.contains("<i>"));
}

#[tokio::test]
async fn a_station_that_says_nothing_or_spoke_long_ago_is_shown_as_such() {
    let mut silent = station("S", "Muette", 0, 20);

    for field in [
        "bikes_available",
        "docks_available",
        "reported_at",
        "district",
    ] {
        silent[field] = Value::Null;
    }

    let mut old = station("O", "Ancienne", 4, 4);
    old["reported_at"] = json!(crate::support::now() - TimeDelta::hours(2));
    let site = Site::with_stations(vec![silent, old]).await;

    let page = site.get("/stations/S").await.text;

    assert!(
        page.contains("<dd>inconnu</dd>")
            && page.contains("La station n’a encore transmis aucun relevé."),
        "{page}"
    );

    let page = site.get("/stations/O").await.text;

    assert!(
        page.contains("il y a 2\u{a0}heures") && page.contains("l’information est ancienne"),
        "{page}"
    );
}

#[tokio::test]
async fn an_unknown_station_is_a_page_not_found_with_a_way_out() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 1, 1)]).await;
    for id in ["RIV-999", "%20", "%FF", "%00", &"x".repeat(65)] {
        let page = site.get(&format!("/stations/{id}")).await;
        assert_eq!(page.status, 404, "{id}");
        assert!(
            page.text.contains("<h1>Station introuvable</h1>")
                && page.text.contains("Revenir aux stations")
        );
    }
}
