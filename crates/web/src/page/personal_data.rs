use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_accounts::{RequestId, RightsRequest};

use super::account::{age, day, kind_name, request_state};
use super::error::PageError;
use super::render::render;
use super::respond::lead_to;
use crate::assets;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::officer_api::{ProcessingEntry, ProcessingRegister, RetentionState};
use crate::web::Web;

/// Requests on the page, those that wait first.
const MOST: u16 = 100;
/// A request is told about this long before its deadline.
const SOON: TimeDelta = TimeDelta::days(7);

/// The officer's page: requests, register, purges.
#[derive(Template)]
#[template(path = "personal_data.html")]
struct PersonalDataPage {
    t: Frame,
    alert: String,
    requests: Vec<OfficerRequest>,
    /// Nothing when the data API does not answer.
    register: Option<Vec<ProcessingEntry>>,
    retention: Option<Retention>,
}

struct OfficerRequest {
    request_id: RequestId,
    kind: String,
    received: Markup,
    due: Markup,
    state: String,
    is_late: bool,
    is_open: bool,
}

/// The purges and the log, in words.
struct Retention {
    last_purge: Markup,
    every: String,
    log: String,
    is_whole: bool,
    rules: Vec<RuleLine>,
}

struct RuleLine {
    processing: String,
    table: String,
    days: String,
    rows: String,
}

/// `GET /donnees-personnelles`.
pub(crate) async fn show_personal_data(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
) -> Result<Response, PageError> {
    let requests = web.accounts().requests(MOST).await?;
    let register = web.officer_api().register().await;
    let register = register.inspect_err(|error| tracing::warn!(%error, "no register"));
    let retention = web.officer_api().retention().await;
    let retention = retention.inspect_err(|error| tracing::warn!(%error, "no retention"));

    let page = PersonalDataPage::new(t, &requests, register.ok(), retention.ok(), web.now());
    Ok(render(&page))
}

/// `POST /donnees-personnelles/demandes/{request_id}`: it is answered.
pub(crate) async fn answer_request(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Path(request_id): Path<String>,
) -> Result<Response, PageError> {
    let request_id = request_id.parse::<RequestId>();
    let request_id = request_id.map_err(|_| PageError::NotFound)?;
    web.accounts()
        .answer_request(&request_id, web.now())
        .await?;
    Ok(lead_to(&t, "/donnees-personnelles"))
}

impl PersonalDataPage {
    fn new(
        t: Frame,
        requests: &[RightsRequest],
        register: Option<ProcessingRegister>,
        retention: Option<RetentionState>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            alert: alert(&t, requests, now),
            requests: requests
                .iter()
                .map(|one| OfficerRequest::new(&t, one, now))
                .collect(),
            register: register.map(|register| register.processings),
            retention: retention.map(|retention| Retention::new(&t, &retention, now)),
            t,
        }
    }
}

/// The first thing to know: what is late, else what soon will be.
fn alert(t: &Frame, requests: &[RightsRequest], now: DateTime<Utc>) -> String {
    let late = requests.iter().filter(|one| one.is_late(now)).count();
    let soon = requests
        .iter()
        .filter(|one| one.answered_at.is_none() && one.due_at - now <= SOON);
    match (late, soon.count()) {
        (0, 0) => t.say("officer-calm"),
        (0, soon) => t.count("officer-soon", soon as u64),
        (late, _) => t.count("officer-late", late as u64),
    }
}

impl OfficerRequest {
    fn new(t: &Frame, request: &RightsRequest, now: DateTime<Utc>) -> Self {
        Self {
            request_id: request.request_id.clone(),
            kind: kind_name(t, request.kind),
            received: day(t, request.received_at),
            due: day(t, request.due_at),
            state: request_state(t, request, now),
            is_late: request.is_late(now),
            is_open: request.answered_at.is_none(),
        }
    }
}

impl Retention {
    fn new(t: &Frame, state: &RetentionState, now: DateTime<Utc>) -> Self {
        let log = if state.audit_log_is_whole {
            "officer-log-whole"
        } else {
            "officer-log-broken"
        };
        let rule = |rule: &crate::officer_api::RetentionRule| RuleLine {
            processing: rule.processing.clone(),
            table: rule.table.clone(),
            days: t.count("count-days", rule.days),
            rows: t.count("whole-number", rule.rows),
        };

        Self {
            last_purge: state.last_purge_at.map_or_else(
                || Markup::text(&t.say("officer-no-purge")),
                |instant| age(t, instant, now),
            ),
            every: t.count("count-hours", state.every_hours),
            log: t.say(log),
            is_whole: state.audit_log_is_whole,
            rules: state.items.iter().map(rule).collect(),
        }
    }
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    use crate::data_api::SAMPLE_TIME;
    use crate::officer_api::RetentionRule;
    use filrouge_accounts::RightsRequestKind;

    let request = |number: u8, ago| RightsRequest {
        request_id: format!("{number:016x}").parse().unwrap(),
        account_id: None,
        kind: RightsRequestKind::ALL[usize::from(number)],
        received_at: SAMPLE_TIME - TimeDelta::days(ago),
        due_at: SAMPLE_TIME - TimeDelta::days(ago - 30),
        answered_at: (number == 2).then_some(SAMPLE_TIME),
    };
    let requests = [request(0, 40), request(1, 3), request(2, 20)];
    let register = ProcessingRegister {
        processings: vec![ProcessingEntry {
            title: "Statistiques d’abonnement".to_owned(),
            purpose: "Connaître la répartition des abonnés".to_owned(),
            legal_basis: "intérêt légitime".to_owned(),
            retention: "30 jours".to_owned(),
        }],
    };
    let retention = RetentionState {
        last_purge_at: Some(SAMPLE_TIME - TimeDelta::hours(5)),
        every_hours: 24,
        audit_log_is_whole: false,
        items: vec![RetentionRule {
            processing: "subscriber-statistics".to_owned(),
            table: "subscribers".to_owned(),
            days: 30,
            rows: 12,
        }],
    };

    let page = |requests: &[RightsRequest], register, retention| {
        let page = PersonalDataPage::new(t.clone(), requests, register, retention, SAMPLE_TIME);
        page.render().unwrap()
    };
    vec![
        (
            "personal_data",
            page(&requests, Some(register), Some(retention)),
        ),
        ("personal_data_without_answer", page(&[], None, None)),
    ]
}
