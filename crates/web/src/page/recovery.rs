//! A forgotten password: a link by e-mail, then another password.

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use filrouge_accounts::{AccountsError, EmailAddress, InvalidEmail, Person, RESET_LIFETIME};
use filrouge_types::Secret;
use serde::Deserialize;

use super::account_change::{AccountKey, warn};
use super::error::PageError;
use super::fault::fault;
use super::form_page::{FormPage, Link};
use super::render::render;
use super::respond::{lead_to, with_fault};
use super::visit::{Browser, Fields};
use crate::form::{Field, Form};
use crate::frame::Frame;
use crate::web::Web;

/// What the first form sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecoveryFields {
    email: String,
}

/// What the second form sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasswordFields {
    password: Secret,
}

/// The link. Its token is in the query, which no log of ours and no proxy of ours writes.
#[derive(Deserialize)]
pub(crate) struct LinkQuery {
    lien: Secret,
}

type AskedLink = Result<Query<LinkQuery>, QueryRejection>;

/// `GET /mot-de-passe`.
pub(crate) async fn show_recovery(Extension(t): Extension<Frame>) -> Response {
    render(&recovery_page(t))
}

/// `POST /mot-de-passe`: the same answer with and without an account.
pub(crate) async fn ask_for_link(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    browser: Browser,
    Fields(fields): Fields<RecoveryFields>,
) -> Result<Response, PageError> {
    let mut page = recovery_page(t.clone());
    let Ok(email) = fields.email.parse::<EmailAddress>() else {
        page.fault = Some(fault(&t, AccountsError::InvalidEmail(InvalidEmail))?);
        return Ok(with_fault(&page));
    };
    browser.admit(&web, &email)?;

    let person = web.accounts().find_by_email(&email).await?;
    if let Some(person) = person.filter(|person| !person.is_disabled) {
        send_link_later(web, t.clone(), person);
    }
    page.notice = Some(t.say("recovery-sent"));
    page.form = None;
    Ok(render(&page))
}

/// `GET /mot-de-passe/nouveau?lien=…`.
pub(crate) async fn show_new_password(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: AskedLink,
) -> Result<Response, PageError> {
    let link = query.map(|Query(query)| query.lien);
    let link = link.map_err(|_| PageError::NotFound)?;

    if web.accounts().is_reset_open(&link, web.now()).await? {
        return Ok(render(&new_password_page(t, &link, None)));
    }
    let mut page = recovery_page(t.clone());
    page.fault = Some(fault(&t, AccountsError::SpentLink)?);
    Ok(with_fault(&page))
}

/// `POST /mot-de-passe/nouveau?lien=…`.
pub(crate) async fn set_new_password(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: AskedLink,
    Fields(fields): Fields<NewPasswordFields>,
) -> Result<Response, PageError> {
    let link = query.map(|Query(query)| query.lien);
    let link = link.map_err(|_| PageError::NotFound)?;

    let reset = web
        .accounts()
        .reset_password(&link, &fields.password, web.now())
        .await;
    match reset {
        Ok(email) => {
            warn(&web, &t, &email, AccountKey::Password);
            Ok(lead_to(&t, "/connexion?fait=mot-de-passe"))
        }
        Err(error) => {
            let fault = fault(&t, error)?;
            Ok(with_fault(&new_password_page(t, &link, Some(fault))))
        }
    }
}

/// Sends the link once the answer has left: its writing takes a time that would tell who has an
/// account.
fn send_link_later(web: Web, t: Frame, person: Person) {
    tokio::spawn(async move {
        if let Err(error) = send_link(&web, &t, &person).await {
            tracing::error!(%error, "a link could not be sent");
        }
    });
}

/// Puts the link in the outbox.
async fn send_link(web: &Web, t: &Frame, person: &Person) -> Result<(), AccountsError> {
    let link = web
        .accounts()
        .begin_reset(&person.account_id, web.now())
        .await?;

    // The address is ours alone to give: the `Host` of a request is the word of who sends it.
    let path = t.link(&format!("/mot-de-passe/nouveau?lien={}", link.reveal()));
    let site = web
        .public_url()
        .map(|url| url.origin().ascii_serialization());
    let address = format!("{}{path}", site.unwrap_or_default());

    let minutes = RESET_LIFETIME.num_minutes();
    let body = t.tell(
        "mail-link-body",
        [("address", address.into()), ("minutes", minutes.into())],
    );
    let subject = t.say("mail-link-subject");
    web.outbox().send(&person.email, &subject, &body, web.now())
}

fn recovery_page(t: Frame) -> FormPage {
    let form = Form::new(
        &t,
        "/mot-de-passe",
        vec![Field::email(&t, "email")],
        "recovery-button",
    );
    let link = Link::new(&t, "/connexion", "recovery-log-in");
    let mut page = FormPage::new(t, "recovery-title", "recovery-lead", Some(form));
    page.links = vec![link];
    page
}

fn new_password_page(t: Frame, link: &Secret, fault: Option<String>) -> FormPage {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("lien", link.reveal())
        .finish();
    let fields = vec![Field::password(&t, "password", "field-new-password", true)];
    let action = format!("/mot-de-passe/nouveau?{query}");
    let form = Form::new(&t, &action, fields, "new-password-button");

    let mut page = FormPage::new(t, "new-password-title", "new-password-lead", Some(form));
    page.fault = fault;
    page
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    use askama::Template as _;

    let link = Secret::from("0123456789abcdef".to_owned());
    let recovery = recovery_page(t.clone());
    let new_password = new_password_page(t.clone(), &link, None);
    vec![
        ("recovery", recovery.render().unwrap()),
        ("new_password", new_password.render().unwrap()),
    ]
}
