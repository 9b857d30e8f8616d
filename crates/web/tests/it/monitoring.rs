use crate::support::{Mood, Site};

// Preuve: C11.3 le tableau de bord est servi par l’application, à l’instant de la demande, en phrases et en tableaux
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

// Preuve: C10.3 le jeton périmé est renouvelé sans que la personne le voie
#[tokio::test]
async fn a_token_that_ended_is_renewed() {
    let site = Site::with_stations(Vec::new()).await;
    site.get("/monitoring").await;
    site.model_api.revoke_tokens();
    assert!(site.get("/monitoring").await.text.contains("<svg"));
    assert_eq!(site.model_api.tokens_given(), 2);
}

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
