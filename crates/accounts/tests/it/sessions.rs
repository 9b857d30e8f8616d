use chrono::TimeDelta;
use filrouge_accounts::{ABSOLUTE_LIFETIME, IDLE_LIFETIME, Role};

use crate::support::{PASSWORD, create, log_in, now, on_each_engine, secret};

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_in_any_case_after_half_a_day() {
    on_each_engine(async |accounts| {
        create(&accounts, "camille", Role::Operator).await;
        let idle = log_in(&accounts, "camille").await;
        let used = log_in(&accounts, "camille").await;
        assert_ne!(idle, used);

        let mut at = now();
        while at < now() + ABSOLUTE_LIFETIME {
            let signed_in = accounts.signed_in(&used, at).await.unwrap().unwrap();
            assert_eq!(signed_in.role, Role::Operator);
            at += TimeDelta::minutes(20);
        }
        assert_eq!(accounts.signed_in(&used, at).await.unwrap(), None);

        let after = now() + IDLE_LIFETIME;
        assert_eq!(accounts.signed_in(&idle, after).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_token_that_nobody_was_given_opens_nothing() {
    on_each_engine(async |accounts| {
        create(&accounts, "camille", Role::Rider).await;
        log_in(&accounts, "camille").await;

        for token in ["", "0", "' OR 1=1 --", &"f".repeat(64)] {
            assert_eq!(
                accounts.signed_in(&secret(token), now()).await.unwrap(),
                None
            );
        }
    })
    .await;
}

// Preuve: C17.5 une session n’a jamais les droits d’avant : elle finit quand le rôle change
#[tokio::test]
async fn a_change_of_right_ends_the_sessions_of_before() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Officer).await;
        let first = log_in(&accounts, "camille").await;

        accounts.set_role(&account_id, Role::Rider).await.unwrap();
        assert_eq!(accounts.signed_in(&first, now()).await.unwrap(), None);

        let second = log_in(&accounts, "camille").await;
        let signed_in = accounts.signed_in(&second, now()).await.unwrap().unwrap();
        assert_eq!(signed_in.role, Role::Rider);

        let new = secret("trois vélos bleus");
        let third = accounts
            .change_password(&account_id, &secret(PASSWORD), &new, "Firefox", now())
            .await
            .unwrap();
        assert_eq!(accounts.signed_in(&second, now()).await.unwrap(), None);
        assert!(accounts.signed_in(&third, now()).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_person_lists_their_sessions_and_ends_none_of_another() {
    on_each_engine(async |accounts| {
        let camille = create(&accounts, "camille", Role::Rider).await;
        let alix = create(&accounts, "alix", Role::Rider).await;
        let token = log_in(&accounts, "camille").await;
        log_in(&accounts, "camille").await;

        let sessions = accounts.sessions(&camille, now()).await.unwrap();
        assert_eq!(sessions.len(), 2);
        assert_eq!(sessions[0].device, "Firefox");

        let own = accounts
            .signed_in(&token, now())
            .await
            .unwrap()
            .unwrap()
            .session_id;
        for (who, left) in [(&alix, 2), (&camille, 1), (&camille, 1)] {
            accounts.end_session(who, &own).await.unwrap();
            assert_eq!(
                accounts.sessions(&camille, now()).await.unwrap().len(),
                left
            );
        }
        assert_eq!(accounts.signed_in(&token, now()).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn the_name_of_a_browser_is_cut_and_keeps_no_control_character() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Rider).await;
        let credentials = crate::support::credentials("camille", PASSWORD);
        let device = format!("Firefox\r\n\u{0}{}", "x".repeat(1000));
        accounts.log_in(&credentials, &device, now()).await.unwrap();

        let sessions = accounts.sessions(&account_id, now()).await.unwrap();
        assert_eq!(sessions[0].device, format!("Firefox{}", "x".repeat(73)));
    })
    .await;
}
