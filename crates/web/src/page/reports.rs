use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use filrouge_accounts::{Report, ReportId, ReportSorting, SortedBy};
use serde::Deserialize;

use super::account::age;
use super::error::PageError;
use super::render::render;
use super::respond::lead_to;
use super::visit::Fields;
use crate::assets;
use crate::data_api::LatestStations;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::report_reader::{BUDGET_SPENT, REPORT_CATEGORIES, REPORT_URGENCIES, ReaderState};
use crate::web::Web;

/// Reports on the page: beyond, the first ones must be dealt with before the others are read.
const MOST: u16 = 100;

/// What the correction of a sorting sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SortingFields {
    category: String,
    urgency: String,
}

/// The reports that wait, the most pressing first.
#[derive(Template)]
#[template(path = "reports.html")]
struct ReportsPage {
    t: Frame,
    count: String,
    /// What is to be said of the program that sorts, a sentence each.
    reader: Vec<String>,
    reports: Vec<ReportLine>,
}

struct ReportLine {
    report_id: ReportId,
    body: String,
    about: String,
    received: Markup,
    sorting: String,
    is_urgent: bool,
    categories: Vec<Word>,
    urgencies: Vec<Word>,
}

/// A word that may be chosen.
struct Word {
    text: String,
    is_chosen: bool,
}

/// `GET /exploitation/signalements`.
pub(crate) async fn show_reports(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
) -> Result<Response, PageError> {
    let reports = web.accounts().open_reports(MOST).await?;
    let latest = web.data_api().stations().await.ok();
    let reader = web
        .report_reader()
        .map_or(ReaderState::Nothing, |reader| reader.state());

    Ok(render(&ReportsPage::new(
        t,
        reports,
        &reader,
        latest.as_ref(),
        web.now(),
    )))
}

/// `POST /exploitation/signalements/{report_id}`: the word of a person, which no program changes.
pub(crate) async fn sort_report(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Path(report_id): Path<String>,
    Fields(fields): Fields<SortingFields>,
) -> Result<Response, PageError> {
    let report_id = read(&report_id)?;
    let report = web.accounts().report(&report_id).await?;
    let is_known = |words: &[Word], chosen: &str| words.iter().any(|word| word.text == chosen);
    let [categories, urgencies] = choices(report.sorting.as_ref());
    if !is_known(&categories, &fields.category) || !is_known(&urgencies, &fields.urgency) {
        return Err(PageError::Refused(
            axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        ));
    }

    let sorting = ReportSorting {
        category: fields.category,
        urgency: fields.urgency,
        confidence: None,
        sorted_by: SortedBy::Person,
    };
    web.accounts()
        .sort_report(&report_id, &sorting, web.now())
        .await?;
    Ok(lead_to(&t, "/exploitation/signalements"))
}

/// `POST /exploitation/signalements/{report_id}/fin`.
pub(crate) async fn close_report(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    Path(report_id): Path<String>,
) -> Result<Response, PageError> {
    let report_id = read(&report_id)?;
    web.accounts().close_report(&report_id, web.now()).await?;
    Ok(lead_to(&t, "/exploitation/signalements"))
}

fn read(report_id: &str) -> Result<ReportId, PageError> {
    report_id.parse().map_err(|_| PageError::NotFound)
}

/// The words to choose from, those of the sorting chosen: a program may know others than ours.
fn choices(sorting: Option<&ReportSorting>) -> [Vec<Word>; 2] {
    let words = |ours: &[&str], chosen: Option<&String>| {
        let other = chosen.filter(|chosen| !ours.contains(&chosen.as_str()));
        let texts = ours
            .iter()
            .map(|word| (*word).to_owned())
            .chain(other.cloned());
        let word = |text: String| Word {
            is_chosen: chosen == Some(&text),
            text,
        };
        texts.map(word).collect()
    };

    [
        words(&REPORT_CATEGORIES, sorting.map(|sorting| &sorting.category)),
        words(&REPORT_URGENCIES, sorting.map(|sorting| &sorting.urgency)),
    ]
}

/// Place of a report in the list: by urgency; unsorted ones after the urgent, for they may be.
fn rank(report: &Report) -> usize {
    let urgency = report
        .sorting
        .as_ref()
        .map(|sorting| sorting.urgency.as_str());
    let known = REPORT_URGENCIES
        .iter()
        .position(|word| Some(*word) == urgency);
    known.map_or(1, |position| 2 * position)
}

impl ReportsPage {
    fn new(
        t: Frame,
        mut reports: Vec<Report>,
        reader: &ReaderState,
        latest: Option<&LatestStations>,
        now: DateTime<Utc>,
    ) -> Self {
        // Stable: the newest stays first among equals.
        reports.sort_by_key(rank);
        let lines = reports
            .iter()
            .map(|report| ReportLine::new(&t, report, latest, now));

        Self {
            count: t.count("reports-count", reports.len() as u64),
            reader: reader_sentences(&t, reader),
            reports: lines.collect(),
            t,
        }
    }
}

impl ReportLine {
    fn new(
        t: &Frame,
        report: &Report,
        latest: Option<&LatestStations>,
        now: DateTime<Utc>,
    ) -> Self {
        let station_id = report.report.station_id.as_ref();
        let station = station_id.map(|station_id| {
            let known = latest.and_then(|latest| latest.stations.find(station_id));
            known.map_or_else(|| station_id.to_string(), |station| station.name.clone())
        });
        let bike = report.report.bike.as_deref();
        let bike = bike.map(|bike| t.tell("reports-bike", [("bike", bike.into())]));

        let about: Vec<String> = bike.into_iter().chain(station).collect();
        let sorting = report.sorting.as_ref();
        let [categories, urgencies] = choices(sorting);
        Self {
            report_id: report.report_id.clone(),
            body: report.report.body.clone(),
            about: about.join(", "),
            received: age(t, report.received_at, now),
            sorting: sorting.map_or_else(|| t.say("reports-unsorted"), |one| told(t, one)),
            is_urgent: sorting.is_some_and(|one| one.urgency == REPORT_URGENCIES[0]),
            categories,
            urgencies,
        }
    }
}

/// The program that sorts, in words: which one answers, why another stands in for it, and what is
/// left of its budget.
fn reader_sentences(t: &Frame, reader: &ReaderState) -> Vec<String> {
    let (service, failure, is_resting, budget_left) = match reader {
        ReaderState::Nothing => return vec![t.say("reports-reader-none")],
        ReaderState::Embedded => return vec![t.say("reports-reader-embedded")],
        ReaderState::Service {
            service,
            failure,
            is_resting,
            budget_left,
        } => (
            service.as_str(),
            failure.as_deref(),
            is_resting,
            budget_left,
        ),
    };

    let key = match failure {
        None => "reports-reader-service",
        Some(BUDGET_SPENT) => "reports-reader-budget-spent",
        Some(_) if *is_resting => "reports-reader-resting",
        Some(_) => "reports-reader-failure",
    };
    let variables = [
        ("service", service.into()),
        ("reason", failure.unwrap_or_default().into()),
    ];
    let left =
        budget_left.map(|left| t.tell("reports-reader-budget", [("left", t.percent(left).into())]));
    [t.tell(key, variables)].into_iter().chain(left).collect()
}

/// A sorting in words, with what vouches for it.
fn told(t: &Frame, sorting: &ReportSorting) -> String {
    let confidence = sorting.confidence.unwrap_or_default();
    let key = match (sorting.sorted_by, sorting.confidence) {
        (SortedBy::Model, Some(_)) => "reports-sorted-by-model",
        (SortedBy::Model, None) => "reports-sorted-by-service",
        (SortedBy::Person, _) => "reports-sorted-by-person",
    };

    t.tell(
        key,
        [
            ("category", sorting.category.as_str().into()),
            ("urgency", sorting.urgency.as_str().into()),
            ("confidence", t.percent(confidence).into()),
        ],
    )
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    use filrouge_accounts::NewReport;

    use crate::data_api::SAMPLE_TIME;

    let report = |number: u8, body: &str, sorting| Report {
        report_id: format!("{number:016x}").parse().unwrap(),
        report: NewReport {
            body: body.to_owned(),
            station_id: Some("RIV-001".parse().unwrap()),
            bike: (number == 1).then(|| "4521".to_owned()),
            is_example: false,
        },
        received_at: SAMPLE_TIME - chrono::TimeDelta::minutes(i64::from(number)),
        sorting,
        is_closed: false,
    };
    let sorting = |urgency: &str, sorted_by, confidence| ReportSorting {
        category: "frein".to_owned(),
        urgency: urgency.to_owned(),
        confidence,
        sorted_by,
    };

    let latest = crate::data_api::sample();
    let reports = vec![
        report(
            3,
            "Borne éteinte",
            Some(sorting("dans la journée", SortedBy::Model, Some(0.93))),
        ),
        report(2, "<script>alert(1)</script>", None),
        report(
            1,
            "Frein mort",
            Some(sorting("immédiate", SortedBy::Person, None)),
        ),
    ];
    let by_service = vec![report(
        1,
        "Pneu à plat",
        Some(sorting("normale", SortedBy::Model, None)),
    )];

    let service = |failure: Option<&str>, is_resting| ReaderState::Service {
        service: "mistral".to_owned(),
        failure: failure.map(str::to_owned),
        is_resting,
        budget_left: Some(0.88),
    };
    let page = |reports, reader: &ReaderState| {
        let page = ReportsPage::new(t.clone(), reports, reader, Some(&latest), SAMPLE_TIME);
        page.render().unwrap()
    };
    vec![
        ("reports", page(reports, &ReaderState::Embedded)),
        (
            "reports_without_any",
            page(Vec::new(), &ReaderState::Nothing),
        ),
        (
            "reports_without_confidence",
            page(by_service, &service(None, false)),
        ),
        (
            "reports_without_answer",
            page(Vec::new(), &service(Some("key_refused"), true)),
        ),
        (
            "reports_without_budget",
            page(Vec::new(), &service(Some(BUDGET_SPENT), false)),
        ),
    ]
}
