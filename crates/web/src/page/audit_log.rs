use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_api_client::Page;
use serde::Deserialize;

use super::account::age;
use super::render::render;
use crate::assets;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::officer_api::LogLine;
use crate::web::Web;

/// Parameters of the address; one that cannot be read counts as absent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LogQuery {
    /// The cursor that the data API gave.
    suite: Option<String>,
}

/// The log of accesses to personal data, page by page.
#[derive(Template)]
#[template(path = "audit_log.html")]
struct AuditLogPage {
    t: Frame,
    /// Nothing when the data API does not answer.
    lines: Option<Vec<AuditLine>>,
    next: Option<String>,
}

struct AuditLine {
    number: i64,
    at: Markup,
    actor: String,
    action: String,
    people: String,
}

/// `GET /donnees-personnelles/journal`.
pub(crate) async fn show_audit_log(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<LogQuery>, QueryRejection>,
) -> Response {
    let cursor = query.ok().and_then(|Query(query)| query.suite);
    let page = web.officer_api().audit_log(cursor.as_deref()).await;
    let page = page.inspect_err(|error| tracing::warn!(%error, "no log of accesses"));
    render(&AuditLogPage::new(t, page.ok(), web.now()))
}

impl AuditLogPage {
    fn new(t: Frame, page: Option<Page<LogLine>>, now: DateTime<Utc>) -> Self {
        let line = |line: LogLine| AuditLine {
            number: line.audit_id,
            at: age(&t, line.at, now),
            actor: line.actor,
            action: line.action,
            people: t.count("whole-number", line.people),
        };
        let (items, cursor) = page.map(|page| (page.items, page.next_cursor)).unzip();
        let next = cursor.flatten().map(|cursor| {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("suite", &cursor)
                .finish();
            t.link(&format!("/donnees-personnelles/journal?{query}"))
        });

        Self {
            lines: items.map(|items| items.into_iter().map(line).collect()),
            next,
            t,
        }
    }
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    use crate::data_api::SAMPLE_TIME;

    let line = LogLine {
        audit_id: 42,
        at: SAMPLE_TIME - chrono::TimeDelta::hours(3),
        actor: "api:web-officer".to_owned(),
        action: "read".to_owned(),
        people: 1,
    };
    let log = Page {
        items: vec![line],
        next_cursor: Some("abc=".to_owned()),
    };
    let page = |page| {
        AuditLogPage::new(t.clone(), page, SAMPLE_TIME)
            .render()
            .unwrap()
    };
    vec![
        ("audit_log", page(Some(log))),
        ("audit_log_without_answer", page(None)),
    ]
}
