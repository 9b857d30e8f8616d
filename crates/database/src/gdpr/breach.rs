//! The facts that article 33 asks for, as far as the database knows them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Gdpr;
use crate::Result;
use crate::engine::{Access, Database};
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
    /// The action, as the audit log names it.
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
        let database = &self.database;
        let facts = BreachFacts {
            since,
            log_begins_at: database.oldest_action().await?,
            log_is_whole: database.verify_audit_log().await?.is_whole(),
            people_held: database.count_subscribers().await?,
            rows_held: database.rows_about_people().await?,
            people_touched: database.people_touched(since).await?,
            actions: database.actions_since(since).await?,
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
        self.commit(transaction).await
    }
}

impl Database {
    async fn oldest_action(&self) -> Result<Option<DateTime<Utc>>> {
        const SELECT: &str = "SELECT MIN(at) FROM audit_log";
        let oldest: Option<i64> = fetch!(query_scalar, fetch_one, &self.pool, SELECT)?;
        Ok(oldest.and_then(|at| DateTime::from_timestamp(at, 0)))
    }

    async fn rows_about_people(&self) -> Result<u64> {
        const SELECT: &str = "
            SELECT (SELECT COUNT(*) FROM subscribers)
                + (SELECT COUNT(*) FROM consents)
                + (SELECT COUNT(*) FROM restrictions)";

        let rows: i64 = fetch!(query_scalar, fetch_one, &self.pool, SELECT)?;
        Ok(rows as u64)
    }

    async fn people_touched(&self, since: DateTime<Utc>) -> Result<u64> {
        const SELECT: &str = "SELECT COUNT(DISTINCT subject) FROM audit_log WHERE at >= $1";
        let since = since.timestamp();
        let people: i64 = fetch!(query_scalar, fetch_one, &self.pool, SELECT, since)?;
        Ok(people as u64)
    }

    async fn actions_since(&self, since: DateTime<Utc>) -> Result<Vec<ActionCount>> {
        // PostgreSQL's sum of BIGINT is a NUMERIC, hence the CAST.
        const SELECT: &str = "
            SELECT
                actor,
                action,
                COUNT(*) AS times,
                CAST(SUM(people) AS BIGINT) AS people
            FROM audit_log
            WHERE at >= $1
            GROUP BY actor, action
            ORDER BY actor, action";

        let since = since.timestamp();
        let rows: Vec<ActionRow> = fetch!(query_as, fetch_all, &self.pool, SELECT, since)?;
        Ok(rows.into_iter().map(ActionCount::from).collect())
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
