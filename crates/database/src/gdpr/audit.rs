//! The log of who read or changed personal data: rows are added, never changed, and removed by the
//! purge alone.
//!
//! Each row carries a hash of its content and of the row before it, so that a change made around
//! the triggers shows.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Domain, Gdpr, SubscriberNumber};
use crate::Result;
use crate::database::Database;
use crate::engine::{Access, Transaction, on_engine};
use crate::stored::instant;

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Its number: numbers grow.
    pub audit_id: i64,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// The role or program that acted.
    pub actor: String,
    /// What it did.
    pub action: String,
    /// The processing of the register that it belongs to.
    pub processing: Option<String>,
    /// The person concerned, under a pseudonym that the log alone uses.
    pub subject: Option<String>,
    /// How many people were concerned.
    pub people: u64,
}

/// Where a page of the log ended.
pub type AuditPosition = i64;

/// Whether the log is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditVerdict {
    /// Rows read.
    pub rows: u64,
    /// The first row that does not follow from the one before it.
    pub broken_at: Option<i64>,
}

type Row = (
    i64,
    i64,
    String,
    String,
    Option<String>,
    Option<String>,
    i64,
);

impl Gdpr {
    /// How the audit log calls this person.
    pub fn audit_subject(&self, person: &SubscriberNumber) -> String {
        self.keys.pseudonym(Domain::Audit, person)
    }

    /// All that the audit log has called this person: the name changes with the keys, and rows are
    /// never changed.
    pub fn audit_subjects(&self, person: &SubscriberNumber) -> Vec<String> {
        self.keys.pseudonyms_so_far(Domain::Audit, person)
    }
}

impl Database {
    /// Rows of the log after `after`, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_log(
        &self,
        after: Option<AuditPosition>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>> {
        const SELECT: &str = "
            SELECT audit_id, at, actor, action, processing, subject, people
            FROM audit_log
            WHERE audit_id > $1
            ORDER BY audit_id
            LIMIT $2";

        let rows: Vec<Row> = on_engine!(&self.pool, |pool| {
            sqlx::query_as(SELECT)
                .bind(after.unwrap_or(i64::MIN))
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await
        })?;

        rows.into_iter().map(read).collect()
    }

    /// Adds to the log that `actor` read personal data of nobody in particular.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record_access(&self, actor: &str, action: &str, now: DateTime<Utc>) -> Result<()> {
        let processing = Some("access-log");
        let mut transaction = self.begin(Access::Write).await?;
        let content = Content {
            at: now.timestamp(),
            actor,
            action,
            processing,
            subject: None,
            people: 0,
        };
        transaction.append(&content).await?;
        transaction.commit().await
    }

    /// When the log last saw this action.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_action(&self, action: &str) -> Result<Option<DateTime<Utc>>> {
        const SELECT: &str = "SELECT MAX(at) FROM audit_log WHERE action = $1";
        let at: Option<i64> = on_engine!(&self.pool, |pool| sqlx::query_scalar(SELECT)
            .bind(action)
            .fetch_one(pool)
            .await)?;
        Ok(at.and_then(|at| DateTime::from_timestamp(at, 0)))
    }

    /// Follows the hashes of the log from its oldest row to its newest.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify_audit_log(&self) -> Result<AuditVerdict> {
        const SELECT: &str = "
            SELECT audit_id, at, actor, action, processing, subject, people, previous_hash, hash
            FROM audit_log
            ORDER BY audit_id";

        type Hashed = (
            i64,
            i64,
            String,
            String,
            Option<String>,
            Option<String>,
            i64,
            String,
            String,
        );

        let rows: Vec<Hashed> = on_engine!(&self.pool, |pool| sqlx::query_as(SELECT)
            .fetch_all(pool)
            .await)?;
        let mut verdict = AuditVerdict {
            rows: 0,
            broken_at: None,
        };

        let mut last: Option<String> = None;

        for (audit_id, at, actor, action, processing, subject, people, previous, hash) in rows {
            let content = Content {
                at,
                actor: &actor,
                action: &action,
                processing: processing.as_deref(),
                subject: subject.as_deref(),
                people,
            };

            let follows = last.as_ref().is_none_or(|last| *last == previous)
                && content.hash(&previous) == hash;

            verdict.rows += 1;
            if !follows && verdict.broken_at.is_none() {
                verdict.broken_at = Some(audit_id);
            }
            last = Some(hash);
        }

        Ok(verdict)
    }
}

impl Transaction {
    /// Adds a row in the name of `gdpr`.
    pub(crate) async fn audit(
        &mut self,
        gdpr: &Gdpr,
        action: &'static str,
        processing: Option<&str>,
        person: Option<&SubscriberNumber>,
        people: u64,
    ) -> Result<()> {
        let subject = person.map(|person| gdpr.audit_subject(person));
        let content = Content {
            at: gdpr.now.timestamp(),
            actor: &gdpr.actor,
            action,
            processing,
            subject: subject.as_deref(),
            people: people as i64,
        };
        self.append(&content).await
    }

    /// The rows about a person, under any of the names that the log has given them.
    pub(super) async fn audit_of(
        &mut self,
        gdpr: &Gdpr,
        person: &SubscriberNumber,
    ) -> Result<Vec<AuditEntry>> {
        const SELECT: &str = "
            SELECT audit_id, at, actor, action, processing, subject, people
            FROM audit_log
            WHERE subject = $1
            ORDER BY audit_id";

        let mut entries = Vec::new();

        for subject in gdpr.audit_subjects(person) {
            let rows: Vec<Row> = on_engine!(self, |transaction| {
                sqlx::query_as(SELECT)
                    .bind(&subject)
                    .fetch_all(&mut **transaction)
                    .await
            })?;
            entries.extend(rows.into_iter().map(read).collect::<Result<Vec<_>>>()?);
        }

        Ok(entries)
    }

    async fn append(&mut self, content: &Content<'_>) -> Result<()> {
        const LAST: &str = "SELECT hash FROM audit_log ORDER BY audit_id DESC LIMIT 1";
        const INSERT: &str = "
            INSERT INTO audit_log (at, actor, action, processing, subject, people, previous_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

        let previous: Option<String> = on_engine!(self, |transaction| sqlx::query_scalar(LAST)
            .fetch_optional(&mut **transaction)
            .await)?;
        let previous = previous.unwrap_or_default();

        on_engine!(self, |transaction| {
            sqlx::query(INSERT)
                .bind(content.at)
                .bind(content.actor)
                .bind(content.action)
                .bind(content.processing)
                .bind(content.subject)
                .bind(content.people)
                .bind(&previous)
                .bind(content.hash(&previous))
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;

        Ok(())
    }
}

/// What a row says, before its hash.
#[derive(Serialize)]
struct Content<'a> {
    at: i64,
    actor: &'a str,
    action: &'a str,
    processing: Option<&'a str>,
    subject: Option<&'a str>,
    people: i64,
}

impl Content<'_> {
    fn hash(&self, previous: &str) -> String {
        let mut hasher = Sha256::new();
        hasher.update(previous);
        // JSON delimits the fields, so that no two contents read the same.
        hasher.update(serde_json::to_vec(self).unwrap_or_default());
        hex::encode(hasher.finalize())
    }
}

fn read((audit_id, at, actor, action, processing, subject, people): Row) -> Result<AuditEntry> {
    let at = instant("at", at)?;
    Ok(AuditEntry {
        audit_id,
        at,
        actor,
        action,
        processing,
        subject,
        people: people.max(0) as u64,
    })
}
