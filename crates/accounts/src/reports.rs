//! Reports of riders: a text, perhaps a bike or a station, and its sorting.

use chrono::{DateTime, Utc};
use filrouge_types::StationId;

use crate::accounts::instant;
use crate::engine::{execute, fetch, row};
use crate::people::require_one;
use crate::{Accounts, AccountsError, ReportId, Result};

/// Characters of the longest report.
pub const LONGEST_REPORT: usize = 1000;

/// A report as it comes, its text freed of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReport {
    /// The text, from 1 to [`LONGEST_REPORT`] characters.
    pub body: String,
    /// The station that it is about.
    pub station_id: Option<StationId>,
    /// The number of the bike that it is about.
    pub bike: Option<String>,
    /// True when its author lets it serve as an example for sorting.
    pub is_example: bool,
}

/// Who sorted a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortedBy {
    /// A program.
    Model,
    /// A person, whose word is the last one.
    Person,
}

/// The category of a report and how soon it must be dealt with.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportSorting {
    /// The category, one of those of the classifier.
    pub category: String,
    /// The urgency, one of those of the classifier.
    pub urgency: String,
    /// Confidence of the program, from 0 to 1; none for a person.
    pub confidence: Option<f64>,
    /// Who sorted it.
    pub sorted_by: SortedBy,
}

/// A report as operators read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The number that its author was given.
    pub report_id: ReportId,
    /// The text, and the station or the bike it is about.
    pub report: NewReport,
    /// Instant at which it came.
    pub received_at: DateTime<Utc>,
    /// Its sorting; none until somebody or something sorted it.
    pub sorting: Option<ReportSorting>,
    /// True once it was dealt with.
    pub is_closed: bool,
}

/// A report whose author lets it serve as an example, in the category that a person gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportExample {
    /// The text, freed of personal data before it was kept.
    pub body: String,
    /// The category.
    pub category: String,
    /// Instant at which it came.
    pub received_at: DateTime<Utc>,
}

row!(ReportRow {
    report_id: String,
    body: String,
    station_id: Option<String>,
    bike: Option<String>,
    is_example: i64,
    received_at: i64,
    category: Option<String>,
    urgency: Option<String>,
    confidence: Option<f64>,
    sorted_by: Option<String>,
    closed_at: Option<i64>,
});

/// The columns of a [`ReportRow`], then the end of the query.
macro_rules! select_report {
    ($end:literal) => {
        concat!(
            "SELECT report_id, body, station_id, bike, is_example, received_at, category, urgency, \
             confidence, sorted_by, closed_at FROM reports ",
            $end
        )
    };
}

impl Accounts {
    /// Keeps a report, and gives the number to follow it by.
    ///
    /// # Errors
    /// Those of the database, which refuses an empty or too long text.
    pub async fn record_report(
        &self,
        report: &NewReport,
        sorting: Option<&ReportSorting>,
        now: DateTime<Utc>,
    ) -> Result<ReportId> {
        let report_id = ReportId::draw()?;
        execute!(
            &self.pool,
            "INSERT INTO reports (report_id, body, station_id, bike, is_example, received_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            report_id.as_str(),
            report.body.as_str(),
            report.station_id.as_ref().map(StationId::as_str),
            report.bike.as_deref(),
            i64::from(report.is_example),
            now.timestamp(),
        )?;

        if let Some(sorting) = sorting {
            self.sort_report(&report_id, sorting, now).await?;
        }
        Ok(report_id)
    }

    /// Sorts a report, or sorts it otherwise. A program never changes the word of a person.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], or those of the database.
    pub async fn sort_report(
        &self,
        report_id: &ReportId,
        sorting: &ReportSorting,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let changed = execute!(
            &self.pool,
            "UPDATE reports
             SET category = $1, urgency = $2, confidence = $3, sorted_by = $4, sorted_at = $5
             WHERE report_id = $6 AND ($4 = 'person' OR sorted_by IS NULL OR sorted_by = 'model')",
            sorting.category.as_str(),
            sorting.urgency.as_str(),
            sorting.confidence,
            sorting.sorted_by.name(),
            now.timestamp(),
            report_id.as_str(),
        )?;

        require_one(changed)
    }

    /// Marks a report as dealt with. The first time is kept.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], or those of the database.
    pub async fn close_report(&self, report_id: &ReportId, now: DateTime<Utc>) -> Result<()> {
        let changed = execute!(
            &self.pool,
            "UPDATE reports SET closed_at = COALESCE(closed_at, $1) WHERE report_id = $2",
            now.timestamp(),
            report_id.as_str(),
        )?;
        require_one(changed)
    }

    /// The last `most` reports that wait, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_reports(&self, most: u16) -> Result<Vec<Report>> {
        let rows: Vec<ReportRow> = fetch!(
            fetch_all,
            &self.pool,
            select_report!("WHERE closed_at IS NULL ORDER BY received_at DESC, report_id LIMIT $1"),
            i64::from(most),
        )?;
        rows.into_iter().map(Report::try_from).collect()
    }

    /// The reports that may teach how to sort, the oldest first: their author agreed, and a person
    /// gave the category.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn examples(&self) -> Result<Vec<ReportExample>> {
        let rows: Vec<(String, String, i64)> = fetch!(
            fetch_all,
            &self.pool,
            "SELECT body, category, received_at FROM reports
             WHERE is_example = 1 AND sorted_by = 'person' ORDER BY received_at, report_id",
        )?;

        let example = |(body, category, received_at)| {
            Ok(ReportExample {
                body,
                category,
                received_at: instant("received_at", received_at)?,
            })
        };
        rows.into_iter().map(example).collect()
    }

    /// One report.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], or those of the database.
    pub async fn report(&self, report_id: &ReportId) -> Result<Report> {
        let row: Option<ReportRow> = fetch!(
            fetch_optional,
            &self.pool,
            select_report!("WHERE report_id = $1"),
            report_id.as_str(),
        )?;
        row.ok_or(AccountsError::NotFound)?.try_into()
    }
}

impl SortedBy {
    fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Person => "person",
        }
    }
}

impl ReportRow {
    /// The sorting, once there is one.
    fn sorting(&self) -> Option<ReportSorting> {
        let (category, urgency) = self.category.clone().zip(self.urgency.clone())?;

        Some(ReportSorting {
            category,
            urgency,
            confidence: self.confidence,
            sorted_by: match self.sorted_by.as_deref() {
                Some("person") => SortedBy::Person,
                _ => SortedBy::Model,
            },
        })
    }
}

impl TryFrom<ReportRow> for Report {
    type Error = AccountsError;

    fn try_from(row: ReportRow) -> Result<Self> {
        let sorting = row.sorting();
        let station_id = row.station_id.map(|text| text.parse()).transpose();

        Ok(Self {
            report_id: ReportId::stored(row.report_id),
            report: NewReport {
                body: row.body,
                station_id: station_id.map_err(|_| AccountsError::Corrupt("station_id"))?,
                bike: row.bike,
                is_example: row.is_example == 1,
            },
            received_at: instant("received_at", row.received_at)?,
            sorting,
            is_closed: row.closed_at.is_some(),
        })
    }
}
