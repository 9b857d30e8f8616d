//! The facts that article 33 asks for, as far as the database knows them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Gdpr;
use crate::Result;
use crate::engine::Access;
use crate::per_engine::fetch;
use crate::row::row;

/// Facts about a breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BreachFacts {
    /// From when the audit log was read, UTC.
    pub since: DateTime<Utc>,
    /// The oldest row that the log still has, UTC.
    pub log_begins_at: Option<DateTime<Utc>>,
    /// True when the log is whole.
    pub log_is_whole: bool,
    /// People whose data are held.
    pub people_held: u64,
    /// Rows held about them: their own, their consents, their restrictions.
    pub rows_held: u64,
    /// People named one by one in the log since then. Someone whose key was rotated meanwhile
    /// counts twice: it is a ceiling.
    pub people_touched: u64,
    /// Actions since then.
    pub actions: Vec<ActionCount>,
}

/// An action of the audit log, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionCount {
    /// The role or program that acted.
    pub actor: String,
    /// The action.
    pub action: String,
    /// Rows of the log.
    pub times: u64,
    /// People concerned.
    pub people: u64,
}

row! {
    struct ActionRow {
        actor: String,
        action: String,
        times: i64,
        people: i64,
    }
}

impl Gdpr {
    /// Gathers the facts since an instant; reading them is itself in the log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn breach_facts(&self, since: DateTime<Utc>) -> Result<BreachFacts> {
        const ACTIONS: &str = "
            SELECT
                actor,
                action,
                COUNT(*) AS times,
                CAST(SUM(people) AS BIGINT) AS people
            FROM audit_log
            WHERE at >= $1
            GROUP BY actor, action
            ORDER BY actor, action";

        const TOUCHED: &str = "SELECT COUNT(DISTINCT subject) FROM audit_log WHERE at >= $1";
        const OLDEST: &str = "SELECT MIN(at) FROM audit_log";
        const HELD: &str = "
            SELECT (SELECT COUNT(*) FROM subscribers)
                + (SELECT COUNT(*) FROM consents)
                + (SELECT COUNT(*) FROM restrictions)";

        let from = since.timestamp();
        let pool = &self.database.pool;
        let actions: Vec<ActionRow> = fetch!(query_as, fetch_all, pool, ACTIONS, from)?;

        let touched: i64 = fetch!(query_scalar, fetch_one, pool, TOUCHED, from)?;
        let oldest: Option<i64> = fetch!(query_scalar, fetch_one, pool, OLDEST)?;

        let held: i64 = fetch!(query_scalar, fetch_one, pool, HELD)?;
        let facts = BreachFacts {
            since,
            log_begins_at: oldest.and_then(|at| DateTime::from_timestamp(at, 0)),
            log_is_whole: self.database.verify_audit_log().await?.broken_at.is_none(),
            people_held: self.database.count_subscribers().await?,
            rows_held: held as u64,
            people_touched: touched as u64,
            actions: actions.into_iter().map(ActionCount::from).collect(),
        };

        // Last, so that the facts do not count their own reading.
        self.record("breach").await?;
        Ok(facts)
    }

    /// Adds to the log an action that concerns nobody in particular.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record(&self, action: &'static str) -> Result<()> {
        let mut transaction = self.database.begin(Access::Write).await?;
        transaction.audit(self, action, None, None, 0).await?;
        transaction.commit().await
    }
}

impl From<ActionRow> for ActionCount {
    fn from(row: ActionRow) -> Self {
        Self {
            actor: row.actor,
            action: row.action,
            times: row.times as u64,
            people: row.people as u64,
        }
    }
}
