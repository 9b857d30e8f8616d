//! Durations, the outbox, the database itself.

use chrono::TimeDelta;
use filrouge_accounts::{
    ABSOLUTE_LIFETIME, Accounts, AccountsError, NewReport, Outbox, Purged, RightsRequestKind, Role,
};

use crate::support::{create, email, log_in, now, on_each_engine};

// Preuve: C4.9 les comptes, les sessions, les liens, les signalements et les demandes ont leur durée
#[tokio::test]
async fn what_is_past_its_time_goes_and_nothing_else() {
    on_each_engine(async |accounts| {
        let rider = create(&accounts, "camille", Role::Rider).await;
        create(&accounts, "alix", Role::Operator).await;
        log_in(&accounts, "camille").await;
        accounts.begin_reset(&rider, now()).await.unwrap();
        let report = NewReport {
            body: "Une borne est éteinte".to_owned(),
            station_id: None,
            bike: None,
            is_example: false,
        };
        accounts.record_report(&report, None, now()).await.unwrap();
        let kind = RightsRequestKind::Access;
        let request = accounts.record_request(&rider, kind, now()).await.unwrap();
        accounts.answer_request(&request, now()).await.unwrap();

        let removed = async |after| accounts.purge(now() + after).await.unwrap();
        assert_eq!(removed(TimeDelta::minutes(1)).await, Purged::default());
        let of_the_day = removed(ABSOLUTE_LIFETIME).await;
        assert_eq!((of_the_day.sessions, of_the_day.links), (1, 1));
        assert_eq!(removed(TimeDelta::days(361)).await.reports, 1);
        assert_eq!(removed(TimeDelta::days(729)).await.accounts, 0);
        assert_eq!(removed(TimeDelta::days(731)).await.accounts, 1);
        assert_eq!(removed(TimeDelta::days(1096)).await.requests, 1);
        // An operator is removed by whoever gave them their role.
        assert_eq!(accounts.people().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_database_is_opened_again_as_it_was_and_another_address_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.sqlite");
    let accounts = Accounts::open_file(&file).await.unwrap();
    create(&accounts, "camille", Role::Rider).await;
    accounts.close().await;

    let accounts = Accounts::open_file(&file).await.unwrap();
    accounts.ping().await.unwrap();
    assert_eq!(accounts.people().await.unwrap()[0].email, email("camille"));

    let refused = Accounts::open("mysql://user:secret@host/base")
        .await
        .unwrap_err();
    assert!(matches!(refused, AccountsError::UnknownEngine));
    assert!(!refused.to_string().contains("secret"));
}

#[tokio::test]
async fn a_file_that_is_damaged_is_refused_and_another_that_is_private_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.sqlite");
    let accounts = Accounts::open_file(&file).await.unwrap();
    create(&accounts, "camille", Role::Rider).await;
    accounts.close().await;
    assert_private(&file);

    std::fs::write(&file, "not a database".repeat(100)).unwrap();
    let refused = Accounts::open_file(&file).await.unwrap_err();
    assert!(refused.to_string().contains("not a database"), "{refused}");
}

/// Readable by its owner alone.
fn assert_private(path: &std::path::Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_message_waits_in_a_private_file() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::new(folder.path().join("outbox"));
    outbox
        .send(&email("camille"), "Mot de passe", "Le lien…", now())
        .unwrap();

    let files: Vec<_> = std::fs::read_dir(folder.path().join("outbox"))
        .unwrap()
        .collect();
    assert_eq!(files.len(), 1);
    let path = files[0].as_ref().unwrap().path();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("To: camille@exemple.fr\r\n"), "{text}");
    assert_private(&path);
}

#[test]
fn a_drawn_password_follows_the_rules() {
    let drawn = Accounts::draw_password().unwrap();
    assert_ne!(drawn, Accounts::draw_password().unwrap());

    // Two in a thousand had hardly a letter: the rules took them for a number.
    for _ in 0..20_000 {
        let drawn = Accounts::draw_password().unwrap();
        let flaw = filrouge_accounts::flaw(drawn.reveal(), &email("camille"));
        assert_eq!(flaw, None, "{}", drawn.reveal());
    }
}
