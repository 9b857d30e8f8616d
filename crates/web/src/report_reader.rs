//! A program that reads the reports of riders. The application works without one: reports then wait
//! for a person.

use std::sync::Arc;

use filrouge_http::{Catalogue, HealthCheck};
use futures::future::BoxFuture;

/// Reads a report.
pub trait ReportReader: Send + Sync {
    /// The text without personal data: names, telephones, addresses. Called away from the threads
    /// that answer: it may take its time.
    fn redact(&self, text: &str) -> String;

    /// The category and the urgency of a redacted text; none when the program does not know.
    fn sort<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Option<ReadSorting>>;

    /// The state of the service that sorts, for operators.
    fn state(&self) -> ReaderState;
}

/// Opens a reader, which declares its metrics among those of the application.
pub type OpenReportReader =
    Arc<dyn Fn(&mut Catalogue) -> anyhow::Result<Arc<dyn ReportReader>> + Send + Sync>;

/// The sorting of a program.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSorting {
    /// The category, one of [`REPORT_CATEGORIES`] as far as the program can.
    pub category: String,
    /// The urgency, one of [`REPORT_URGENCIES`].
    pub urgency: String,
    /// Confidence, from 0 to 1; none for a service that gives none.
    pub confidence: Option<f64>,
}

/// The service that sorts reports, at this moment.
#[derive(Debug, Clone, PartialEq)]
pub enum ReaderState {
    /// Nothing sorts: a person reads every report.
    Nothing,
    /// The classifier of the program.
    Embedded,
    /// A service elsewhere; the classifier of the program reads in its place when it fails.
    Service {
        /// Its name, the same in every language and in the metrics.
        service: String,
        /// Code of the error of the last report, as in the metrics; none when it was answered.
        failure: Option<String>,
        /// True while nothing is sent to it, for it failed a moment ago.
        is_resting: bool,
        /// Share of the month's budget that is left, from 0 to 1; none when it is not known.
        budget_left: Option<f64>,
    },
}

/// Categories that a person may choose.
pub const REPORT_CATEGORIES: [&str; 8] = [
    "frein",
    "roue",
    "électrique",
    "station",
    "stationnement",
    "compte",
    "sécurité",
    "autre",
];
/// Urgencies that a person may choose, the most pressing first.
pub const REPORT_URGENCIES: [&str; 3] = ["immédiate", "dans la journée", "normale"];

/// The code of a report that was not sent, for the month's budget is spent.
pub(crate) const BUDGET_SPENT: &str = "budget_spent";

impl ReaderState {
    /// The check of readiness: a service that fails takes no page away.
    pub(crate) fn check(&self) -> HealthCheck {
        const NAME: &str = "triage";

        match self {
            Self::Service {
                service,
                failure: Some(failure),
                ..
            } => {
                let detail = format!(
                    "{service} n’a pas trié le dernier signalement ({failure}) ; le classifieur embarqué le remplace"
                );
                HealthCheck::degraded(NAME, detail)
            }
            Self::Nothing => {
                HealthCheck::degraded(NAME, "aucun programme ne trie les signalements")
            }
            Self::Embedded | Self::Service { failure: None, .. } => HealthCheck::ok(NAME),
        }
    }
}

/// The text without what names people. A program that fails hides no report: the text is then kept
/// as it came, and no rider sees a difference.
pub(crate) async fn redacted(reader: Option<Arc<dyn ReportReader>>, text: String) -> String {
    let Some(reader) = reader else {
        return text;
    };

    let kept = text.clone();
    let work = tokio::task::spawn_blocking(move || reader.redact(&text));
    work.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a report could not be redacted");
        kept
    })
}
