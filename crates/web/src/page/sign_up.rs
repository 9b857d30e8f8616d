use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use filrouge_accounts::{AccountsError, ConsentPurpose, EmailAddress, InvalidEmail, Role};
use filrouge_types::Secret;
use serde::Deserialize;

use super::error::PageError;
use super::fault::fault;
use super::form_page::{FormPage, Link};
use super::render::render;
use super::respond::{lead_to, with_fault};
use super::visit::{Browser, Fields};
use crate::form::{Field, FieldKind, Form};
use crate::frame::Frame;
use crate::web::Web;

/// What the form sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignUpFields {
    email: String,
    password: Secret,
    /// Consent to keep favourites: a box that is not ticked is not sent.
    #[serde(default)]
    favourites: String,
}

/// `GET /inscription`.
pub(crate) async fn show_sign_up(Extension(t): Extension<Frame>) -> Response {
    render(&page(t, "", "", None))
}

/// `POST /inscription`. An address that has an account already gets the same answer as a new one:
/// only the mailbox learns of it.
pub(crate) async fn sign_up(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    browser: Browser,
    Fields(fields): Fields<SignUpFields>,
) -> Result<Response, PageError> {
    let opened = open_account(&web, &browser, &fields, &t).await?;
    let Err(error) = opened else {
        return Ok(lead_to(&t, "/connexion?fait=compte"));
    };

    let fault = fault(&t, error)?;
    Ok(with_fault(&page(
        t,
        &fields.email,
        &fields.favourites,
        Some(fault),
    )))
}

async fn open_account(
    web: &Web,
    browser: &Browser,
    fields: &SignUpFields,
    t: &Frame,
) -> Result<Result<(), AccountsError>, PageError> {
    let Ok(email) = fields.email.parse::<EmailAddress>() else {
        return Ok(Err(AccountsError::InvalidEmail(InvalidEmail)));
    };
    browser.admit(web, &email)?;

    let accounts = web.accounts();
    match accounts
        .create(&email, &fields.password, Role::Rider, web.now())
        .await
    {
        Ok(account_id) => {
            let agrees = !fields.favourites.is_empty();
            let purpose = ConsentPurpose::Favourites;
            accounts
                .answer_consent(&account_id, purpose, agrees, web.now())
                .await?;
            Ok(Ok(()))
        }
        Err(AccountsError::EmailTaken) => {
            let [subject, body] = ["mail-taken-subject", "mail-taken-body"].map(|key| t.say(key));
            web.outbox().send(&email, &subject, &body, web.now())?;
            Ok(Ok(()))
        }
        Err(error) => Ok(Err(error)),
    }
}

fn page(t: Frame, email: &str, favourites: &str, fault: Option<String>) -> FormPage {
    let consent = Field::new(&t, "favourites", "consent-favourites", FieldKind::Box)
        .optional()
        .holding(favourites)
        .helped_by(t.say("consent-favourites-help"));
    let fields = vec![
        Field::email(&t, "email").holding(email),
        Field::password(&t, "password", "field-password", true),
        consent,
    ];

    let form = Form::new(&t, "/inscription", fields, "sign-up-button");
    let link = Link::new(&t, "/connexion", "sign-up-log-in");
    let mut page = FormPage::new(t, "sign-up-title", "sign-up-lead", Some(form));
    page.fault = fault;
    page.links = vec![link];
    page
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    use askama::Template as _;

    vec![("sign_up", page(t.clone(), "", "", None).render().unwrap())]
}
