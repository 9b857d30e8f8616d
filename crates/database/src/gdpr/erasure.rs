use std::collections::HashSet;
use std::fmt;

use serde::Serialize;

use super::{Domain, Gdpr, PseudonymKeys, SubscriberNumber};
use crate::Result;
use crate::engine::{Access, Transaction};
use crate::per_engine::{execute, fetch};

/// Rows that an erasure removed from the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Rows of `subscribers`.
    pub subscribers: u64,
    /// Rows of `consents`.
    pub consents: u64,
    /// Rows of `restrictions`.
    pub restrictions: u64,
}

/// The people who asked to be forgotten, under keyed hashes.
pub struct Forgotten {
    keys: PseudonymKeys,
    hashes: HashSet<String>,
}

impl Forgotten {
    /// True for the number of one of them.
    pub fn contains(&self, number: &SubscriberNumber) -> bool {
        !self.hashes.is_empty()
            && self
                .hashes
                .contains(&self.keys.pseudonym(Domain::Erasure, number))
    }
}

impl fmt::Debug for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Forgotten({})", self.hashes.len())
    }
}

impl Gdpr {
    /// The people who asked to be forgotten, for whoever receives data to leave them out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forgotten(&self) -> Result<Forgotten> {
        const SELECT: &str = "SELECT erased_key FROM erasures";
        let hashes: Vec<String> = fetch!(query_scalar, fetch_all, &self.database.pool, SELECT)?;

        Ok(Forgotten {
            keys: self.keys.clone(),
            hashes: hashes.into_iter().collect(),
        })
    }

    /// Forgets a person (article 17): their rows go, and the next imports leave them out. Doing it
    /// twice, or for a number that has no row, changes nothing more.
    /// [`Database::leave_no_trace`](crate::Database::leave_no_trace) then takes the bytes out of
    /// the files.
    ///
    /// # Errors
    /// When the database does not answer: nothing is then changed.
    pub async fn erase(&self, person: &SubscriberNumber) -> Result<Erased> {
        let mut transaction = self.database.begin(Access::Write).await?;
        let key = self.keys.pseudonym(Domain::Subscriber, person);

        let erased = transaction.delete_person(&key).await?;
        // The next collection still has this person: without this row it would bring them back.
        transaction.remember_erasure(self, person).await?;
        transaction
            .audit(self, "erase", Some("rights"), Some(person), 1)
            .await?;
        self.commit(transaction).await?;

        Ok(erased)
    }
}

impl Transaction {
    async fn delete_person(&mut self, key: &str) -> Result<Erased> {
        const CONSENTS: &str = "DELETE FROM consents WHERE subscriber_key = $1";
        const RESTRICTIONS: &str = "DELETE FROM restrictions WHERE subscriber_key = $1";
        const SUBSCRIBERS: &str = "DELETE FROM subscribers WHERE subscriber_key = $1";

        // The subscriber goes last: the cascade would take the other rows with it, uncounted.
        Ok(Erased {
            consents: execute!(self, CONSENTS, key)?,
            restrictions: execute!(self, RESTRICTIONS, key)?,
            subscribers: execute!(self, SUBSCRIBERS, key)?,
        })
    }

    async fn remember_erasure(&mut self, gdpr: &Gdpr, person: &SubscriberNumber) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO erasures (erased_key, erased_at)
            VALUES ($1, $2)
            ON CONFLICT (erased_key) DO UPDATE SET erased_at = excluded.erased_at";

        let erased_key = gdpr.keys.pseudonym(Domain::Erasure, person);

        execute!(self, INSERT, &erased_key, gdpr.now.timestamp())?;

        Ok(())
    }
}
