//! What keeps an account its owner's: password, sessions, second factor.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use filrouge_accounts::{AccountsError, SessionId};
use filrouge_types::Secret;
use serde::Deserialize;

use super::account_change::{AccountKey, start_again};
use super::error::PageError;
use super::respond::lead_to;
use super::visit::{Browser, Fields, Visitor};
use crate::frame::Frame;
use crate::web::Web;

/// What the change of a password sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordFields {
    current: Secret,
    new: Secret,
}

/// What the confirmation of a second factor sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeFields {
    code: String,
}

/// What asks for the password again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmedFields {
    password: Secret,
}

/// `POST /compte/mot-de-passe`.
pub(crate) async fn change_password(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    browser: Browser,
    Fields(fields): Fields<PasswordFields>,
) -> Result<Response, PageError> {
    browser.admit(&web, &visitor.email)?;

    let change = web.accounts().change_password(
        &visitor.account_id,
        &fields.current,
        &fields.new,
        &browser.name,
        web.now(),
    );
    let changed = change.await;

    start_again(&web, t, &visitor, AccountKey::Password, changed).await
}

/// `POST /compte/sessions/{session_id}/fin`: one's own only.
pub(crate) async fn end_session(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    Path(session_id): Path<String>,
) -> Result<Response, PageError> {
    let session_id = session_id.parse::<SessionId>();
    let session_id = session_id.map_err(|_| PageError::NotFound)?;
    web.accounts()
        .end_session(&visitor.account_id, &session_id)
        .await?;

    if session_id == visitor.session_id {
        let response = lead_to(&t, "/connexion?fait=deconnexion");
        return Ok(web.cookie().end(response));
    }
    Ok(lead_to(&t, "/compte?fait=session"))
}

/// `POST /compte/second-facteur`: draws a key, which asks for nothing yet.
pub(crate) async fn begin_second_factor(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
) -> Result<Response, PageError> {
    let begun = web.accounts().begin_second_factor(&visitor.account_id);
    match begun.await {
        // In service already: the account says so.
        Ok(_) | Err(AccountsError::NotFound) => Ok(lead_to(&t, "/compte")),
        Err(error) => Err(error.into()),
    }
}

/// `POST /compte/second-facteur/code`.
pub(crate) async fn confirm_second_factor(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    browser: Browser,
    Fields(fields): Fields<CodeFields>,
) -> Result<Response, PageError> {
    browser.admit(&web, &visitor.email)?;

    let confirmed = match fields.code.trim().parse() {
        Err(_) => Err(AccountsError::WrongCode),
        Ok(code) => {
            let confirmation = web.accounts().confirm_second_factor(
                &visitor.account_id,
                code,
                &browser.name,
                web.now(),
            );
            confirmation.await
        }
    };

    start_again(&web, t, &visitor, AccountKey::SecondFactor, confirmed).await
}

/// `POST /compte/second-facteur/fin`.
pub(crate) async fn remove_second_factor(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    browser: Browser,
    Fields(fields): Fields<ConfirmedFields>,
) -> Result<Response, PageError> {
    browser.admit(&web, &visitor.email)?;

    let removal = web.accounts().remove_second_factor(
        &visitor.account_id,
        &fields.password,
        &browser.name,
        web.now(),
    );
    let removed = removal.await;

    start_again(&web, t, &visitor, AccountKey::SecondFactor, removed).await
}
