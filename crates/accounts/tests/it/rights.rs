use chrono::TimeDelta;
use filrouge_accounts::{AccountsError, ConsentPurpose, RightsRequestKind, Role};

use crate::support::{PASSWORD, create, email, log_in, now, on_each_engine, secret};

// Preuve: C17.5 une personne voit, corrige, emporte et efface ce qui est gardé d’elle
#[tokio::test]
async fn a_person_takes_their_data_away_corrects_and_erases_them() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Rider).await;
        let station_id = "RIV-001".parse().unwrap();
        let purpose = ConsentPurpose::Favourites;
        accounts
            .answer_consent(&account_id, purpose, true, now())
            .await
            .unwrap();
        accounts
            .add_favourite(&account_id, &station_id, now())
            .await
            .unwrap();
        let kind = RightsRequestKind::Erasure;
        accounts
            .record_request(&account_id, kind, now())
            .await
            .unwrap();

        let copy = accounts.personal_copy(&account_id, now()).await.unwrap();
        let copy = format!("{copy:?}");
        for held in ["camille@exemple.fr", "RIV-001", "favourites", "erasure"] {
            assert!(copy.contains(held), "{held}: {copy}");
        }
        assert!(!copy.contains("argon2"), "{copy}");

        let session = log_in(&accounts, "camille").await;
        let wrong = secret("une autre phrase");
        let right = secret(PASSWORD);
        let refused = accounts
            .correct_email(&account_id, &wrong, &email("alix"), "", now())
            .await;
        assert!(matches!(refused, Err(AccountsError::WrongCredentials)));
        accounts
            .correct_email(&account_id, &right, &email("alix"), "", now())
            .await
            .unwrap();
        assert_eq!(accounts.signed_in(&session, now()).await.unwrap(), None);

        let refused = accounts.erase(&account_id, &wrong).await;
        assert!(matches!(refused, Err(AccountsError::WrongCredentials)));
        accounts.erase(&account_id, &right).await.unwrap();
        assert_eq!(accounts.people().await.unwrap(), []);
        assert_eq!(accounts.favourites(&account_id).await.unwrap(), []);

        // The request outlives the account, without its name.
        let requests = accounts.requests(10).await.unwrap();
        assert_eq!(requests[0].account_id, None);
        assert_eq!(requests[0].kind, kind);
    })
    .await;
}

#[tokio::test]
async fn nobody_takes_the_address_of_another() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Rider).await;
        create(&accounts, "alix", Role::Rider).await;

        let password = secret(PASSWORD);
        let [taken, own] = [email("alix"), email("Camille")];
        let refused = accounts
            .correct_email(&account_id, &password, &taken, "", now())
            .await;
        assert!(matches!(refused, Err(AccountsError::EmailTaken)));
        // Its own address is free.
        accounts
            .correct_email(&account_id, &password, &own, "", now())
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_consent_is_silent_at_first_and_its_withdrawal_erases_what_it_allowed() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Rider).await;
        let station_id = "RIV-001".parse().unwrap();
        let purpose = ConsentPurpose::Favourites;
        let agrees = async || {
            let answers = accounts.consents(&account_id).await.unwrap();
            answers.iter().any(|answer| answer.is_given)
        };

        assert!(!agrees().await);
        let early = accounts
            .add_favourite(&account_id, &station_id, now())
            .await;
        assert!(matches!(early, Err(AccountsError::NotFound)));

        accounts
            .answer_consent(&account_id, purpose, true, now())
            .await
            .unwrap();
        for _ in 0..2 {
            accounts
                .add_favourite(&account_id, &station_id, now())
                .await
                .unwrap();
        }
        assert_eq!(accounts.favourites(&account_id).await.unwrap().len(), 1);

        let later = now() + chrono::TimeDelta::days(1);
        accounts
            .answer_consent(&account_id, purpose, false, later)
            .await
            .unwrap();
        assert!(!agrees().await);
        assert_eq!(accounts.favourites(&account_id).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn the_last_answer_counts_even_after_a_clock_was_set_back() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Rider).await;
        let purpose = ConsentPurpose::ReportExamples;
        let earlier = now() - chrono::TimeDelta::seconds(2);

        for (is_given, at) in [
            (true, now()),
            (false, now()),
            (true, now()),
            (false, earlier),
        ] {
            accounts
                .answer_consent(&account_id, purpose, is_given, at)
                .await
                .unwrap();

            let answers = accounts.consents(&account_id).await.unwrap();
            let answer = answers.iter().find(|one| one.purpose == purpose).unwrap();
            assert_eq!((answer.is_given, answer.answered_at), (is_given, Some(at)));
        }
    })
    .await;
}

// Preuve: C4.10 une demande a un mois, et celle qui est en retard passe en tête
#[tokio::test]
async fn a_request_has_a_month_and_those_that_wait_come_first() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Rider).await;
        let days = chrono::TimeDelta::days;
        let kinds = [RightsRequestKind::Access, RightsRequestKind::Objection];
        let mut ids = Vec::new();
        for (kind, ago) in kinds.into_iter().zip([40, 10]) {
            let at = now() - days(ago);
            ids.push(
                accounts
                    .record_request(&account_id, kind, at)
                    .await
                    .unwrap(),
            );
        }

        let requests = accounts.requests(10).await.unwrap();
        assert_eq!(
            requests[0].due_at,
            "2026-02-20T08:00:00Z"
                .parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap()
        );
        let late: Vec<bool> = requests
            .iter()
            .map(|request| request.is_late(now()))
            .collect();
        assert_eq!(late, [true, false]);

        for again in [TimeDelta::zero(), TimeDelta::hours(1)] {
            accounts
                .answer_request(&ids[0], now() + again)
                .await
                .unwrap();
        }
        let requests = accounts.requests(10).await.unwrap();
        assert_eq!(requests[1].answered_at, Some(now()), "the first answer");
        assert_eq!(requests[0].request_id, ids[1]);
        assert!(!requests[1].is_late(now()));
    })
    .await;
}
