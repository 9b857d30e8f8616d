//! The rights of a person over their account, one form each.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use filrouge_accounts::{AccountsError, ConsentPurpose, EmailAddress, RightsRequestKind, SignedIn};
use filrouge_types::Secret;
use serde::Deserialize;

use super::account::{AccountForm, show_fault};
use super::account_change::{AccountKey, start_again};
use super::error::PageError;
use super::fault::fault;
use super::respond::lead_to;
use super::visit::{Browser, Fields, Visitor};
use crate::frame::Frame;
use crate::web::Web;

/// What the correction of an address sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmailFields {
    email: String,
    password: Secret,
}

/// What the erasure of an account sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErasureFields {
    confirmation: String,
    password: Secret,
}

/// What a request sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestFields {
    kind: String,
}

/// `GET /compte/donnees.json`: all that is held, to take elsewhere.
pub(crate) async fn export(
    State(web): State<Web>,
    Visitor(visitor): Visitor,
) -> Result<Response, PageError> {
    let copy = web
        .accounts()
        .personal_copy(&visitor.account_id, web.now())
        .await?;
    let text = serde_json::to_vec_pretty(&copy).map_err(|_| PageError::Internal)?;

    let kind = (CONTENT_TYPE, "application/json");
    let name = (
        CONTENT_DISPOSITION,
        "attachment; filename=\"mes-donnees.json\"",
    );
    Ok(([kind, name], text).into_response())
}

/// `POST /compte/adresse`.
pub(crate) async fn correct_email(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    browser: Browser,
    Fields(fields): Fields<EmailFields>,
) -> Result<Response, PageError> {
    browser.admit(&web, &visitor.email)?;

    let corrected = match fields.email.parse::<EmailAddress>() {
        Err(error) => Err(error.into()),
        Ok(email) => {
            let correction = web.accounts().correct_email(
                &visitor.account_id,
                &fields.password,
                &email,
                &browser.name,
                web.now(),
            );
            correction.await
        }
    };

    start_again(&web, t, &visitor, AccountKey::Email, corrected).await
}

/// `POST /compte/effacement`: at once, and without a way back.
pub(crate) async fn erase(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    browser: Browser,
    Fields(fields): Fields<ErasureFields>,
) -> Result<Response, PageError> {
    browser.admit(&web, &visitor.email)?;
    // A browser asks for the box to be ticked; a program may send it empty.
    if fields.confirmation.is_empty() {
        let fault = t.say("fault-confirmation");
        return show_fault(&web, t, &visitor, AccountForm::Erasure, fault).await;
    }

    match erase_with_trace(&web, &visitor, &fields.password).await {
        Ok(()) => Ok(web.cookie().end(lead_to(&t, "/connexion?fait=efface"))),
        Err(error) => {
            let fault = fault(&t, error)?;
            show_fault(&web, t, &visitor, AccountForm::Erasure, fault).await
        }
    }
}

/// Erases the account and its messages, after writing down a request that is answered: the proof
/// that it was done, without a name.
async fn erase_with_trace(
    web: &Web,
    visitor: &SignedIn,
    password: &Secret,
) -> Result<(), AccountsError> {
    let (accounts, account_id) = (web.accounts(), &visitor.account_id);
    accounts.confirm_password(account_id, password).await?;

    let kind = RightsRequestKind::Erasure;
    let request = accounts.record_request(account_id, kind, web.now()).await?;
    // First: what is left half way is still an account, whose owner can ask again.
    web.outbox().forget(&visitor.email)?;
    accounts.erase(account_id, password).await?;
    accounts.answer_request(&request, web.now()).await
}

/// `POST /compte/demandes`.
pub(crate) async fn send_request(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    browser: Browser,
    Fields(fields): Fields<RequestFields>,
) -> Result<Response, PageError> {
    browser.admit(&web, &visitor.email)?;
    let kind = fields.kind.parse::<RightsRequestKind>()?;

    let request = web
        .accounts()
        .record_request(&visitor.account_id, kind, web.now());
    request.await?;
    Ok(lead_to(&t, "/compte?fait=demande"))
}

/// `POST /compte/consentements/{purpose}`.
pub(crate) async fn give_consent(
    state: State<Web>,
    frame: Extension<Frame>,
    visitor: Visitor,
    purpose: Path<String>,
) -> Result<Response, PageError> {
    answer_consent(state, frame, visitor, purpose, true).await
}

/// `POST /compte/consentements/{purpose}/fin`.
pub(crate) async fn withdraw_consent(
    state: State<Web>,
    frame: Extension<Frame>,
    visitor: Visitor,
    purpose: Path<String>,
) -> Result<Response, PageError> {
    answer_consent(state, frame, visitor, purpose, false).await
}

/// Each answer has its address: sent twice, it is still that answer.
async fn answer_consent(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    Path(purpose): Path<String>,
    is_given: bool,
) -> Result<Response, PageError> {
    let purpose = purpose.parse::<ConsentPurpose>()?;
    let answer = web
        .accounts()
        .answer_consent(&visitor.account_id, purpose, is_given, web.now());
    answer.await?;
    Ok(lead_to(&t, "/compte?fait=consentement"))
}
