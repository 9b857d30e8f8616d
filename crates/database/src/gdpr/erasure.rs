use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Domain, Gdpr, PseudonymKeys, SubscriberNumber};
use crate::engine::{Access, Transaction};
use crate::per_engine::{execute, fetch};
use crate::{DatabaseError, Result};

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

/// The people who asked to be forgotten, as a file that is kept apart from the state: a backup of
/// before their erasure does not bring them back. Without the keys, it tells of nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureList {
    /// Keys that the hashes were made with.
    pub generation: usize,
    /// The last of these keys, by its fingerprint.
    pub fingerprint: String,
    /// Keyed hash of a number, and the instant of its erasure, seconds since 1970.
    pub erased: Vec<(String, i64)>,
}

impl Gdpr {
    /// The list of erasures, to keep apart.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn erasure_list(&self) -> Result<ErasureList> {
        const SELECT: &str = "SELECT erased_key, erased_at FROM erasures ORDER BY erased_key";
        let erased = fetch!(query_as, fetch_all, &self.database.pool, SELECT)?;

        Ok(ErasureList {
            generation: self.keys.generation(),
            fingerprint: self.keys.fingerprint(),
            erased,
        })
    }

    /// Adds the erasures of a list; gives how many were not known. The rows of these people stay:
    /// [`Gdpr::erase`] takes them, by their numbers.
    ///
    /// # Errors
    /// When the list was made with other keys or with more of them, or the database does not answer:
    /// nothing is then changed.
    pub async fn remember_erasures(&self, list: &ErasureList) -> Result<u64> {
        let keys = self.keys.first(list.generation.max(1));
        if keys.is_none_or(|keys| keys.fingerprint() != list.fingerprint) {
            return Err(DatabaseError::WrongPseudonymKeys);
        }

        let mut transaction = self.database.begin(Access::Write).await?;
        let mut added = 0;
        for (erased_key, erased_at) in &list.erased {
            let key = self.keys.rehash_since(list.generation, erased_key);
            let key = key.ok_or_else(|| DatabaseError::corrupt("pseudonym", "not an HMAC"))?;
            added += transaction.add_erasure(&key, *erased_at).await?;
        }
        transaction
            .audit(self, "restore-erasures", Some("rights"), None, added)
            .await?;
        self.commit(transaction).await?;
        Ok(added)
    }

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
    async fn add_erasure(&mut self, erased_key: &str, erased_at: i64) -> Result<u64> {
        const INSERT: &str = "
            INSERT INTO erasures (erased_key, erased_at)
            VALUES ($1, $2)
            ON CONFLICT (erased_key) DO NOTHING";

        Ok(execute!(self, INSERT, erased_key, erased_at)?)
    }

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
