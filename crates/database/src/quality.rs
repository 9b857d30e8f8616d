//! What the last cleaning did: rows of each source, and what each rule found in them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::database::Database;
use crate::engine::{Access, Transaction, on_engine};
use crate::{Resource, Result};

/// What became of the rows of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CleanedSource {
    /// The source.
    pub source: String,
    /// Rows read: kept + rejected.
    pub rows_read: u64,
    /// Rows kept.
    pub rows_kept: u64,
    /// Rows set aside.
    pub rows_rejected: u64,
    /// What each rule found.
    pub rules: Vec<RuleCount>,
}

/// What a rule found in a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule, such as `duplicate_trip`.
    pub rule: String,
    /// What it does: `rejected`, `repaired` or `reported`.
    pub action: String,
    /// How many rows.
    pub rows: u64,
}

impl Database {
    /// The sources of the last cleaning, in order of their names.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn cleaned_sources(&self) -> Result<Vec<CleanedSource>> {
        const SOURCES: &str = "SELECT source, rows_read, rows_kept, rows_rejected FROM cleaned_sources ORDER BY source";
        const RULES: &str = "SELECT source, rule, action, row_count FROM cleaning_rules ORDER BY source, rule, action";

        let mut transaction = self.begin(Access::Snapshot).await?;
        let sources: Vec<(String, i64, i64, i64)> =
            on_engine!(&mut transaction, |transaction| sqlx::query_as(SOURCES)
                .fetch_all(&mut **transaction)
                .await)?;
        let rules: Vec<(String, String, String, i64)> =
            on_engine!(&mut transaction, |transaction| sqlx::query_as(RULES)
                .fetch_all(&mut **transaction)
                .await)?;

        let rules_of = |source: &str| {
            let own = rules.iter().filter(|(owner, ..)| owner == source);
            own.map(|(_, rule, action, rows)| RuleCount {
                rule: rule.clone(),
                action: action.clone(),
                rows: *rows as u64,
            })
            .collect()
        };

        Ok(sources
            .into_iter()
            .map(|(source, read, kept, rejected)| CleanedSource {
                rules: rules_of(&source),
                source,
                rows_read: read as u64,
                rows_kept: kept as u64,
                rows_rejected: rejected as u64,
            })
            .collect())
    }

    /// Replaces what is known of the last cleaning.
    ///
    /// # Errors
    /// When kept + rejected is not read, or the database does not answer: nothing is then changed.
    pub async fn replace_cleaned_sources(
        &self,
        sources: &[CleanedSource],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut transaction = self.begin(Access::Write).await?;
        transaction.run("DELETE FROM cleaned_sources").await?;
        for source in sources {
            transaction.add_cleaned_source(source).await?;
        }
        transaction.raise_revision(Resource::Quality, now).await?;
        transaction.commit().await
    }
}

impl Transaction {
    async fn add_cleaned_source(&mut self, source: &CleanedSource) -> Result<()> {
        const SOURCE: &str = "
            INSERT INTO cleaned_sources (source, rows_read, rows_kept, rows_rejected)
            VALUES ($1, $2, $3, $4)";
        const RULE: &str =
            "INSERT INTO cleaning_rules (source, rule, action, row_count) VALUES ($1, $2, $3, $4)";

        on_engine!(self, |transaction| {
            sqlx::query(SOURCE)
                .bind(&source.source)
                .bind(source.rows_read as i64)
                .bind(source.rows_kept as i64)
                .bind(source.rows_rejected as i64)
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;

        for rule in &source.rules {
            on_engine!(self, |transaction| {
                sqlx::query(RULE)
                    .bind(&source.source)
                    .bind(&rule.rule)
                    .bind(&rule.action)
                    .bind(rule.rows as i64)
                    .execute(&mut **transaction)
                    .await
                    .map(drop)
            })?;
        }

        Ok(())
    }
}
