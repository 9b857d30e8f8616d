use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::render::render;
use crate::assets;
use crate::frame::Frame;
use crate::quality_api::{CleaningReport, CleaningRule, CleaningSource};
use crate::web::Web;

/// Rows that the last cleaning kept and rejected.
#[derive(Template)]
#[template(path = "quality.html")]
struct QualityPage {
    t: Frame,
    /// Nothing when the data API does not answer.
    sources: Option<Vec<SourceLine>>,
}

/// One source, in words.
struct SourceLine {
    name: String,
    read: String,
    kept: String,
    rejected: String,
    rules: Vec<RuleLine>,
}

/// One rule, in words.
struct RuleLine {
    name: String,
    action: String,
    rows: String,
}

/// `GET /exploitation/qualite`.
pub(crate) async fn show_quality(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
) -> Response {
    let report = web.quality_api().report().await;
    let report = report.inspect_err(|error| tracing::warn!(%error, "no quality could be read"));
    render(&QualityPage::new(t, report.ok()))
}

impl QualityPage {
    fn new(t: Frame, report: Option<CleaningReport>) -> Self {
        let lines = |report: CleaningReport| {
            let sources = report.sources.into_iter();
            sources.map(|source| SourceLine::new(&t, source)).collect()
        };
        Self {
            sources: report.map(lines),
            t,
        }
    }
}

impl SourceLine {
    fn new(t: &Frame, source: CleaningSource) -> Self {
        let rows = |number| t.count("whole-number", number);
        Self {
            read: rows(source.rows_read),
            kept: rows(source.rows_kept),
            rejected: rows(source.rows_rejected),
            rules: source
                .rules
                .into_iter()
                .map(|rule| RuleLine::new(t, rule))
                .collect(),
            name: source.source,
        }
    }
}

impl RuleLine {
    fn new(t: &Frame, rule: CleaningRule) -> Self {
        let action = match rule.action.as_str() {
            "rejected" => t.say("quality-rejected"),
            "repaired" => t.say("quality-repaired"),
            "reported" => t.say("quality-reported"),
            other => other.to_owned(),
        };
        Self {
            name: rule.rule,
            action,
            rows: t.count("whole-number", rule.rows),
        }
    }
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let rule = |rule: &str, action: &str| CleaningRule {
        rule: rule.to_owned(),
        action: action.to_owned(),
        rows: 2,
    };
    let source = CleaningSource {
        source: "lake".to_owned(),
        rows_read: 1000,
        rows_kept: 998,
        rows_rejected: 2,
        rules: vec![
            rule("duplicate_trip", "rejected"),
            rule("late_clock", "repaired"),
        ],
    };

    let page = |report| QualityPage::new(t.clone(), report).render().unwrap();
    let report = CleaningReport {
        sources: vec![source],
    };
    vec![
        ("quality", page(Some(report))),
        ("quality_without_answer", page(None)),
    ]
}
