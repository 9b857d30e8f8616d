//! The pages of operators.

use filrouge_accounts::{NewReport, Role};

use crate::support::{Mood, Site, now, station};

async fn site() -> (Site, String) {
    let stations = vec![
        station("RIV-001", "Gare", 20, 0),
        station("RIV-002", "Marché", 1, 19),
        station("RIV-003", "Quai", 11, 9),
    ];
    let site = Site::with_stations(stations).await;
    let cookie = site.session_of(Role::Operator).await;
    (site, cookie)
}

// Preuve: C10.4 le plan de la nuit exploite les prévisions par lot et les explications de l’API du modèle
#[tokio::test]
async fn the_plan_takes_where_there_is_too_much_and_leaves_where_it_will_lack() {
    let (site, cookie) = site().await;
    let page = site.get_as(&cookie, "/exploitation").await;
    assert_eq!(page.status, 200);

    // Two hours of the morning are foreseen: 2 + 2 + √8, that is 7 departures.
    for told in [
        "Une station à risque demain matin.",
        "prendre 6",
        "déposer 6",
        "2026-02-28-4f1c9a2e",
    ] {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    let small = site.get_as(&cookie, "/exploitation?camion=4").await.text;
    assert!(
        small.contains("prendre 4") && small.contains("déposer 2"),
        "{small}"
    );
    // A capacity that makes no sense is the usual one.
    let absurd = site.get_as(&cookie, "/exploitation?camion=-1").await;
    assert_eq!(absurd.status, 200);
}

// Preuve: C10.4 le plan de la nuit exploite aussi les arrivées que donne la disponibilité
#[tokio::test]
async fn a_station_whose_arrivals_make_up_for_its_departures_is_left_alone() {
    // Five arrivals an hour where the habits are known, for two departures.
    let stations = |known: &str| {
        vec![
            station(&format!("{known}-001"), "Gare", 20, 0),
            station(&format!("{known}-002"), "Marché", 3, 17),
        ]
    };
    for (known, told, limit) in [
        (
            "CHANCE",
            "Aucune station ne devrait manquer de vélos",
            "les arrivées habituelles",
        ),
        (
            "RIV",
            "Une station à risque demain matin.",
            "les arrivées ne sont pas connues",
        ),
    ] {
        let site = Site::with_stations(stations(known)).await;
        let cookie = site.session_of(Role::Operator).await;
        let page = site.get_as(&cookie, "/exploitation").await.text;
        assert!(
            page.contains(told) && page.contains(limit),
            "{known}: {page}"
        );
    }
}

#[tokio::test]
async fn a_stop_says_why_by_families_of_features() {
    let (site, cookie) = site().await;
    let page = site
        .get_as(&cookie, "/exploitation?pourquoi=RIV-002")
        .await
        .text;
    for told in [
        "Pourquoi Marché",
        "la météo",
        "0,2",
        "ce que cette station a compté",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }

    for unknown in ["RIV-404", "..%2F..", "%00"] {
        let page = site
            .get_as(&cookie, &format!("/exploitation?pourquoi={unknown}"))
            .await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("id=\"pourquoi\""));
    }
}

#[tokio::test]
async fn without_the_model_the_page_says_so_and_keeps_the_rest() {
    let (site, cookie) = site().await;
    for mood in [Mood::Fails, Mood::Babbles] {
        site.model_api.set_mood(mood);
        let page = site.get_as(&cookie, "/exploitation").await;
        assert_eq!(page.status, 200);
        assert!(
            page.text.contains("Le plan ne peut pas être fait"),
            "{}",
            page.text
        );
        assert!(page.text.contains("/exploitation/signalements"));
        site.clock.advance(chrono::TimeDelta::minutes(1));
    }
}

// Preuve: C10.4 la qualité des données est lue dans l’API de données, avec le droit qu’elle demande
#[tokio::test]
async fn the_quality_of_the_data_is_told_or_its_absence() {
    let (site, cookie) = site().await;
    let page = site.get_as(&cookie, "/exploitation/qualite").await.text;
    for told in ["duplicate_trip", "1\u{202f}000", "998", "écarter"] {
        assert!(page.contains(told), "{told}: {page}");
    }

    site.data_api.set_mood(Mood::Fails);
    let silent = site.get_as(&cookie, "/exploitation/qualite").await;
    assert_eq!(silent.status, 200);
    assert!(silent.text.contains("ne répond pas"), "{}", silent.text);
}

#[tokio::test]
async fn a_person_confirms_corrects_and_closes_a_report() {
    let (site, cookie) = site().await;
    let report = NewReport {
        body: "Le frein <b>ne tient plus</b>".to_owned(),
        station_id: Some("RIV-002".parse().unwrap()),
        bike: Some("4521".to_owned()),
        is_example: false,
    };
    let report_id = site
        .accounts
        .record_report(&report, None, now())
        .await
        .unwrap();
    let list = "/exploitation/signalements";
    let address = format!("{list}/{report_id}");

    let page = site.get_as(&cookie, list).await.text;
    assert!(page.contains("Le frein &#60;b&#62;ne tient plus"), "{page}");
    assert!(
        page.contains("Non trié") && page.contains("vélo 4521, Marché"),
        "{page}"
    );

    let form = [("category", "frein"), ("urgency", "immédiate")];
    assert_eq!(
        site.post_as(&cookie, &address, &form).await.location(),
        list
    );
    let page = site.get_as(&cookie, list).await.text;
    assert!(
        page.contains("frein, urgence immédiate (confirmé par une personne)"),
        "{page}"
    );

    let unknown = [("category", "<script>"), ("urgency", "immédiate")];
    assert_eq!(site.post_as(&cookie, &address, &unknown).await.status, 422);
    assert_eq!(
        site.post_as(&cookie, &format!("{address}/fin"), &[])
            .await
            .status,
        303
    );
    assert!(
        site.get_as(&cookie, list)
            .await
            .text
            .contains("Aucun signalement n’attend.")
    );
}
