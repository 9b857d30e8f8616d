//! Personal data: who they are of, why they are held, until when, and who touched them.

mod audit;
mod breach;
mod consents;
mod erasure;
mod person;
mod pseudonym;
mod purge;
mod receipt;
pub mod register;
mod restrictions;
mod rotation;
mod traces;

use chrono::{DateTime, Utc};

pub use audit::{AuditEnds, AuditEntry, AuditPosition, AuditVerdict};
pub use breach::{ActionCount, BreachFacts};
pub use consents::{Consent, Decision};
pub use erasure::{Erased, ErasureList, Forgotten};
pub use person::{PersonFile, Rectification};
pub(crate) use pseudonym::Domain;
pub use pseudonym::{PseudonymKeyError, PseudonymKeys, SubscriberNumber};
pub use purge::{Due, Purged};
pub use receipt::StoredReceipt;
pub use restrictions::Restriction;

pub use crate::audit_seal::{AuditSeal, EndsStore};
use crate::engine::Transaction;
use crate::{Database, DatabaseError, Result};

/// Personal data under a name and at an instant: everything done through it enters the audit log.
#[derive(Debug)]
pub struct Gdpr {
    pub(crate) database: Database,
    pub(crate) keys: PseudonymKeys,
    pub(crate) actor: String,
    pub(crate) now: DateTime<Utc>,
}

impl Gdpr {
    /// Opens the personal data of `database` for `actor`: a role or a program, never a person's
    /// name.
    ///
    /// # Errors
    /// When `keys` are not those that the database's pseudonyms were made with, or it does not
    /// answer.
    pub async fn open(
        database: &Database,
        keys: &PseudonymKeys,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let keys = database.keys_in_force(keys, now).await?;
        Ok(Self {
            database: database.clone(),
            keys,
            actor: actor.to_owned(),
            now,
        })
    }

    /// Commits the audited changes, then signs the ends of the log.
    pub(crate) async fn commit(&self, transaction: Transaction) -> Result<()> {
        transaction.commit().await?;
        self.database.sign_audit_log(None).await;
        Ok(())
    }

    /// The number of keys that the pseudonyms of the database are made with.
    pub fn generation(&self) -> usize {
        self.keys.generation()
    }

    /// The processing of this identifier.
    pub(crate) fn processing(id: &str) -> Result<&'static register::Processing> {
        let found = register::embedded()
            .processings
            .iter()
            .find(|processing| processing.id == id);
        found.ok_or_else(|| DatabaseError::UnknownProcessing(id.to_owned()))
    }
}
