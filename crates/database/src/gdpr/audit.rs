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
use crate::engine::{Access, Database, Transaction};
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::stored::instant;

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Its number: numbers grow.
    pub audit_id: i64,
    /// Instant, UTC.
    pub at: DateTime<Utc>,
    /// The role or program that acted.
    pub actor: String,
    /// The action.
    pub action: String,
    /// The processing of the register that it belongs to.
    pub processing: Option<String>,
    /// The person concerned, under a pseudonym that the log alone uses.
    pub subject: Option<String>,
    /// People concerned.
    pub people: u64,
}

/// End of a page of the log.
pub type AuditPosition = i64;

/// The state of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditVerdict {
    /// Rows read.
    pub rows: u64,
    /// The first row that does not follow from the one before it.
    pub broken_at: Option<i64>,
}

impl Gdpr {
    /// The name of this person in the audit log.
    pub fn audit_subject(&self, person: &SubscriberNumber) -> String {
        self.keys.pseudonym(Domain::Audit, person)
    }

    /// The names of this person in the audit log so far: the name changes with the keys, and rows
    /// are never changed.
    pub fn audit_subjects(&self, person: &SubscriberNumber) -> Vec<String> {
        self.keys.pseudonyms_so_far(Domain::Audit, person)
    }
}

/// The columns of [`AuditRow`], for a `WHERE` and an `ORDER BY` to follow.
macro_rules! select_entries {
    ($rest:literal) => {
        concat!(
            "
            SELECT
                audit_id,
                at,
                actor,
                action,
                processing,
                subject,
                people,
                previous_hash,
                hash
            FROM audit_log ",
            $rest
        )
    };
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
        const SELECT: &str = select_entries!(
            "
            WHERE audit_id > $1
            ORDER BY audit_id
            LIMIT $2"
        );

        let rows: Vec<AuditRow> = fetch!(
            query_as,
            fetch_all,
            &self.pool,
            SELECT,
            after.unwrap_or(i64::MIN),
            i64::from(limit)
        )?;

        rows.into_iter().map(AuditRow::read).collect()
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

    /// The instant of the last action of this name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_action(&self, action: &str) -> Result<Option<DateTime<Utc>>> {
        // By number: a clock that was ahead for a while leaves an instant that is to come.
        const SELECT: &str = "
            SELECT at
            FROM audit_log
            WHERE action = $1
            ORDER BY audit_id DESC
            LIMIT 1";
        let at: Option<i64> = fetch!(query_scalar, fetch_optional, &self.pool, SELECT, action)?;
        Ok(at.and_then(|at| DateTime::from_timestamp(at, 0)))
    }

    /// Follows the hashes of the log from its oldest row to its newest.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify_audit_log(&self) -> Result<AuditVerdict> {
        const SELECT: &str = select_entries!("ORDER BY audit_id");

        let rows: Vec<AuditRow> = fetch!(query_as, fetch_all, &self.pool, SELECT)?;

        // The purge removes the oldest rows: the first one left refers to a row that is gone.
        let before = rows.first().map(|row| row.previous_hash.as_str());
        let hashes = before
            .into_iter()
            .chain(rows.iter().map(|row| row.hash.as_str()));
        let broken = rows
            .iter()
            .zip(hashes)
            .find(|(row, before)| !row.follows(before));

        Ok(AuditVerdict {
            rows: rows.len() as u64,
            broken_at: broken.map(|(row, _)| row.audit_id),
        })
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
        const SELECT: &str = select_entries!(
            "
            WHERE subject = $1
            ORDER BY audit_id"
        );

        let mut entries = Vec::new();

        // The oldest name first: rows of an earlier key are also the earlier ones.
        for subject in gdpr.audit_subjects(person) {
            let rows: Vec<AuditRow> = fetch!(query_as, fetch_all, self, SELECT, &subject)?;
            entries.extend(
                rows.into_iter()
                    .map(AuditRow::read)
                    .collect::<Result<Vec<_>>>()?,
            );
        }

        Ok(entries)
    }

    async fn append(&mut self, content: &Content<'_>) -> Result<()> {
        const LAST: &str = "SELECT hash FROM audit_log ORDER BY audit_id DESC LIMIT 1";
        const INSERT: &str = "
            INSERT INTO audit_log (
                at,
                actor,
                action,
                processing,
                subject,
                people,
                previous_hash,
                hash
            )
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

        // Writers come one after the other, so that no row slips between the last one and this one.
        let previous: Option<String> = fetch!(query_scalar, fetch_optional, self, LAST)?;
        let previous = previous.unwrap_or_default();

        execute!(
            self,
            INSERT,
            content.at,
            content.actor,
            content.action,
            content.processing,
            content.subject,
            content.people,
            &previous,
            content.hash(&previous)
        )?;

        Ok(())
    }
}

/// The content of a row, before its hash.
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

row! {
    struct AuditRow {
        audit_id: i64,
        at: i64,
        actor: String,
        action: String,
        processing: Option<String>,
        subject: Option<String>,
        people: i64,
        previous_hash: String,
        hash: String,
    }
}

impl AuditRow {
    fn content(&self) -> Content<'_> {
        Content {
            at: self.at,
            actor: &self.actor,
            action: &self.action,
            processing: self.processing.as_deref(),
            subject: self.subject.as_deref(),
            people: self.people,
        }
    }

    /// True when this row comes after the one of that hash and was not changed.
    fn follows(&self, before: &str) -> bool {
        self.previous_hash == before && self.content().hash(before) == self.hash
    }

    fn read(self) -> Result<AuditEntry> {
        Ok(AuditEntry {
            audit_id: self.audit_id,
            at: instant("at", self.at)?,
            actor: self.actor,
            action: self.action,
            processing: self.processing,
            subject: self.subject,
            people: self.people.max(0) as u64,
        })
    }
}
