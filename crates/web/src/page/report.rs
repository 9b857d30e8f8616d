use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use filrouge_accounts::{
    AccountsError, ConsentPurpose, LONGEST_REPORT, NewReport, ReportId, ReportSorting, SignedIn,
    SortedBy,
};
use filrouge_types::StationId;
use serde::Deserialize;

use super::error::PageError;
use super::form_page::FormPage;
use super::render::render;
use super::respond::with_fault;
use super::visit::{Browser, Fields};
use crate::form::{Field, FieldKind, Form};
use crate::frame::Frame;
use crate::report_reader::redacted;
use crate::search::find_named;
use crate::web::Web;

/// What the form sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportFields {
    body: String,
    #[serde(default)]
    station: String,
    #[serde(default)]
    bike: String,
    /// Consent to serve as an example: a box that is not ticked is not sent.
    #[serde(default)]
    example: String,
}

/// Parameters of the address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ReportQuery {
    /// The station that the report is about, by its identifier.
    station: Option<StationId>,
}

/// The faults of the three fields.
#[derive(Default)]
struct Faults {
    body: Option<&'static str>,
    station: Option<&'static str>,
    bike: Option<&'static str>,
}

/// `GET /signaler?station=RIV-001`: the station is written already for who comes from its page, and the
/// box of examples is as the person's account says.
pub(crate) async fn show_report_form(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<ReportQuery>, QueryRejection>,
) -> Response {
    let asked = query.ok().and_then(|Query(query)| query.station);
    let station = match asked {
        Some(station_id) => name_of(&web, &station_id).await.unwrap_or_default(),
        None => String::new(),
    };
    let example = match agrees_to_examples(&web, t.visitor()).await {
        true => "oui".to_owned(),
        false => String::new(),
    };

    let fields = ReportFields {
        body: String::new(),
        station,
        bike: String::new(),
        example,
    };
    render(&page(t, Some(&fields), &Faults::default()))
}

/// Whether somebody signed in agreed, in their account, that their reports serve as examples.
async fn agrees_to_examples(web: &Web, visitor: Option<&SignedIn>) -> bool {
    let Some(visitor) = visitor else {
        return false;
    };
    let answers = web.accounts().consents(&visitor.account_id).await;
    answers.is_ok_and(|answers| {
        answers
            .iter()
            .any(|answer| answer.purpose == ConsentPurpose::ReportExamples && answer.is_given)
    })
}

/// The name of a station that exists.
async fn name_of(web: &Web, station_id: &StationId) -> Option<String> {
    let latest = web.data_api().stations().await.ok()?;
    let station = latest.stations.find(station_id)?;
    Some(station.name.clone())
}

/// `POST /signaler`.
pub(crate) async fn send_report(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    browser: Browser,
    Fields(fields): Fields<ReportFields>,
) -> Result<Response, PageError> {
    browser.admit_report(&web)?;
    let report = match checked(&web, &fields).await {
        Ok(report) => report,
        Err(faults) => return Ok(with_fault(&page(t, Some(&fields), &faults))),
    };

    // Before anything is kept, and before anything leaves.
    let body = redacted(web.report_reader(), report.body).await;
    // What a program hides may make a text longer, which must not lose it.
    let body: String = body.chars().take(LONGEST_REPORT).collect();
    let report = NewReport { body, ..report };

    let report_id = web
        .accounts()
        .record_report(&report, None, web.now())
        .await?;
    let number = report_id.to_string();
    sort_later(&web, report_id, report.body);

    let mut done = FormPage::new(t.clone(), "report-title", "report-next", None);
    done.notice = Some(t.tell("report-received", [("number", number.into())]));
    done.is_account = false;
    Ok(render(&done))
}

/// Sorts a report that is kept already: no rider waits for a service that thinks for seconds. One
/// that is not sorted, for the program failed or stopped meanwhile, is read by a person.
fn sort_later(web: &Web, report_id: ReportId, text: String) {
    let Some(reader) = web.report_reader() else {
        return;
    };
    let web = web.clone();

    tokio::spawn(async move {
        let Some(sorting) = reader.sort(&text).await else {
            return;
        };
        let sorting = ReportSorting {
            category: sorting.category,
            urgency: sorting.urgency,
            confidence: sorting.confidence,
            sorted_by: SortedBy::Model,
        };

        let sorted = web
            .accounts()
            .sort_report(&report_id, &sorting, web.now())
            .await;
        match sorted {
            // A person was faster, or took the report away.
            Ok(()) | Err(AccountsError::NotFound) => {}
            Err(error) => tracing::error!(%error, "a sorting could not be kept"),
        }
    });
}

/// The report, once its fields are what they say.
async fn checked(web: &Web, fields: &ReportFields) -> Result<NewReport, Faults> {
    // Browsers send a line break as two characters and count one.
    let body = fields.body.replace("\r\n", "\n").trim().to_owned();
    let (station, bike) = (fields.station.trim(), fields.bike.trim());
    // When the data API is silent no station is known: the report is kept without it.
    let latest = web.data_api().stations().await.ok();
    let station_id = latest
        .as_ref()
        .and_then(|latest| find_named(&latest.stations.list, station))
        .map(|station| station.station_id.clone());
    let is_unknown = !station.is_empty() && latest.is_some() && station_id.is_none();

    let is_bike = bike.len() == 4 && bike.bytes().all(|byte| byte.is_ascii_digit());
    let faults = Faults {
        body: match body.chars().count() {
            0 => Some("fault-report-empty"),
            length if length > LONGEST_REPORT => Some("fault-report-long"),
            _ if body.contains('\0') => Some("fault-report-empty"),
            _ => None,
        },
        station: is_unknown.then_some("fault-report-station"),
        bike: (!bike.is_empty() && !is_bike).then_some("fault-report-bike"),
    };

    if faults.body.or(faults.station).or(faults.bike).is_some() {
        return Err(faults);
    }
    Ok(NewReport {
        body,
        station_id,
        bike: (!bike.is_empty()).then(|| bike.to_owned()),
        is_example: !fields.example.is_empty(),
    })
}

fn page(t: Frame, fields: Option<&ReportFields>, faults: &Faults) -> FormPage {
    let written = |of: fn(&ReportFields) -> &String| fields.map(of).cloned().unwrap_or_default();
    let fault = |key: Option<&'static str>| key.map(|key| t.say(key));

    let form = vec![
        Field::new(&t, "body", "report-body", FieldKind::Text)
            .of_at_most(LONGEST_REPORT)
            .helped_by(t.say("report-body-help"))
            .holding(&written(|fields| &fields.body))
            .with_fault(fault(faults.body)),
        Field::new(&t, "station", "report-station", FieldKind::Line("text"))
            .optional()
            .holding(&written(|fields| &fields.station))
            .with_fault(fault(faults.station)),
        Field::new(&t, "bike", "report-bike", FieldKind::Line("text"))
            .optional()
            .of_at_most(4)
            .helped_by(t.say("report-bike-help"))
            .holding(&written(|fields| &fields.bike))
            .with_fault(fault(faults.bike)),
        Field::new(&t, "example", "consent-examples", FieldKind::Box)
            .optional()
            .holding(&written(|fields| &fields.example))
            .helped_by(t.say("report-example-help")),
    ];

    let form = Form::new(&t, "/signaler", form, "report-button");
    let has_fault = faults.body.or(faults.station).or(faults.bike).is_some();
    let mut page = FormPage::new(t.clone(), "report-title", "report-lead", Some(form));
    page.fault = has_fault.then(|| t.say("report-fault"));
    page.is_account = false;
    page
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    use askama::Template as _;

    let fields = ReportFields {
        body: "Le frein <b>ne tient plus</b>".to_owned(),
        station: "Nulle part".to_owned(),
        bike: "45".to_owned(),
        example: "oui".to_owned(),
    };
    let faults = Faults {
        body: None,
        station: Some("fault-report-station"),
        bike: Some("fault-report-bike"),
    };
    let empty = page(t.clone(), None, &Faults::default());
    let faulty = page(t.clone(), Some(&fields), &faults);
    vec![
        ("report", empty.render().unwrap()),
        ("report_with_fault", faulty.render().unwrap()),
    ]
}
