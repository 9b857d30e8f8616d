//! The pages of the data-protection officer.

use chrono::TimeDelta;
use filrouge_accounts::{RightsRequestKind, Role};

use crate::support::{Mood, Site, now};

async fn site() -> (Site, String) {
    let site = Site::with_stations(Vec::new()).await;
    let cookie = site.session_of(Role::Officer).await;
    (site, cookie)
}

// Preuve: C10.4 registre, conservation et journal des accès sont lus dans l’API de données, avec le droit de l’officier
#[tokio::test]
async fn the_officer_reads_the_register_the_purges_and_the_log() {
    let (site, cookie) = site().await;
    let page = site.get_as(&cookie, "/donnees-personnelles").await;
    assert_eq!(page.status, 200);
    for told in [
        "Statistiques d’abonnement",
        "&#60;b&#62;Exercice",
        "datetime=\"2026-03-01T03:00:00Z\"",
        "Intact.",
        "Aucune demande n’est en retard",
    ] {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }

    let log = site
        .get_as(&cookie, "/donnees-personnelles/journal")
        .await
        .text;
    let next = "/donnees-personnelles/journal?suite=1";
    assert!(log.contains("import") && log.contains(next), "{log}");
    let last = site.get_as(&cookie, next).await.text;
    assert!(!last.contains("rel=\"next\""), "{last}");
    assert_eq!(
        site.get_as(&cookie, "/donnees-personnelles/violation")
            .await
            .status,
        200
    );
}

// Preuve: C4.10 la page de l’officier montre d’abord les demandes en retard
#[tokio::test]
async fn a_late_request_comes_first_until_it_is_answered() {
    let (site, cookie) = site().await;
    let account_id = site.create("camille", Role::Rider).await;
    let mut numbers = Vec::new();
    for (kind, days) in [
        (RightsRequestKind::Access, 3),
        (RightsRequestKind::Objection, 40),
    ] {
        let at = now() - TimeDelta::days(days);
        numbers.push(
            site.accounts
                .record_request(&account_id, kind, at)
                .await
                .unwrap(),
        );
    }

    let page = site.get_as(&cookie, "/donnees-personnelles").await.text;
    assert!(page.contains("Une demande est en retard."), "{page}");
    let places = ["opposition", "accès</th>"].map(|word| page.find(word).unwrap());
    assert!(places[0] < places[1]);
    assert!(!page.contains("camille"), "the list names nobody");

    let address = format!("/donnees-personnelles/demandes/{}", numbers[1]);
    assert_eq!(site.post_as(&cookie, &address, &[]).await.status, 303);
    let page = site.get_as(&cookie, "/donnees-personnelles").await.text;
    assert!(!page.contains("en retard.</p>"), "{page}");
}

#[tokio::test]
async fn a_silent_data_api_hides_no_request() {
    let (site, cookie) = site().await;
    site.data_api.set_mood(Mood::Fails);
    for address in ["/donnees-personnelles", "/donnees-personnelles/journal"] {
        let page = site.get_as(&cookie, address).await;
        assert_eq!(page.status, 200, "{address}");
        assert!(
            page.text.contains("L’API de données ne répond pas"),
            "{}",
            page.text
        );
    }
}
