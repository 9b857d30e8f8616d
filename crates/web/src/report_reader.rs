//! A program that reads the reports of riders. The application works without one: reports then wait
//! for a person.

use std::sync::Arc;

/// Reads a report. Called away from the threads that answer: it may take its time.
pub trait ReportReader: Send + Sync {
    /// The text without what names people: names, telephones, addresses.
    fn redact(&self, text: &str) -> String;

    /// The category and the urgency; none when the program does not know.
    fn sort(&self, text: &str) -> Option<ReadSorting>;
}

/// The sorting of a program.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSorting {
    /// The category, one of [`REPORT_CATEGORIES`] as far as the program can.
    pub category: String,
    /// The urgency, one of [`REPORT_URGENCIES`].
    pub urgency: String,
    /// Confidence, from 0 to 1.
    pub confidence: f64,
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

/// A report once it was read.
pub(crate) struct ReadReport {
    pub(crate) body: String,
    pub(crate) sorting: Option<ReadSorting>,
}

/// Reads `text` with the program that there is. One that fails hides no report: the text is then
/// kept unsorted, and no rider sees a difference.
pub(crate) async fn read(reader: Option<Arc<dyn ReportReader>>, text: String) -> ReadReport {
    let Some(reader) = reader else {
        return ReadReport {
            body: text,
            sorting: None,
        };
    };

    let kept = text.clone();
    let work = tokio::task::spawn_blocking(move || {
        let body = reader.redact(&text);
        let sorting = reader.sort(&body);
        ReadReport { body, sorting }
    });

    work.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a report could not be read");
        ReadReport {
            body: kept,
            sorting: None,
        }
    })
}
