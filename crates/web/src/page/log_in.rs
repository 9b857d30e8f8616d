use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use filrouge_accounts::{AccountsError, Credentials, EmailAddress, Role};
use filrouge_types::Secret;
use serde::Deserialize;

use super::error::PageError;
use super::fault::fault;
use super::form_page::{FormPage, Link};
use super::render::render;
use super::respond::{lead_to, with_fault};
use super::visit::{Browser, Fields};
use crate::form::{Field, Form};
use crate::frame::Frame;
use crate::web::Web;

/// Parameters of the address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LogInQuery {
    /// The page to come back to.
    suite: Option<String>,
    /// The sentence to say first.
    fait: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogInFields {
    email: String,
    password: Secret,
    #[serde(default)]
    code: String,
}

/// `GET /connexion`.
pub(crate) async fn show_log_in(
    State(_): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<LogInQuery>, QueryRejection>,
) -> Response {
    let query = query.map(|Query(query)| query).unwrap_or_default();

    let mut page = page(t.clone(), &query, "", false);
    page.notice = match query.fait.as_deref() {
        Some("compte") => Some(t.say("log-in-after-sign-up")),
        Some("mot-de-passe") => Some(t.say("log-in-after-reset")),
        Some("efface") => Some(t.say("log-in-after-erasure")),
        Some("deconnexion") => Some(t.say("log-in-after-log-out")),
        _ => query.suite.as_ref().map(|_| t.say("log-in-needed")),
    };

    render(&page)
}

/// `POST /connexion`: the token of the session is new, whatever the browser held.
pub(crate) async fn log_in(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    browser: Browser,
    query: Result<Query<LogInQuery>, QueryRejection>,
    Fields(fields): Fields<LogInFields>,
) -> Result<Response, PageError> {
    let query = query.map(|Query(query)| query).unwrap_or_default();

    let error = match open_session(&web, &browser, &fields).await? {
        Ok((token, role)) => {
            let next = query.suite.as_deref().filter(|path| is_ours(path));
            let next = next.unwrap_or_else(|| first_page(role));
            return Ok(web.cookie().start(&token, lead_to(&t, next)));
        }
        Err(error) => error,
    };

    let asks_for_code = matches!(error, AccountsError::CodeNeeded | AccountsError::WrongCode);
    let mut page = page(t.clone(), &query, &fields.email, asks_for_code);
    page.fault = Some(fault(&t, error)?);
    Ok(with_fault(&page))
}

/// `POST /deconnexion`.
pub(crate) async fn log_out(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if let Some(visitor) = web.visitor(&headers).await {
        let ended = web
            .accounts()
            .end_session(&visitor.account_id, &visitor.session_id);
        ended.await?;
    }
    let response = lead_to(&t, "/connexion?fait=deconnexion");
    Ok(web.cookie().end(response))
}

/// The token of a new session and the role that it has, or the refusal.
async fn open_session(
    web: &Web,
    browser: &Browser,
    fields: &LogInFields,
) -> Result<Result<(Secret, Role), AccountsError>, PageError> {
    // An address that cannot be one is refused as a wrong one is.
    let Ok(email) = fields.email.parse::<EmailAddress>() else {
        return Ok(Err(AccountsError::WrongCredentials));
    };
    browser.admit(web, &email)?;

    // The password first: only who knows it may try codes.
    let mut credentials = Credentials {
        email,
        password: fields.password.clone(),
        code: None,
    };
    let mut opened = try_credentials(web, browser, &credentials).await;
    credentials.code = fields.code.trim().parse().ok();
    if matches!(opened, Err(AccountsError::CodeNeeded)) && credentials.code.is_some() {
        let admitted = web.attempts().admit_code(&credentials.email, web.now());
        admitted.map_err(PageError::TooManyTries)?;
        opened = try_credentials(web, browser, &credentials).await;
    }
    let token = match opened {
        Ok(token) => token,
        Err(error) => return Ok(Err(error)),
    };

    let signed_in = web.accounts().signed_in(&token, web.now()).await?;
    let signed_in = signed_in.ok_or(PageError::Internal)?;
    Ok(Ok((token, signed_in.role)))
}

async fn try_credentials(
    web: &Web,
    browser: &Browser,
    credentials: &Credentials,
) -> Result<Secret, AccountsError> {
    web.accounts()
        .log_in(credentials, &browser.name, web.now())
        .await
}

/// True for a page of ours: `//elsewhere` and `/\elsewhere` are other sites.
fn is_ours(path: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_graphic() && c != '\\';
    path.starts_with('/') && !path.starts_with("//") && path.chars().all(is_plain)
}

/// The page that a role works with.
fn first_page(role: Role) -> &'static str {
    match role {
        Role::Rider => "/compte",
        Role::Operator => "/exploitation",
        Role::Officer => "/donnees-personnelles",
    }
}

fn page(t: Frame, query: &LogInQuery, email: &str, asks_for_code: bool) -> FormPage {
    let mut fields = vec![
        Field::email(&t, "email").holding(email),
        Field::password(&t, "password", "field-password", false),
    ];
    if asks_for_code {
        fields.push(Field::code(&t, "code"));
    }

    let form = Form::new(&t, &action(query), fields, "log-in-button");
    let links = [
        ("/mot-de-passe", "log-in-forgotten"),
        ("/inscription", "log-in-sign-up"),
    ];
    let links = links.map(|(path, text)| Link::new(&t, path, text));
    let mut page = FormPage::new(t, "log-in-title", "log-in-lead", Some(form));
    page.links = links.into();
    page
}

/// The address that the form is sent to, which keeps the page to come back to.
fn action(query: &LogInQuery) -> String {
    let Some(next) = query.suite.as_deref().filter(|path| is_ours(path)) else {
        return "/connexion".to_owned();
    };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("suite", next)
        .finish();
    format!("/connexion?{query}")
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    use askama::Template as _;

    let query = LogInQuery {
        suite: Some("/compte".to_owned()),
        fait: None,
    };
    let empty = page(t.clone(), &query, "", false);
    let mut faulty = page(t.clone(), &query, "camille@exemple.fr", true);
    faulty.fault = Some(t.say("fault-code-needed"));

    vec![
        ("log_in", empty.render().unwrap()),
        ("log_in_with_fault", faulty.render().unwrap()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    // Preuve: C17.8 la suite d’une connexion reste sur le site
    #[test]
    fn the_way_back_leads_nowhere_else() {
        for (path, ours) in [
            ("/compte", true),
            ("/stations/RIV-001?heure=8", true),
            ("", false),
            ("compte", false),
            ("//ailleurs.example", false),
            ("/\\ailleurs.example", false),
            ("https://ailleurs.example", false),
            ("/compte\r\nSet-Cookie: a=b", false),
        ] {
            assert_eq!(is_ours(path), ours, "{path}");
        }
    }
}
