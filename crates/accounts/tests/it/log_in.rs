use chrono::TimeDelta;
use filrouge_accounts::{AccountsError, PasswordFlaw, RESET_LIFETIME, Role};

use crate::support::{PASSWORD, create, credentials, email, log_in, now, on_each_engine, secret};

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_refused_alike() {
    on_each_engine(async |accounts| {
        create(&accounts, "camille", Role::Rider).await;

        for wrong in [
            credentials("camille", "une autre phrase"),
            credentials("camille", ""),
            credentials("nobody", PASSWORD),
            credentials("camille", "' OR '1'='1"),
        ] {
            let refusal = accounts.log_in(&wrong, "Firefox", now()).await.unwrap_err();
            assert!(
                matches!(refusal, AccountsError::WrongCredentials),
                "{refusal}"
            );
        }

        log_in(&accounts, "camille").await;
    })
    .await;
}

#[tokio::test]
async fn an_address_opens_one_account_and_a_weak_password_none() {
    on_each_engine(async |accounts| {
        create(&accounts, "camille", Role::Rider).await;

        let password = secret(PASSWORD);
        let again = accounts
            .create(&email("CAMILLE"), &password, Role::Officer, now())
            .await;
        assert!(matches!(again, Err(AccountsError::EmailTaken)));

        let short = secret("court");
        let weak = accounts
            .create(&email("alix"), &short, Role::Rider, now())
            .await;
        let refusal = weak.unwrap_err();
        assert!(matches!(
            refusal,
            AccountsError::WeakPassword(PasswordFlaw::TooShort)
        ));
        assert_eq!(accounts.people().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_opens_no_session_and_ends_those_that_are_open() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Rider).await;
        let token = log_in(&accounts, "camille").await;

        accounts
            .set_disabled(&account_id, Some(now()))
            .await
            .unwrap();
        assert_eq!(accounts.signed_in(&token, now()).await.unwrap(), None);
        let refusal = accounts
            .log_in(&credentials("camille", PASSWORD), "", now())
            .await;
        assert!(matches!(refusal, Err(AccountsError::WrongCredentials)));

        accounts.set_disabled(&account_id, None).await.unwrap();
        log_in(&accounts, "camille").await;
    })
    .await;
}

// Preuve: C17.8 second facteur : demandé après le mot de passe, chaque code une seule fois
#[tokio::test]
async fn a_second_factor_asks_for_a_code_and_takes_each_once() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Rider).await;
        let key = accounts.begin_second_factor(&account_id).await.unwrap();
        // Not confirmed yet: nothing is asked for.
        log_in(&accounts, "camille").await;

        let code = key.code_at(now());
        let wrong = accounts.confirm_second_factor(&account_id, (code + 1) % 1_000_000, "", now());
        assert!(matches!(wrong.await, Err(AccountsError::WrongCode)));
        accounts
            .confirm_second_factor(&account_id, code, "", now())
            .await
            .unwrap();

        let attempt = async |password: &str, code, at| {
            let mut given = credentials("camille", password);
            given.code = code;
            accounts.log_in(&given, "Firefox", at).await
        };
        let later = now() + TimeDelta::minutes(5);
        let code = key.code_at(later);

        let wrong = attempt("une autre phrase", Some(code), later).await;
        assert!(matches!(wrong, Err(AccountsError::WrongCredentials)));
        assert!(matches!(
            attempt(PASSWORD, None, later).await,
            Err(AccountsError::CodeNeeded)
        ));
        attempt(PASSWORD, Some(code), later).await.unwrap();
        let replayed = attempt(PASSWORD, Some(code), later).await;
        assert!(matches!(replayed, Err(AccountsError::WrongCode)));

        let password = secret(PASSWORD);
        accounts
            .remove_second_factor(&account_id, &password, "", later)
            .await
            .unwrap();
        attempt(PASSWORD, None, later).await.unwrap();
    })
    .await;
}

// Preuve: C17.8 réinitialisation par un lien qui ne sert qu’une fois
#[tokio::test]
async fn a_link_sets_a_password_once_and_for_a_short_while() {
    on_each_engine(async |accounts| {
        let account_id = create(&accounts, "camille", Role::Rider).await;
        let session = log_in(&accounts, "camille").await;
        let new = secret("trois vélos bleus");

        let old = accounts.begin_reset(&account_id, now()).await.unwrap();
        let link = accounts.begin_reset(&account_id, now()).await.unwrap();
        let too_late = now() + RESET_LIFETIME;
        for (link, at) in [(&old, now()), (&link, too_late), (&secret("guess"), now())] {
            assert!(!accounts.is_reset_open(link, at).await.unwrap());
            let spent = accounts.reset_password(link, &new, at).await;
            assert!(matches!(spent, Err(AccountsError::SpentLink)));
        }

        let weak = accounts
            .reset_password(&link, &secret("court"), now())
            .await;
        assert!(matches!(weak, Err(AccountsError::WeakPassword(_))));
        accounts.reset_password(&link, &new, now()).await.unwrap();
        let again = accounts.reset_password(&link, &new, now()).await;
        assert!(matches!(again, Err(AccountsError::SpentLink)));

        assert_eq!(accounts.signed_in(&session, now()).await.unwrap(), None);
        let with_old = accounts
            .log_in(&credentials("camille", PASSWORD), "", now())
            .await;
        assert!(matches!(with_old, Err(AccountsError::WrongCredentials)));
        let with_new = credentials("camille", "trois vélos bleus");
        accounts.log_in(&with_new, "", now()).await.unwrap();
    })
    .await;
}
