//! Requests of people about their data, and the month in which to answer them (article 12.3).

use std::str::FromStr;

use chrono::{DateTime, Months, Utc};

use crate::accounts::instant;
use crate::engine::{execute, fetch, row};
use crate::people::require_one;
use crate::{AccountId, Accounts, AccountsError, RequestId, Result};

/// A right of the GDPR that a request exercises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RightsRequestKind {
    /// To know the data that are held (article 15).
    Access,
    /// To have it corrected (article 16).
    Rectification,
    /// To have it erased (article 17).
    Erasure,
    /// To have its use stopped for a while (article 18).
    Restriction,
    /// To oppose its use (article 21).
    Objection,
    /// To take it elsewhere (article 20).
    Portability,
}

/// A request and its deadline. It outlives the account that made it, without its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightsRequest {
    /// Its number.
    pub request_id: RequestId,
    /// The account that made it; none once it was erased.
    pub account_id: Option<AccountId>,
    /// The right.
    pub kind: RightsRequestKind,
    /// Instant at which it came.
    pub received_at: DateTime<Utc>,
    /// Instant before which it must be answered: one month later.
    pub due_at: DateTime<Utc>,
    /// Instant of the answer; none until there is one.
    pub answered_at: Option<DateTime<Utc>>,
}

row!(RequestRow {
    request_id: String,
    account_id: Option<String>,
    kind: String,
    received_at: i64,
    due_at: i64,
    answered_at: Option<i64>,
});

impl RightsRequestKind {
    /// Every right.
    pub const ALL: [Self; 6] = [
        Self::Access,
        Self::Rectification,
        Self::Erasure,
        Self::Restriction,
        Self::Objection,
        Self::Portability,
    ];

    /// Its name in the database and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Restriction => "restriction",
            Self::Objection => "objection",
            Self::Portability => "portability",
        }
    }
}

impl FromStr for RightsRequestKind {
    type Err = AccountsError;

    fn from_str(text: &str) -> Result<Self> {
        let kind = Self::ALL.into_iter().find(|kind| kind.name() == text);
        kind.ok_or(AccountsError::NotFound)
    }
}

impl RightsRequest {
    /// True when nobody answered in time.
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.answered_at.is_none() && self.due_at < now
    }
}

impl Accounts {
    /// Writes a request down, to be answered within a month.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn record_request(
        &self,
        account_id: &AccountId,
        kind: RightsRequestKind,
        now: DateTime<Utc>,
    ) -> Result<RequestId> {
        let request_id = RequestId::draw()?;
        // A month after the last day of the calendar is that day.
        let due_at = now.checked_add_months(Months::new(1)).unwrap_or(now);

        execute!(
            &self.pool,
            "INSERT INTO rights_requests (request_id, account_id, kind, received_at, due_at)
             VALUES ($1, $2, $3, $4, $5)",
            request_id.as_str(),
            account_id.as_str(),
            kind.name(),
            now.timestamp(),
            due_at.timestamp(),
        )?;
        Ok(request_id)
    }

    /// Marks a request as answered. The first answer keeps its time.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], or those of the database.
    pub async fn answer_request(&self, request_id: &RequestId, now: DateTime<Utc>) -> Result<()> {
        let changed = execute!(
            &self.pool,
            "UPDATE rights_requests SET answered_at = COALESCE(answered_at, $1)
             WHERE request_id = $2",
            now.timestamp(),
            request_id.as_str(),
        )?;
        require_one(changed)
    }

    /// The last `most` requests: those that wait first, by deadline.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn requests(&self, most: u16) -> Result<Vec<RightsRequest>> {
        let rows: Vec<RequestRow> = fetch!(
            fetch_all,
            &self.pool,
            "SELECT request_id, account_id, kind, received_at, due_at, answered_at
             FROM rights_requests
             ORDER BY CASE WHEN answered_at IS NULL THEN 0 ELSE 1 END, due_at, request_id LIMIT $1",
            i64::from(most),
        )?;
        rows.into_iter().map(RightsRequest::try_from).collect()
    }

    /// The requests of one account, the oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn requests_of(&self, account_id: &AccountId) -> Result<Vec<RightsRequest>> {
        let rows: Vec<RequestRow> = fetch!(
            fetch_all,
            &self.pool,
            "SELECT request_id, account_id, kind, received_at, due_at, answered_at
             FROM rights_requests WHERE account_id = $1 ORDER BY received_at, request_id",
            account_id.as_str(),
        )?;
        rows.into_iter().map(RightsRequest::try_from).collect()
    }
}

impl TryFrom<RequestRow> for RightsRequest {
    type Error = AccountsError;

    fn try_from(row: RequestRow) -> Result<Self> {
        let kind = row.kind.parse();
        let answered_at = row
            .answered_at
            .map(|seconds| instant("answered_at", seconds));

        Ok(Self {
            request_id: RequestId::stored(row.request_id),
            account_id: row.account_id.map(AccountId::stored),
            kind: kind.map_err(|_| AccountsError::Corrupt("kind"))?,
            received_at: instant("received_at", row.received_at)?,
            due_at: instant("due_at", row.due_at)?,
            answered_at: answered_at.transpose()?,
        })
    }
}
