//! The register's retention rules, applied.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::Gdpr;
use super::register::{self, Holding, Processing};
use crate::Result;
use crate::engine::{Access, Database, Transaction};
use crate::per_engine::{execute, fetch};

/// Rows removed by one transaction: other writers never wait long.
const BATCH: i64 = 500;

/// Rows whose time is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The processing that they were held for.
    pub processing: String,
    /// The table that holds them.
    pub table: String,
    /// The column from which the retention runs.
    pub instant: String,
    /// The retention, days.
    pub days: u32,
    /// Rows older than this are over.
    pub before: DateTime<Utc>,
    /// Their number.
    pub rows: u64,
}

/// Rows that a purge removed by one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Purged {
    /// The rule and its rows that were due.
    pub due: Due,
    /// Rows removed.
    pub removed: u64,
}

struct RetentionRule<'a> {
    processing: &'a Processing,
    holding: &'a Holding,
    instant: &'a str,
    days: u32,
}

impl RetentionRule<'_> {
    fn before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - TimeDelta::days(i64::from(self.days))
    }

    /// The names come from the register that the program was built with, and a test finds them in
    /// the schema.
    fn condition(&self) -> String {
        let Holding {
            table,
            key,
            unless_restricted,
            ..
        } = self.holding;

        let exception = match unless_restricted {
            true => format!(
                " AND NOT EXISTS (SELECT 1 FROM restrictions WHERE restrictions.{key} = {table}.{key})"
            ),
            false => String::new(),
        };

        format!("FROM {table} WHERE {} < $1{exception}", self.instant)
    }

    fn due(&self, now: DateTime<Utc>, rows: u64) -> Due {
        Due {
            processing: self.processing.id.clone(),
            table: self.holding.table.clone(),
            instant: self.instant.to_owned(),
            days: self.days,
            before: self.before(now),
            rows,
        }
    }
}

fn rules() -> impl Iterator<Item = RetentionRule<'static>> {
    register::embedded()
        .processings
        .iter()
        .flat_map(|processing| {
            processing.holdings.iter().filter_map(move |holding| {
                let (instant, days) = (holding.instant.as_deref()?, holding.days?);
                Some(RetentionRule {
                    processing,
                    holding,
                    instant,
                    days,
                })
            })
        })
}

impl Database {
    /// Rows that the next purge would remove at `now`, rule by rule.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn due(&self, now: DateTime<Utc>) -> Result<Vec<Due>> {
        let mut due = Vec::new();
        for rule in rules() {
            let count = AssertSqlSafe(format!("SELECT COUNT(*) {}", rule.condition()));
            let before = rule.before(now).timestamp();
            let rows: i64 = fetch!(query_scalar, fetch_one, &self.pool, count, before)?;
            due.push(rule.due(now, rows as u64));
        }
        Ok(due)
    }
}

impl Gdpr {
    /// Removes the rows whose time is over, in batches; one that is killed is taken up again by the
    /// next.
    ///
    /// # Errors
    /// When the database does not answer: the batches already removed stay removed.
    pub async fn purge(&self) -> Result<Vec<Purged>> {
        let mut purged = Vec::new();

        for (rule, due) in rules().zip(self.database.due(self.now).await?) {
            let removed = match due.rows {
                0 => 0,
                _ => self.purge_table(&rule).await?,
            };
            purged.push(Purged { due, removed });
        }

        let people: u64 = purged
            .iter()
            .filter(|one| one.due.table == "subscribers")
            .map(|one| one.removed)
            .sum();
        let mut transaction = self.database.begin(Access::Write).await?;

        // A consent that was just removed for its age no longer covers an age band.
        transaction.clear_ages_without_consent().await?;
        transaction.audit(self, "purge", None, None, people).await?;
        self.commit(transaction).await?;
        Ok(purged)
    }

    async fn purge_table(&self, rule: &RetentionRule<'_>) -> Result<u64> {
        let before = rule.before(self.now).timestamp();
        let mut removed = 0;

        loop {
            let mut transaction = self.database.begin(Access::Write).await?;

            // The triggers let go of rows before the horizon only.
            if rule.holding.table == "audit_log" {
                transaction.move_audit_horizon(before).await?;
            }

            let batch = transaction.remove_batch(rule, before).await?;

            transaction.commit().await?;
            removed += batch;
            if rule.holding.table == "audit_log" {
                self.database.sign_audit_log(Some(before)).await;
            }

            // A batch that is not full was the last one.
            if batch < BATCH as u64 {
                return Ok(removed);
            }
        }
    }
}

impl Transaction {
    async fn remove_batch(&mut self, rule: &RetentionRule<'_>, before: i64) -> Result<u64> {
        let Holding { table, key, .. } = rule.holding;
        let delete = AssertSqlSafe(format!(
            "DELETE FROM {table} WHERE {key} IN (SELECT {key} {} ORDER BY {}, {key} LIMIT {BATCH})",
            rule.condition(),
            rule.instant
        ));

        Ok(execute!(self, delete, before)?)
    }

    /// The horizon only moves forward.
    async fn move_audit_horizon(&mut self, kept_since: i64) -> Result<()> {
        const UPDATE: &str = "UPDATE audit_horizon SET kept_since = $1 WHERE kept_since < $1";
        execute!(self, UPDATE, kept_since)?;
        Ok(())
    }
}
