use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::REFRESH;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use filrouge_api_client::model::Monitoring;

use super::monitoring::alarm_sentence;
use super::refreshing::{RefreshQuery, refreshing};
use super::render::render;
use crate::assets;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::service_state::{Check, CheckResult, ServiceState};
use crate::web::Web;

use promises::Promise;

mod promises;

/// Address of the page.
const PATH: &str = "/exploitation/etat";

/// The state of the services for their operators, without Prometheus.
#[derive(Template)]
#[template(path = "state.html")]
struct StatePage {
    t: Frame,
    refreshing: Markup,
    verdict: String,
    alarms: Vec<String>,
    services: Vec<Service>,
    checks: Vec<CheckRow>,
    promises: Vec<Promise>,
}

/// One service, in words.
struct Service {
    name: String,
    state: String,
    is_well: bool,
    requests: String,
    availability: String,
}

/// One check of a service, in words.
struct CheckRow {
    service: String,
    name: String,
    result: String,
    is_well: bool,
    detail: Option<String>,
}

/// All that the page shows, as it was asked for.
struct Asked {
    services: Vec<ServiceState>,
    monitoring: Option<Monitoring>,
}

/// `GET /exploitation/etat`.
// Preuve: C20.3 l’état des services, des objectifs et des alarmes se lit sur une page, sans outil à installer
pub(crate) async fn show_state(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<RefreshQuery>, QueryRejection>,
) -> Response {
    let seconds = query.map_or(None, |Query(query)| query.seconds());
    let (services, monitoring) = tokio::join!(web.service_states(), web.model_api().monitoring());
    let asked = Asked {
        services,
        monitoring,
    };

    let page = render(&StatePage::new(t, &asked, seconds, web.now()));
    match seconds {
        Some(seconds) => ([(REFRESH, seconds.to_string())], page).into_response(),
        None => page,
    }
}

impl StatePage {
    fn new(t: Frame, asked: &Asked, seconds: Option<u32>, now: DateTime<Utc>) -> Self {
        let alarms = alarms(&t, asked);

        Self {
            refreshing: refreshing(&t, PATH, seconds, now),
            verdict: t.count("state-verdict", alarms.len() as u64),
            alarms,
            services: asked
                .services
                .iter()
                .map(|one| Service::new(&t, one))
                .collect(),
            checks: asked
                .services
                .iter()
                .flat_map(|one| check_rows(&t, one))
                .collect(),
            promises: promises::promises(&t, asked, now),
            t,
        }
    }
}

impl Service {
    fn new(t: &Frame, service: &ServiceState) -> Self {
        let requests = service.requests.as_ref();
        let availability = requests.and_then(|counts| counts.availability());

        Self {
            name: t.say(service_name(service.name)),
            state: t.say(state(service.worst())),
            is_well: service.worst() == Some(CheckResult::Ok),
            requests: requests.map_or_else(
                || t.say("unknown"),
                |counts| t.count("whole-number", counts.total as u64),
            ),
            availability: t.known(availability, |share| t.precise_percent(share)),
        }
    }
}

fn check_rows(t: &Frame, service: &ServiceState) -> Vec<CheckRow> {
    let row = |check: &Check| CheckRow {
        service: t.say(service_name(service.name)),
        name: check.name.clone(),
        result: t.say(state(Some(check.status))),
        is_well: check.status == CheckResult::Ok,
        detail: check.detail.clone(),
    };
    service.checks.iter().flatten().map(row).collect()
}

/// What somebody has to look at: services that are silent, checks that are not well, alarms of the
/// model.
fn alarms(t: &Frame, asked: &Asked) -> Vec<String> {
    let of_service = |service: &ServiceState| -> Vec<String> {
        let name = t.say(service_name(service.name));
        let Some(checks) = &service.checks else {
            return vec![t.tell("state-alarm-silent", [("service", name.into())])];
        };
        let odd = checks
            .iter()
            .filter(|check| check.status != CheckResult::Ok);
        odd.map(|check| check_sentence(t, &name, check)).collect()
    };

    let raised = asked
        .monitoring
        .iter()
        .flat_map(|monitoring| &monitoring.alarms);
    let of_model = raised.map(|alarm| alarm_sentence(t, alarm));
    asked
        .services
        .iter()
        .flat_map(of_service)
        .chain(of_model)
        .collect()
}

fn check_sentence(t: &Frame, service: &str, check: &Check) -> String {
    let (service, name) = (service.to_owned(), check.name.clone());
    let result = t.say(state(Some(check.status)));
    let variables = [
        ("service", service.into()),
        ("check", name.into()),
        ("result", result.into()),
    ];
    t.tell("state-alarm-check", variables)
}

fn service_name(service: &str) -> &'static str {
    match service {
        "web" => "service-web",
        "data-api" => "service-data-api",
        _ => "service-model-api",
    }
}

fn state(result: Option<CheckResult>) -> &'static str {
    match result {
        Some(CheckResult::Ok) => "state-ok",
        Some(CheckResult::Degraded) => "state-degraded",
        Some(CheckResult::Failed) => "state-failed",
        None => "state-silent",
    }
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let page = |asked: &Asked| {
        let now = crate::data_api::SAMPLE_TIME;
        StatePage::new(t.clone(), asked, None, now)
            .render()
            .unwrap()
    };
    vec![
        ("state", page(&tests::sample())),
        ("state_without_answer", page(&tests::silent())),
    ]
}

#[cfg(test)]
mod tests;
