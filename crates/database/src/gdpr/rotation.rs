//! The keys of the database's pseudonyms, and the rotation that puts a new one on top of them.

use chrono::{DateTime, Utc};

use super::{Gdpr, PseudonymKeys};
use crate::engine::{Access, Database, Transaction};
use crate::per_engine::{execute, fetch};
use crate::{DatabaseError, Result};

impl Database {
    /// The keys that the pseudonyms of this database were made with. A database without any takes
    /// all of `keys`.
    pub(super) async fn keys_in_force(
        &self,
        keys: &PseudonymKeys,
        now: DateTime<Utc>,
    ) -> Result<PseudonymKeys> {
        let mut transaction = self.begin(Access::Write).await?;
        let newest = transaction.newest_key().await?;

        // A database without pseudonyms takes the keys that it is given.
        let Some((generation, fingerprint)) = newest else {
            transaction.apply_key(keys, now).await?;
            transaction.commit().await?;
            return Ok(keys.clone());
        };

        let in_force = keys.first(usize::try_from(generation).unwrap_or_default());
        in_force
            .filter(|keys| keys.fingerprint() == fingerprint)
            .ok_or(DatabaseError::WrongPseudonymKeys)
    }
}

impl Gdpr {
    /// Hashes every pseudonym once more, with the last of `keys`: the caller has put it in its file
    /// beforehand, so that a rotation that is killed is taken up again with the same key. Gives the
    /// number of people concerned.
    ///
    /// # Errors
    /// When `keys` are not those in force and one more, or the database does not answer: nothing is
    /// then changed.
    pub async fn rotate_keys(&mut self, keys: &PseudonymKeys) -> Result<u64> {
        let expected = keys
            .first(self.keys.generation())
            .is_some_and(|first| first == self.keys);
        if !expected || keys.generation() != self.keys.generation() + 1 {
            return Err(DatabaseError::WrongPseudonymKeys);
        }

        let mut transaction = self.database.begin(Access::Write).await?;
        let people = transaction.rehash_subscribers(keys).await?;

        transaction.rehash_erasures(keys).await?;
        transaction.apply_key(keys, self.now).await?;
        transaction
            .audit(self, "rotate-keys", None, None, people)
            .await?;
        self.commit(transaction).await?;
        // Only now: until the commit, the rows are under the former keys.
        self.keys = keys.clone();

        Ok(people)
    }
}

impl Transaction {
    async fn newest_key(&mut self) -> Result<Option<(i64, String)>> {
        const SELECT: &str = "
            SELECT
                generation,
                fingerprint
            FROM pseudonym_keys
            ORDER BY generation DESC
            LIMIT 1";

        Ok(fetch!(query_as, fetch_optional, self, SELECT)?)
    }

    async fn apply_key(&mut self, keys: &PseudonymKeys, now: DateTime<Utc>) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO pseudonym_keys (
                generation,
                fingerprint,
                applied_at
            )
            VALUES ($1, $2, $3)";

        execute!(
            self,
            INSERT,
            keys.generation() as i64,
            keys.fingerprint(),
            now.timestamp()
        )?;
        Ok(())
    }

    /// The rows that refer to a subscriber follow by `ON UPDATE CASCADE`.
    async fn rehash_subscribers(&mut self, keys: &PseudonymKeys) -> Result<u64> {
        const SELECT: &str = "SELECT subscriber_key FROM subscribers";
        const UPDATE: &str = "UPDATE subscribers SET subscriber_key = $2 WHERE subscriber_key = $1";
        self.rehash(SELECT, UPDATE, keys).await
    }

    async fn rehash_erasures(&mut self, keys: &PseudonymKeys) -> Result<u64> {
        const SELECT: &str = "SELECT erased_key FROM erasures";
        const UPDATE: &str = "UPDATE erasures SET erased_key = $2 WHERE erased_key = $1";
        self.rehash(SELECT, UPDATE, keys).await
    }

    async fn rehash(
        &mut self,
        select: &'static str,
        update: &'static str,
        keys: &PseudonymKeys,
    ) -> Result<u64> {
        let pseudonyms: Vec<String> = fetch!(query_scalar, fetch_all, self, select)?;

        for old in &pseudonyms {
            let new = keys
                .rehash(old)
                .ok_or_else(|| DatabaseError::corrupt("pseudonym", "not an HMAC"))?;

            execute!(self, update, old, &new)?;
        }

        Ok(pseudonyms.len() as u64)
    }
}
