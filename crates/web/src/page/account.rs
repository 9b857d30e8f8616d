use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_accounts::{
    ConsentAnswer, ConsentPurpose, Person, RightsRequest, RightsRequestKind, SecondFactorKey,
    Session, SessionId, SignedIn,
};
use filrouge_types::StationId;
use serde::Deserialize;

use super::error::PageError;
use super::render::render;
use super::respond::with_fault;
use super::visit::Visitor;
use crate::assets;
use crate::form::{Field, FieldKind, FieldOption, Form};
use crate::frame::Frame;
use crate::markup::Markup;
use crate::web::Web;
use crate::wording::machine_time;

/// Parameters of the address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct AccountQuery {
    /// The change that was just made.
    fait: Option<String>,
}

/// A form of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccountForm {
    Email,
    Password,
    SecondFactor,
    Erasure,
}

/// The page of an account: data, consents, security.
#[derive(Template)]
#[template(path = "account.html")]
pub(super) struct AccountPage {
    t: Frame,
    notice: Option<String>,
    has_fault: bool,
    role: String,
    created: Markup,
    email: Form,
    favourites: Vec<KeptStation>,
    consents: Vec<Consent>,
    requests: Vec<RequestLine>,
    request: Form,
    sessions: Vec<SessionLine>,
    password: Form,
    second_factor: SecondFactor,
    erasure: Form,
}

/// A favourite station, by its name when the data API tells it.
struct KeptStation {
    station_id: StationId,
    name: String,
}

/// One consent, as it stands, and the form that changes it.
struct Consent {
    title: String,
    state: String,
    form: Form,
}

struct RequestLine {
    kind: String,
    received: Markup,
    due: Markup,
    state: String,
}

struct SessionLine {
    session_id: SessionId,
    opened: Markup,
    used: Markup,
    device: String,
    is_current: bool,
}

/// The three states of the second factor.
enum SecondFactor {
    Off(Form),
    Pending { key: String, form: Form },
    On(Form),
}

/// All that is read of an account to draw its page.
struct Holding {
    person: Person,
    current: SessionId,
    sessions: Vec<Session>,
    consents: Vec<ConsentAnswer>,
    requests: Vec<RightsRequest>,
    favourites: Vec<KeptStation>,
    pending_key: Option<SecondFactorKey>,
}

/// `GET /compte`.
pub(crate) async fn show_account(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Visitor(visitor): Visitor,
    query: Result<Query<AccountQuery>, QueryRejection>,
) -> Result<Response, PageError> {
    let done = query.ok().and_then(|Query(query)| query.fait);
    let notice = notice(&t, done.as_deref());

    let holding = Holding::read(&web, &visitor).await?;
    let mut page = AccountPage::new(t, holding, None, web.now());
    page.notice = notice;
    Ok(render(&page))
}

/// The page again, with the fault of one of its forms.
pub(super) async fn show_fault(
    web: &Web,
    t: Frame,
    visitor: &SignedIn,
    form: AccountForm,
    fault: String,
) -> Result<Response, PageError> {
    let holding = Holding::read(web, visitor).await?;
    let page = AccountPage::new(t, holding, Some((form, fault)), web.now());
    Ok(with_fault(&page))
}

/// The sentence about what was just done.
fn notice(t: &Frame, done: Option<&str>) -> Option<String> {
    let key = match done? {
        "adresse" => "account-done-email",
        "mot-de-passe" => "account-done-password",
        "session" => "account-done-session",
        "consentement" => "account-done-consent",
        "demande" => "account-done-request",
        "favori" => "account-done-favourite",
        "favori-sans-accord" => "favourite-needs-consent",
        "second-facteur" => "account-done-second-factor",
        _ => return None,
    };
    Some(t.say(key))
}

impl Holding {
    async fn read(web: &Web, visitor: &SignedIn) -> Result<Self, PageError> {
        let (accounts, account_id) = (web.accounts(), &visitor.account_id);

        Ok(Self {
            person: accounts.person(account_id).await?,
            current: visitor.session_id.clone(),
            sessions: accounts.sessions(account_id, web.now()).await?,
            consents: accounts.consents(account_id).await?,
            requests: accounts.requests_of(account_id).await?,
            favourites: kept_stations(web, visitor).await?,
            pending_key: accounts.pending_second_factor(account_id).await?,
        })
    }
}

/// The favourites, with their identifier where the data API does not tell their name.
async fn kept_stations(web: &Web, visitor: &SignedIn) -> Result<Vec<KeptStation>, PageError> {
    let favourites = web.accounts().favourites(&visitor.account_id).await?;
    let known = web.data_api().stations().await.ok();

    let kept = favourites.into_iter().map(|favourite| {
        let station = known
            .as_ref()
            .and_then(|known| known.stations.find(&favourite.station_id));
        KeptStation {
            name: station.map_or_else(
                || favourite.station_id.to_string(),
                |station| station.name.clone(),
            ),
            station_id: favourite.station_id,
        }
    });
    Ok(kept.collect())
}

impl AccountPage {
    fn new(
        t: Frame,
        holding: Holding,
        fault: Option<(AccountForm, String)>,
        now: DateTime<Utc>,
    ) -> Self {
        let fault_of = |form| {
            let own = fault.as_ref().filter(|(faulty, _)| *faulty == form);
            own.map(|(_, fault)| fault.clone())
        };
        let person = &holding.person;

        Self {
            notice: None,
            has_fault: fault.is_some(),
            role: role_name(&t, person),
            created: day(&t, person.created_at),
            email: email_form(&t, person, fault_of(AccountForm::Email)),
            consents: holding
                .consents
                .iter()
                .map(|answer| Consent::new(&t, answer))
                .collect(),
            requests: holding
                .requests
                .iter()
                .map(|one| RequestLine::new(&t, one, now))
                .collect(),
            request: request_form(&t),
            sessions: holding
                .sessions
                .iter()
                .map(|session| SessionLine::new(&t, session, &holding.current, now))
                .collect(),
            password: password_form(&t, fault_of(AccountForm::Password)),
            second_factor: SecondFactor::new(
                &t,
                person,
                holding.pending_key.as_ref(),
                fault_of(AccountForm::SecondFactor),
            ),
            erasure: erasure_form(&t, fault_of(AccountForm::Erasure)),
            favourites: holding.favourites,
            t,
        }
    }
}

pub(super) fn role_name(t: &Frame, person: &Person) -> String {
    t.say(match person.role {
        filrouge_accounts::Role::Rider => "role-rider",
        filrouge_accounts::Role::Operator => "role-operator",
        filrouge_accounts::Role::Officer => "role-officer",
    })
}

/// A day, for people and for programs.
pub(super) fn day(t: &Frame, instant: DateTime<Utc>) -> Markup {
    let local = instant.with_timezone(&t.city().time_zone);
    let day = local.format(&t.say("date-pattern")).to_string();
    Markup::trusted(format!(
        "<time datetime=\"{}\">{day}</time>",
        machine_time(instant)
    ))
}

/// An age, for people and for programs.
pub(super) fn age(t: &Frame, instant: DateTime<Utc>, now: DateTime<Utc>) -> Markup {
    let age = t.age(now - instant);
    Markup::trusted(format!(
        "<time datetime=\"{}\">{age}</time>",
        machine_time(instant)
    ))
}

/// The name of a right, as a person says it.
pub(super) fn kind_name(t: &Frame, kind: RightsRequestKind) -> String {
    t.say(match kind {
        RightsRequestKind::Access => "request-access",
        RightsRequestKind::Rectification => "request-rectification",
        RightsRequestKind::Erasure => "request-erasure",
        RightsRequestKind::Restriction => "request-restriction",
        RightsRequestKind::Objection => "request-objection",
        RightsRequestKind::Portability => "request-portability",
    })
}

/// The state of a request, as a word: late, waiting, answered.
pub(super) fn request_state(t: &Frame, request: &RightsRequest, now: DateTime<Utc>) -> String {
    t.say(match request.answered_at {
        Some(_) => "request-answered",
        None if request.is_late(now) => "request-late",
        None => "request-waiting",
    })
}

fn email_form(t: &Frame, person: &Person, fault: Option<String>) -> Form {
    let email = Field::email(t, "email").holding(person.email.as_str());
    let password =
        Field::password(t, "password-email", "field-password", false).sent_as("password");
    let fields = vec![email.with_fault(fault), password];
    Form::new(t, "/compte/adresse", fields, "account-correct-button")
}

fn password_form(t: &Frame, fault: Option<String>) -> Form {
    let fields = vec![
        Field::password(t, "current", "field-current-password", false),
        Field::password(t, "new", "field-new-password", true).with_fault(fault),
    ];
    Form::new(t, "/compte/mot-de-passe", fields, "account-password-button")
}

fn erasure_form(t: &Frame, fault: Option<String>) -> Form {
    let password = Field::password(t, "password-erasure", "field-password", false);
    let confirmation = Field::new(t, "confirmation", "account-erasure-confirm", FieldKind::Box);
    let fields = vec![confirmation, password.sent_as("password").with_fault(fault)];
    Form::new(t, "/compte/effacement", fields, "account-erasure-button")
}

fn request_form(t: &Frame) -> Form {
    let option = |kind: RightsRequestKind| FieldOption {
        value: kind.name().to_owned(),
        label: kind_name(t, kind),
        is_chosen: kind == RightsRequestKind::Objection,
    };
    let kinds = RightsRequestKind::ALL.into_iter().map(option).collect();

    // One of them is always chosen: nothing can be left empty.
    let kind = Field::new(t, "kind", "field-right", FieldKind::Choice(kinds)).optional();
    Form::new(t, "/compte/demandes", vec![kind], "account-request-button")
}

impl Consent {
    fn new(t: &Frame, answer: &ConsentAnswer) -> Self {
        let title = match answer.purpose {
            ConsentPurpose::Favourites => "consent-favourites",
            ConsentPurpose::ReportExamples => "consent-examples",
        };
        let state = match answer.is_given {
            true => "consent-given",
            false if answer.answered_at.is_some() => "consent-refused",
            false => "consent-silent",
        };
        let address = format!("/compte/consentements/{}", answer.purpose.name());
        let (action, button) = match answer.is_given {
            true => (format!("{address}/fin"), "consent-withdraw-button"),
            false => (address, "consent-give-button"),
        };

        Self {
            title: t.say(title),
            state: t.say(state),
            form: Form::new(t, &action, Vec::new(), button),
        }
    }
}

impl RequestLine {
    fn new(t: &Frame, request: &RightsRequest, now: DateTime<Utc>) -> Self {
        Self {
            kind: kind_name(t, request.kind),
            received: day(t, request.received_at),
            due: day(t, request.due_at),
            state: request_state(t, request, now),
        }
    }
}

impl SessionLine {
    fn new(t: &Frame, session: &Session, current: &SessionId, now: DateTime<Utc>) -> Self {
        Self {
            session_id: session.session_id.clone(),
            opened: age(t, session.opened_at, now),
            used: age(t, session.last_used_at, now),
            device: session.device.clone(),
            is_current: session.session_id == *current,
        }
    }
}

impl SecondFactor {
    fn new(
        t: &Frame,
        person: &Person,
        pending: Option<&SecondFactorKey>,
        fault: Option<String>,
    ) -> Self {
        if person.has_second_factor {
            let password = Field::password(t, "password-factor", "field-password", false);
            let fields = vec![password.sent_as("password").with_fault(fault)];
            let action = "/compte/second-facteur/fin";
            return Self::On(Form::new(t, action, fields, "account-factor-remove-button"));
        }
        let Some(key) = pending else {
            let action = "/compte/second-facteur";
            return Self::Off(Form::new(t, action, Vec::new(), "account-factor-button"));
        };

        let fields = vec![Field::code(t, "code").with_fault(fault)];
        let action = "/compte/second-facteur/code";
        Self::Pending {
            key: key.reveal(),
            form: Form::new(t, action, fields, "account-factor-code-button"),
        }
    }
}

#[cfg(test)]
pub(super) use samples::samples;

#[cfg(test)]
mod samples;
