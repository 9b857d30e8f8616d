use filrouge_database::{Subscriber, SubscriberNumber};
use filrouge_types::FixedClock;

use super::*;

struct Setting {
    _folder: tempfile::TempDir,
    state: StateFolder,
    database: Database,
    clock: FixedClock,
}

async fn setting() -> Setting {
    let folder = tempfile::tempdir().unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    let database = Database::open_file(&state.sqlite()).await.unwrap();

    Setting {
        _folder: folder,
        state,
        database,
        clock: FixedClock::at("2026-03-01T00:00:00Z".parse().unwrap()),
    }
}

impl Setting {
    async fn purge_when_due(&self) -> bool {
        purge_when_due(&self.state, &self.database, &self.clock)
            .await
            .unwrap()
    }

    fn finds(&self, texts: &[String]) -> bool {
        !files::search(&self.state, texts)
            .unwrap()
            .found_in
            .is_empty()
    }
}

fn subscriber(number: &SubscriberNumber) -> Subscriber {
    Subscriber {
        number: number.clone(),
        district: None,
        plan: None,
    }
}

// Preuve: C4.9 la purge automatique ne laisse aucun octet de ce qu'elle efface, ni dans la base ni dans son journal [code : crates/personal-data/src/purge.rs#purge]
#[tokio::test]
async fn the_scheduled_purge_leaves_no_trace_in_the_files() {
    let setting = setting().await;
    let number = SubscriberNumber::from("770042".to_owned());
    let now = setting.clock.now();

    let personal_data = PersonalData::open(&setting.state, &setting.database, "test", now)
        .await
        .unwrap();
    let traces = personal_data.records.traces_of(&number);
    personal_data
        .replace_subscribers(&[subscriber(&number)])
        .await
        .unwrap();
    assert!(setting.finds(&traces), "the search itself finds");

    setting.clock.advance(TimeDelta::days(730));
    assert!(setting.purge_when_due().await);
    assert!(!setting.finds(&traces));
}

// Preuve: C4.10 la purge automatique tourne à la fréquence du registre, ni plus ni moins [code : crates/personal-data/src/purge.rs#purge_on_schedule]
#[tokio::test]
async fn the_schedule_follows_the_register() {
    let setting = setting().await;

    assert!(setting.purge_when_due().await, "the first time");

    setting.clock.advance(TimeDelta::hours(23));
    assert!(!setting.purge_when_due().await);

    setting.clock.advance(TimeDelta::hours(1));
    assert!(setting.purge_when_due().await);
}

#[tokio::test]
async fn a_purge_made_by_a_clock_that_was_ahead_does_not_stop_the_next_ones() {
    let setting = setting().await;
    setting.clock.advance(TimeDelta::days(3));
    assert!(setting.purge_when_due().await);
    setting.clock.advance(TimeDelta::days(-3));

    assert!(setting.purge_when_due().await, "the last purge is to come");
    assert!(!setting.purge_when_due().await, "it was made just now");
}
