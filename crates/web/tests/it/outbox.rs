//! The messages of the outbox end with their day, wherever the application runs alone.

use std::time::Duration;

use filrouge_types::Clock;
use tokio::net::TcpListener;

use crate::support::{Site, fake_api};

// Preuve: C4.10 l’application efface elle-même les messages de plus d’un jour : hébergée à part, aucune autre purge ne voit son dossier
#[tokio::test]
async fn the_application_removes_the_messages_of_before_by_itself() {
    let mut config = None;
    let site = Site::with(fake_api(Vec::new()).await, |settings| {
        config = Some(settings.clone());
    })
    .await;
    let config = config.unwrap();
    let now = config.clock.now();
    for (name, hours) in [("camille", 25), ("alix", 23)] {
        let email = format!("{name}@exemple.fr").parse().unwrap();
        let then = now - chrono::TimeDelta::hours(hours);
        config
            .outbox
            .send(&email, "Mot de passe", "Le lien…", then)
            .unwrap();
    }

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let serving = tokio::spawn(filrouge_web::serve(
        config,
        listener,
        std::future::pending(),
    ));
    for _ in 0..2000 {
        if site.messages_to("camille@exemple.fr").is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    serving.abort();

    assert_eq!(site.messages_to("camille@exemple.fr"), [] as [String; 0]);
    assert_eq!(site.messages_to("alix@exemple.fr").len(), 1);
}
