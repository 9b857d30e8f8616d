//! The quality of the data, which the data API tells to operators.

use filrouge_api_client::{ApiClient, ApiError};
use serde::Deserialize;

/// The part of the data API that operators read.
pub(crate) struct QualityApi(ApiClient);

/// The report of the last cleaning (`GET /v1/quality`).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CleaningReport {
    pub(crate) sources: Vec<CleaningSource>,
}

/// The rows of one source, by their fate.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CleaningSource {
    pub(crate) source: String,
    pub(crate) rows_read: u64,
    pub(crate) rows_kept: u64,
    pub(crate) rows_rejected: u64,
    pub(crate) rules: Vec<CleaningRule>,
}

/// The findings of one rule.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CleaningRule {
    pub(crate) rule: String,
    pub(crate) action: String,
    pub(crate) rows: u64,
}

impl QualityApi {
    pub(crate) fn new(client: ApiClient) -> Self {
        Self(client)
    }

    /// The quality of the data.
    pub(crate) async fn report(&self) -> Result<CleaningReport, ApiError> {
        self.0.get(&["v1", "quality"], &[]).await
    }
}
