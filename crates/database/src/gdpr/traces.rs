//! Deleted rows leave bytes in files: these are the bytes taken out.

use std::time::Duration;

use sqlx::SqlitePool;

use super::{Domain, Gdpr, SubscriberNumber};
use crate::Result;
use crate::engine::Database;
use crate::per_engine::PerEngine;

/// A reader of an older moment holds the write-ahead log back: it is waited for this often, this
/// long.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

impl Database {
    /// Rewrites the files without the deleted rows, and empties SQLite's write-ahead log. Gives
    /// whether all of it was done: a reader that stays keeps the old log, and the caller says so.
    ///
    /// SQLite already writes zeros over deleted rows (`secure_delete`); `VACUUM` also leaves behind
    /// the copies that moving rows between pages makes. PostgreSQL rewrites the tables of people;
    /// its own log is recycled by its server.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn leave_no_trace(&self) -> Result<bool> {
        match &self.pool {
            PerEngine::Sqlite(pool) => {
                // Outside a transaction: neither engine lets it run in one.
                sqlx::query("VACUUM").execute(pool).await?;
                empty_log(pool).await
            }
            PerEngine::Postgres(pool) => {
                sqlx::query("VACUUM (FULL) subscribers, consents, restrictions")
                    .execute(pool)
                    .await?;
                Ok(true)
            }
        }
    }
}

impl Gdpr {
    /// The texts under which a person is found in the files of this system: their pseudonyms,
    /// present and past.
    pub fn traces_of(&self, person: &SubscriberNumber) -> Vec<String> {
        self.keys.pseudonyms_so_far(Domain::Subscriber, person)
    }
}

async fn empty_log(pool: &SqlitePool) -> Result<bool> {
    for _ in 0..TRIES {
        let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(pool)
            .await?;
        if busy == 0 {
            return Ok(true);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(false)
}
