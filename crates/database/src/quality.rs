//! The report of the last cleaning: rows of each source, and the findings of each rule.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::engine::{Access, Database, Transaction};
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::{Resource, Result};

/// The rows of a source, by their fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CleanedSource {
    /// Its name, such as `lake`.
    pub source: String,
    /// Rows read: kept + rejected.
    pub rows_read: u64,
    /// Rows kept, repaired ones included.
    pub rows_kept: u64,
    /// Rows set aside.
    pub rows_rejected: u64,
    /// The findings of each rule.
    pub rules: Vec<RuleCount>,
}

/// The findings of a rule in a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule, such as `duplicate_trip`.
    pub rule: String,
    /// Its action: `rejected`, `repaired` or `reported`.
    pub action: String,
    /// Rows found.
    pub rows: u64,
}

impl Database {
    /// The sources of the last cleaning, in order of their names.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn cleaned_sources(&self) -> Result<Vec<CleanedSource>> {
        const SOURCES: &str = "
            SELECT
                source,
                rows_read,
                rows_kept,
                rows_rejected
            FROM cleaned_sources
            ORDER BY source";
        const RULES: &str = "
            SELECT
                source,
                rule,
                action,
                row_count
            FROM cleaning_rules
            ORDER BY source, rule, action";

        // One snapshot: a cleaning imported in between would mix its rules with the sources of
        // another.
        let mut transaction = self.begin(Access::Snapshot).await?;
        let sources: Vec<SourceRow> = fetch!(query_as, fetch_all, &mut transaction, SOURCES)?;
        let rules: Vec<RuleRow> = fetch!(query_as, fetch_all, &mut transaction, RULES)?;

        Ok(sources
            .into_iter()
            .map(|source| source.with(&rules))
            .collect())
    }

    /// Replaces the report of the last cleaning.
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
            INSERT INTO cleaned_sources (
                source,
                rows_read,
                rows_kept,
                rows_rejected
            )
            VALUES ($1, $2, $3, $4)";
        const RULE: &str = "
            INSERT INTO cleaning_rules (
                source,
                rule,
                action,
                row_count
            )
            VALUES ($1, $2, $3, $4)";

        execute!(
            self,
            SOURCE,
            &source.source,
            source.rows_read as i64,
            source.rows_kept as i64,
            source.rows_rejected as i64
        )?;

        for rule in &source.rules {
            execute!(
                self,
                RULE,
                &source.source,
                &rule.rule,
                &rule.action,
                rule.rows as i64
            )?;
        }

        Ok(())
    }
}

row! {
    struct SourceRow {
        source: String,
        rows_read: i64,
        rows_kept: i64,
        rows_rejected: i64,
    }
}

row! {
    struct RuleRow {
        source: String,
        rule: String,
        action: String,
        row_count: i64,
    }
}

impl SourceRow {
    /// The source, with its own among `rules`.
    fn with(self, rules: &[RuleRow]) -> CleanedSource {
        let own = rules.iter().filter(|rule| rule.source == self.source);

        CleanedSource {
            rules: own.map(RuleCount::from).collect(),
            source: self.source,
            rows_read: self.rows_read as u64,
            rows_kept: self.rows_kept as u64,
            rows_rejected: self.rows_rejected as u64,
        }
    }
}

impl From<&RuleRow> for RuleCount {
    fn from(row: &RuleRow) -> Self {
        Self {
            rule: row.rule.clone(),
            action: row.action.clone(),
            rows: row.row_count as u64,
        }
    }
}
