//! Register, retention and log of accesses, which the data API tells to the officer.

use chrono::{DateTime, Utc};
use filrouge_api_client::{ApiClient, ApiError, Page};
use serde::Deserialize;

/// Lines of the log on one page.
const LOG_LINES: &str = "50";

/// The part of the data API that the officer reads.
pub(crate) struct OfficerApi(ApiClient);

/// The register of processings (`GET /v1/gdpr/register`).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ProcessingRegister {
    pub(crate) processings: Vec<ProcessingEntry>,
}

/// One processing of the register: the part that fits a page.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ProcessingEntry {
    pub(crate) title: String,
    pub(crate) purpose: String,
    pub(crate) legal_basis: String,
    pub(crate) retention: String,
}

/// The state of the retention rules (`GET /v1/gdpr/retention`).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RetentionState {
    pub(crate) last_purge_at: Option<DateTime<Utc>>,
    pub(crate) every_hours: u32,
    pub(crate) audit_log_is_whole: bool,
    pub(crate) items: Vec<RetentionRule>,
}

/// One rule, and the rows that are due.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RetentionRule {
    pub(crate) processing: String,
    pub(crate) table: String,
    pub(crate) days: u32,
    pub(crate) rows: u64,
}

/// One line of the log of accesses (`GET /v1/gdpr/audit-log`).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LogLine {
    pub(crate) audit_id: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) people: u64,
}

impl OfficerApi {
    pub(crate) fn new(client: ApiClient) -> Self {
        Self(client)
    }

    /// The register.
    pub(crate) async fn register(&self) -> Result<ProcessingRegister, ApiError> {
        self.0.get(&["v1", "gdpr", "register"], &[]).await
    }

    /// The state of the retention rules.
    pub(crate) async fn retention(&self) -> Result<RetentionState, ApiError> {
        self.0.get(&["v1", "gdpr", "retention"], &[]).await
    }

    /// A page of the log, from `cursor` on.
    pub(crate) async fn audit_log(&self, cursor: Option<&str>) -> Result<Page<LogLine>, ApiError> {
        let cursor = cursor.map(|cursor| ("cursor", cursor));
        let query: Vec<_> = [("limit", LOG_LINES)].into_iter().chain(cursor).collect();
        self.0.get(&["v1", "gdpr", "audit-log"], &query).await
    }
}
