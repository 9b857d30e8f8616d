use filrouge_database::{Subscriber, SubscriberNumber};
use filrouge_types::FixedClock;

use super::*;
use crate::state;

// Preuve: C4.10 la purge automatique ne laisse aucun octet de ce qu'elle efface, ni dans la base ni dans son journal
#[tokio::test]
async fn the_scheduled_purge_leaves_no_trace_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let state = state::open(folder.path()).unwrap();
    let database = Database::open_file(&folder.path().join("test.sqlite"))
        .await
        .unwrap();
    let clock = FixedClock::at("2026-03-01T00:00:00Z".parse().unwrap());
    let gdpr = super::super::open(&state, &database, "test", &clock)
        .await
        .unwrap();

    let number = SubscriberNumber::from("770042".to_owned());
    let traces = gdpr.traces_of(&number);

    let person = Subscriber {
        number,
        age_band: None,
        district: None,
        plan: None,
    };

    gdpr.replace_subscribers(&[person]).await.unwrap();
    assert!(
        !files::search(&state, &traces).unwrap().found_in.is_empty(),
        "the search itself finds"
    );

    clock.advance(TimeDelta::days(730));
    assert!(when_due(&state, &database, &clock).await.unwrap());
    assert!(files::search(&state, &traces).unwrap().found_in.is_empty());
}

// Preuve: C4.10 la purge automatique tourne à la fréquence du registre, ni plus ni moins
#[tokio::test]
async fn the_schedule_follows_the_register() {
    let folder = tempfile::tempdir().unwrap();
    let state = state::open(folder.path()).unwrap();
    let database = Database::open_file(&folder.path().join("test.sqlite"))
        .await
        .unwrap();
    let clock = FixedClock::at("2026-03-01T00:00:00Z".parse().unwrap());

    assert!(
        when_due(&state, &database, &clock).await.unwrap(),
        "the first time"
    );

    clock.advance(TimeDelta::hours(23));
    assert!(!when_due(&state, &database, &clock).await.unwrap());

    clock.advance(TimeDelta::hours(1));
    assert!(when_due(&state, &database, &clock).await.unwrap());
}
