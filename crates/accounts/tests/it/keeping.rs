//! Durations, the outbox, the database itself.

use chrono::TimeDelta;
use filrouge_accounts::{
    ABSOLUTE_LIFETIME, Accounts, AccountsError, Credentials, NewReport, Outbox, Purged,
    RightsRequestKind, Role,
};

use crate::postgres::Server;
use crate::support::{PASSWORD, create, email, log_in, now, on_each_engine, open_file, secret};

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
    let accounts = open_file(&file).await.unwrap();
    create(&accounts, "camille", Role::Rider).await;
    accounts.close().await;

    let accounts = open_file(&file).await.unwrap();
    accounts.ping().await.unwrap();
    assert_eq!(accounts.people().await.unwrap()[0].email, email("camille"));

    let refused = Accounts::open("mysql://user:secret@host/base", &file.with_extension("key"))
        .await
        .unwrap_err();
    assert!(matches!(refused, AccountsError::UnknownEngine));
    assert!(!refused.to_string().contains("secret"));
}

// Preuve: C17.8 la clé d’un second facteur n’est nulle part dans la base : elle y est chiffrée, sous une clé gardée à part
#[tokio::test]
async fn a_copy_of_the_database_holds_no_byte_of_a_second_factor() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.sqlite");
    let accounts = open_file(&file).await.unwrap();
    let account_id = create(&accounts, "camille", Role::Rider).await;
    let key = accounts.begin_second_factor(&account_id).await.unwrap();
    let code = key.code_at(now());
    let confirmed = accounts.confirm_second_factor(&account_id, code, "", now());
    confirmed.await.unwrap();

    // Beside the database: its journal.
    let written: Vec<u8> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("sqlite"))
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect();
    let holds = |text: &[u8]| written.windows(text.len()).any(|bytes| bytes == text);
    let bytes = from_base32(&key.reveal());
    assert_eq!(bytes.len(), 20);
    assert!(
        holds(account_id.as_str().as_bytes()),
        "the account is there"
    );
    for form in [
        bytes.clone(),
        bytes[..8].to_vec(),
        hex::encode(&bytes).into_bytes(),
        key.reveal().into_bytes(),
    ] {
        assert!(!holds(&form), "{}", String::from_utf8_lossy(&form));
    }
    assert_private(&file.with_extension("key"));
    accounts.close().await;

    // Opened again, the codes are still known; under another key, none is.
    let later = now() + TimeDelta::minutes(1);
    let credentials = Credentials {
        email: email("camille"),
        password: secret(PASSWORD),
        code: Some(key.code_at(later)),
    };
    let other = Accounts::open_file(&file, &folder.path().join("other.key"))
        .await
        .unwrap();
    let refused = other.log_in(&credentials, "", later).await.unwrap_err();
    assert!(
        matches!(refused, AccountsError::Corrupt("totp_key")),
        "{refused}"
    );
    let again = open_file(&file).await.unwrap();
    again.log_in(&credentials, "", later).await.unwrap();
}

/// The bytes of a key as an authenticator reads it (RFC 4648, section 6).
fn from_base32(text: &str) -> Vec<u8> {
    let digit = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        _ => letter - b'2' + 26,
    };
    let bits = text.bytes().flat_map(|letter| {
        let digit = digit(letter);
        (0..5).rev().map(move |bit| (digit >> bit) & 1)
    });
    let bits: Vec<u8> = bits.collect();
    let byte = |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | bit);
    bits.chunks_exact(8).map(byte).collect()
}

#[tokio::test]
async fn a_file_that_is_damaged_is_refused_and_another_that_is_private_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.sqlite");
    let accounts = open_file(&file).await.unwrap();
    create(&accounts, "camille", Role::Rider).await;
    accounts.close().await;
    assert_private(&file);

    std::fs::write(&file, "not a database".repeat(100)).unwrap();
    let refused = open_file(&file).await.unwrap_err();
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
        .send(
            &email("camille"),
            "Réseau\r\nBcc: alix@exemple.fr",
            "Le lien…",
            now(),
        )
        .unwrap();

    let files: Vec<_> = std::fs::read_dir(folder.path().join("outbox"))
        .unwrap()
        .collect();
    assert_eq!(files.len(), 1);
    let path = files[0].as_ref().unwrap().path();
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let names: Vec<_> = head
        .lines()
        .map(|line| line.split(": ").next().unwrap())
        .collect();
    // What the name of a network brings stays in its header.
    let expected = "Date To Subject MIME-Version Content-Type Content-Transfer-Encoding";
    assert_eq!(names.join(" "), expected);
    assert!(head.contains("\r\nTo: camille@exemple.fr\r\n"), "{head}");
    assert_eq!(body, "Le lien…\r\n");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn programs_that_open_a_new_file_at_once_all_find_its_schema() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let (file, key) = (folder.path().join("new.sqlite"), folder.path().join("key"));

        let mut programs = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (file, key) = (file.clone(), key.clone());
            programs.spawn(async move { Accounts::open_file(&file, &key).await.map(drop) });
        }
        for opened in programs.join_all().await {
            opened.expect("a schema that is up to date");
        }
    }
}

#[tokio::test]
async fn a_file_is_opened_under_the_very_name_it_was_given() {
    for name in ["vélos du %20 quai", "a?mode=memory", "a#b", "%2e%2e"] {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join(name);
        std::fs::create_dir(&inside).unwrap();
        let file = inside.join("accounts.sqlite");

        let accounts = open_file(&file).await.unwrap();
        create(&accounts, "camille", Role::Rider).await;
        accounts.close().await;

        let opened = open_file(&file).await.unwrap();
        assert_eq!(opened.people().await.unwrap().len(), 1, "{name}");
        let folders = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(folders, 1, "{name}");
        assert!(std::fs::metadata(&file).unwrap().len() > 0, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn programs_that_open_a_new_database_of_a_server_at_once_all_find_its_schema() {
    let Some(server) = Server::shared() else {
        return;
    };
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let (address, key) = (server.create_database(), folder.path().join("key"));

        let mut programs = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (address, key) = (address.clone(), key.clone());
            programs.spawn(async move { Accounts::open(&address, &key).await.map(drop) });
        }
        for opened in programs.join_all().await {
            opened.expect("a schema that is up to date");
        }
    }
}
