use askama::Template as _;
use filrouge_accounts::{Accounts, Credentials, Role};

use super::{AccountForm, AccountPage, Frame, Holding, KeptStation};
use crate::data_api::SAMPLE_TIME;

/// An account as its owner has just opened it, then with the fault of a form.
pub(in crate::page) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let pages = runtime.unwrap().block_on(async {
        let mut pages = Vec::new();
        for fault in [
            None,
            Some((AccountForm::Password, t.say("fault-password-common"))),
        ] {
            pages.push(AccountPage::new(
                t.clone(),
                holding().await,
                fault,
                SAMPLE_TIME,
            ));
        }
        pages
    });

    let names = ["account", "account_with_fault"];
    let texts = pages.into_iter().map(|page| page.render().unwrap());
    names.into_iter().zip(texts.map(without_ids)).collect()
}

/// Identifiers are drawn at random, and a page is compared with the one of before.
fn without_ids(text: String) -> String {
    let is_digit = |c: char| c.is_ascii_hexdigit();
    let parts = text.split("/compte/sessions/").enumerate();
    let parts = parts.map(|(index, part)| match index {
        0 => part.to_owned(),
        _ => format!(
            "/compte/sessions/[session]{}",
            part.trim_start_matches(is_digit)
        ),
    });
    parts.collect()
}

async fn holding() -> Holding {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.sqlite");
    let accounts = Accounts::open_file(&file).await.unwrap();
    let credentials = Credentials {
        email: "camille@exemple.fr".parse().unwrap(),
        password: "la pluie sur le quai".to_owned().into(),
        code: None,
    };

    let (email, password) = (&credentials.email, &credentials.password);
    let account_id = accounts
        .create(email, password, Role::Rider, SAMPLE_TIME)
        .await
        .unwrap();
    let token = accounts
        .log_in(&credentials, "Firefox <b>sur</b> Linux", SAMPLE_TIME)
        .await
        .unwrap();
    let signed_in = accounts.signed_in(&token, SAMPLE_TIME).await.unwrap();
    let kind = filrouge_accounts::RightsRequestKind::Objection;
    accounts
        .record_request(&account_id, kind, SAMPLE_TIME)
        .await
        .unwrap();

    Holding {
        person: accounts.person(&account_id).await.unwrap(),
        current: signed_in.unwrap().session_id,
        sessions: accounts.sessions(&account_id, SAMPLE_TIME).await.unwrap(),
        consents: accounts.consents(&account_id).await.unwrap(),
        requests: accounts.requests_of(&account_id).await.unwrap(),
        favourites: vec![KeptStation {
            station_id: "RIV-001".parse().unwrap(),
            name: "Gare <centrale>".to_owned(),
        }],
        pending_key: None,
    }
}
