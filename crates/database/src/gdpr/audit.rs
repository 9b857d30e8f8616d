//! The log of who read or changed personal data: rows are added, never changed, and removed by the
//! purge alone.
//!
//! Each row carries a hash of its content and of the row before it, made with a key when the
//! database is sealed, so that a change made around the triggers shows. The ends of the log are
//! signed apart after each addition, so that a cut shows too.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Domain, Gdpr, SubscriberNumber};
use crate::Result;
use crate::audit_seal::{AuditSeal, Ends, Kept};
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
    /// The action, such as `purge` or `read-audit-log`.
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
    /// Its ends beside the signed ones.
    pub ends: AuditEnds,
}

/// The ends of the log beside those that were signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditEnds {
    /// Nobody gave a key: a cut does not show.
    Unsealed,
    /// They are those that were signed.
    Whole,
    /// Rows follow that were not signed: a cut of those would not show.
    Behind,
    /// The signature is gone.
    Missing,
    /// The signature is not by our key.
    Forged,
    /// Rows that were there when it was signed are gone.
    Cut,
}

impl AuditVerdict {
    /// True when no change and no cut shows.
    pub fn is_whole(&self) -> bool {
        let is_cut = matches!(
            self.ends,
            AuditEnds::Cut | AuditEnds::Missing | AuditEnds::Forged
        );
        self.broken_at.is_none() && !is_cut
    }
}

/// Rows read at a time.
const PAGE: u32 = 1_000;

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
        let rows = self.audit_rows(after.unwrap_or(i64::MIN), limit).await?;

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

        transaction
            .append(&content, self.audit_seal.as_deref())
            .await?;
        transaction.commit().await?;

        self.sign_audit_log(None).await;
        Ok(())
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

    /// Follows the log from its oldest row to its newest, some rows at a time, then compares its
    /// ends with those that were signed.
    ///
    /// # Errors
    /// When the database does not answer, or what was signed cannot be read.
    pub async fn verify_audit_log(&self) -> Result<AuditVerdict> {
        let seal = self.audit_seal.as_deref();
        let kept = seal.map(AuditSeal::read).transpose()?;
        let mut chain = Chain::new(seal, kept.as_ref());
        let mut after = i64::MIN;

        loop {
            let rows = self.audit_rows(after, PAGE).await?;
            for row in &rows {
                chain.follow(row);
                after = row.audit_id;
            }
            if rows.len() < PAGE as usize {
                break;
            }
        }

        let mut verdict = chain.verdict(kept.as_ref());
        // Rows that came meanwhile were signed meanwhile: what is signed now tells.
        if verdict.ends == AuditEnds::Whole {
            verdict.ends = self.audit_signature().await?;
        }
        Ok(verdict)
    }

    /// Compares the last row of the log with the one that was signed last, without following the
    /// rows in between: quick enough for a probe.
    ///
    /// # Errors
    /// When the database does not answer, or what was signed cannot be read.
    pub async fn audit_signature(&self) -> Result<AuditEnds> {
        const LAST: &str = "SELECT MAX(audit_id) FROM audit_log";

        let Some(seal) = self.audit_seal.as_deref() else {
            return Ok(AuditEnds::Unsealed);
        };
        let last_id: Option<i64> = fetch!(query_scalar, fetch_one, &self.pool, LAST)?;

        // After the row: one that comes meanwhile is signed later than it is read.
        match seal.read()? {
            Kept::Nothing => Ok(AuditEnds::Missing),
            Kept::Forged => Ok(AuditEnds::Forged),
            Kept::Signed(ends) => self.compare(&ends, last_id.unwrap_or_default()).await,
        }
    }

    /// The signed ends beside a log whose last row was `last_id` before they were read. Another
    /// process may have added a row since, and signed it.
    async fn compare(&self, signed: &Ends, last_id: i64) -> Result<AuditEnds> {
        // A row is signed once it is in the log: its absence from now on is a cut.
        let hash = self.audit_hash(signed.last_id).await?;
        let is_cut = signed.last_id != 0 && hash.as_ref() != Some(&signed.last_hash);

        Ok(match last_id.cmp(&signed.last_id) {
            _ if is_cut => AuditEnds::Cut,
            Ordering::Greater => AuditEnds::Behind,
            Ordering::Less | Ordering::Equal => AuditEnds::Whole,
        })
    }

    /// The hash of a row; `None` when it is gone.
    async fn audit_hash(&self, audit_id: i64) -> Result<Option<String>> {
        const SELECT: &str = "SELECT hash FROM audit_log WHERE audit_id = $1";

        Ok(fetch!(
            query_scalar,
            fetch_optional,
            &self.pool,
            SELECT,
            audit_id
        )?)
    }

    /// Signs the rows that a failure left unsigned, if there are any.
    pub async fn catch_up_audit_signature(&self) {
        match self.audit_signature().await {
            Ok(AuditEnds::Behind) => self.sign_audit_log(None).await,
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the signature of the audit log cannot be read"),
        }
    }

    async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>> {
        const SELECT: &str = select_entries!(
            "
            WHERE audit_id > $1
            ORDER BY audit_id
            LIMIT $2"
        );

        Ok(fetch!(
            query_as,
            fetch_all,
            &self.pool,
            SELECT,
            after,
            i64::from(limit)
        )?)
    }

    /// Gives the database the seal of its log. A log that no key was used on begins to be sealed
    /// now.
    ///
    /// # Errors
    /// When the database does not answer, or the ends cannot be signed.
    pub async fn sealed(mut self, seal: AuditSeal) -> Result<Self> {
        if seal.read()? == Kept::Nothing {
            let ends = self.audit_ends(i64::MIN).await?;
            // A log that has rows of a key was signed: its signature is missing, and stays so.
            if !AuditSeal::is_keyed(&ends.last_hash) {
                seal.write(&Ends {
                    keyed_from: ends.last_id + 1,
                    ..ends
                })?;
            }
        }

        self.audit_seal = Some(Arc::new(seal));
        self.catch_up_audit_signature().await;
        Ok(self)
    }

    /// Signs the ends of the log, after a purge of the rows before `purged_before` if there was
    /// one. What was done is done: a failure is logged, [`audit_signature`](Self::audit_signature)
    /// goes on telling it, and the next signature makes up for it.
    pub(super) async fn sign_audit_log(&self, purged_before: Option<i64>) {
        if let Some(seal) = &self.audit_seal
            && let Err(error) = self.sign_ends(seal, purged_before).await
        {
            tracing::error!(%error, "the ends of the audit log could not be signed");
        }
    }

    /// Ends that do not follow from those that were signed before are not signed: what was changed
    /// then goes on showing.
    async fn sign_ends(&self, seal: &AuditSeal, purged_before: Option<i64>) -> Result<()> {
        let _turn = seal.turn.lock().await;
        let Kept::Signed(kept) = seal.read()? else {
            tracing::error!("the signed ends of the audit log are missing or forged");
            return Ok(());
        };

        let ends = self.audit_ends(kept.keyed_from).await?;
        // Another process signed a later row meanwhile.
        if ends.last_id < kept.last_id && purged_before.is_none() {
            return Ok(());
        }
        if self.follows(&kept, &ends, purged_before).await? {
            seal.write(&ends)?;
        } else {
            tracing::error!("the audit log was cut: its ends are not signed again");
        }
        Ok(())
    }

    async fn follows(&self, kept: &Ends, ends: &Ends, purged_before: Option<i64>) -> Result<bool> {
        let hash = self.audit_hash(kept.last_id).await?;
        let is_purged = |at: i64| purged_before.is_some_and(|before| at < before);
        let has_last = kept.last_id == 0
            || hash.as_ref() == Some(&kept.last_hash)
            || (hash.is_none() && is_purged(kept.last_at));
        let has_first =
            kept.first_id.is_none() || kept.first_id == ends.first_id || purged_before.is_some();
        Ok(has_last && has_first)
    }

    /// The ends of the log as it is.
    async fn audit_ends(&self, keyed_from: i64) -> Result<Ends> {
        const FIRST: &str = "SELECT MIN(audit_id) FROM audit_log";
        const LAST: &str = select_entries!(
            "
            ORDER BY audit_id DESC
            LIMIT 1"
        );

        let first_id: Option<i64> = fetch!(query_scalar, fetch_one, &self.pool, FIRST)?;
        let last: Option<AuditRow> = fetch!(query_as, fetch_optional, &self.pool, LAST)?;
        let (last_id, last_at, last_hash) =
            last.map_or_else(Default::default, |row| (row.audit_id, row.at, row.hash));

        Ok(Ends {
            first_id,
            last_id,
            last_at,
            last_hash,
            keyed_from,
        })
    }
}

/// The log, followed from row to row.
struct Chain<'a> {
    seal: Option<&'a AuditSeal>,
    kept: Option<&'a Ends>,
    rows: u64,
    first_id: Option<i64>,
    before: Option<String>,
    broken_at: Option<i64>,
    has_last: bool,
}

impl<'a> Chain<'a> {
    fn new(seal: Option<&'a AuditSeal>, kept: Option<&'a Kept>) -> Self {
        let kept = match kept {
            Some(Kept::Signed(ends)) => Some(ends),
            _ => None,
        };

        Self {
            seal,
            kept,
            rows: 0,
            first_id: None,
            before: None,
            broken_at: None,
            has_last: false,
        }
    }

    fn follow(&mut self, row: &AuditRow) {
        // The purge removes the oldest rows: the first one left refers to a row that is gone.
        let before = self.before.take();
        let before = before.as_deref().unwrap_or(&row.previous_hash);
        if self.broken_at.is_none() && !self.is_next(row, before) {
            self.broken_at = Some(row.audit_id);
        }

        let is_last = |kept: &Ends| kept.last_id == row.audit_id && kept.last_hash == row.hash;
        self.has_last |= self.kept.is_some_and(is_last);
        self.rows += 1;
        self.first_id.get_or_insert(row.audit_id);
        self.before = Some(row.hash.clone());
    }

    fn is_next(&self, row: &AuditRow, before: &str) -> bool {
        let is_late = |kept: &Ends| row.audit_id >= kept.keyed_from;
        let has_right_key = AuditSeal::is_keyed(&row.hash) || !self.kept.is_some_and(is_late);

        has_right_key && row.follows(before, self.seal)
    }

    fn verdict(self, kept: Option<&Kept>) -> AuditVerdict {
        let has_first = |ends: &Ends| ends.first_id.is_none() || ends.first_id == self.first_id;
        let ends = match kept {
            None => AuditEnds::Unsealed,
            Some(Kept::Nothing) => AuditEnds::Missing,
            Some(Kept::Forged) => AuditEnds::Forged,
            Some(Kept::Signed(ends)) => {
                let has_last = ends.last_id == 0 || self.has_last;
                match has_last && has_first(ends) {
                    true => AuditEnds::Whole,
                    false => AuditEnds::Cut,
                }
            }
        };

        AuditVerdict {
            rows: self.rows,
            broken_at: self.broken_at,
            ends,
        }
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

        self.append(&content, gdpr.database.audit_seal.as_deref())
            .await
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

    async fn append(&mut self, content: &Content<'_>, seal: Option<&AuditSeal>) -> Result<()> {
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
            content.hash(&previous, seal)
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
    fn hash(&self, previous: &str, seal: Option<&AuditSeal>) -> String {
        // JSON delimits the fields, so that no two contents read the same.
        let content = serde_json::to_vec(self).unwrap_or_default();
        if let Some(seal) = seal {
            return seal.hash(previous, &content);
        }

        let mut hasher = Sha256::new();
        hasher.update(previous);
        hasher.update(content);
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
    fn follows(&self, before: &str, seal: Option<&AuditSeal>) -> bool {
        // Rows of before the seal were made without a key.
        let seal = seal.filter(|_| AuditSeal::is_keyed(&self.hash));
        self.previous_hash == before && self.content().hash(before, seal) == self.hash
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
