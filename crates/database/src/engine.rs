//! SQLite and PostgreSQL behind one name. The same statements run on both.

mod time_limit;
mod transaction;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

pub(crate) use transaction::{Access, Transaction};

use crate::conditions_cache::ConditionsCache;
use crate::per_engine::{PerEngine, on_engine};
use crate::revision_cache::RevisionCache;
use crate::{DatabaseError, Result};

use time_limit::{Interruption, TIME_LIMIT};
use transaction::{begin_postgres, begin_sqlite};

/// Connections kept to PostgreSQL, and to SQLite for reading: each of SQLite's is a thread.
const CONNECTIONS: u32 = 4;
/// A writer waits this long for the one before it; a reader never waits for a writer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The engine of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of this machine.
    Sqlite,
    /// A server.
    Postgres,
}

/// An open database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Database {
    pub(crate) pool: PerEngine<SqlitePool, PgPool>,
    pub(crate) conditions_cache: Arc<ConditionsCache>,
    pub(crate) revision_cache: Arc<RevisionCache>,
    interruption: Interruption,
}

impl Database {
    /// Opens the database at `address`: `sqlite:<path>` (created when absent) or `postgres://…`,
    /// and brings its schema up to date.
    ///
    /// # Errors
    /// When it cannot be reached, is not a database, or has a schema that this program does not
    /// know.
    pub async fn open(address: &str) -> Result<Self> {
        // Both `sqlite:path` and `sqlite://path` are in use: the slashes say nothing.
        if let Some(path) = address.strip_prefix("sqlite:") {
            return Self::open_file(Path::new(path.trim_start_matches("//"))).await;
        }
        if !address.starts_with("postgres:") && !address.starts_with("postgresql:") {
            return Err(DatabaseError::UnknownEngine);
        }
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE);
        let pool = pool.connect_with(postgres_options(address)?).await?;
        Self::migrated(PerEngine::Postgres(pool), Interruption::default()).await
    }

    /// Opens the SQLite database in the file `path`, created when absent, and brings its schema up
    /// to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is not a database, or has a schema that this program does
    /// not know.
    pub async fn open_file(path: &Path) -> Result<Self> {
        let interruption = Interruption::default();
        let watching = interruption.clone();

        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            // Asking each connection whether it lives costs as much as a query; a file does not go
            // away.
            .test_before_acquire(false)
            .after_connect(move |connection, _| {
                let watching = watching.clone();
                Box::pin(async move { watching.watch(connection).await })
            })
            .connect_with(sqlite_options(path))
            .await
            .map_err(|source| DatabaseError::Open {
                path: path.display().to_string(),
                source,
            })?;

        Self::migrated(PerEngine::Sqlite(pool), interruption).await
    }

    /// The engine of this database.
    pub fn engine(&self) -> Engine {
        match self.pool {
            PerEngine::Sqlite(_) => Engine::Sqlite,
            PerEngine::Postgres(_) => Engine::Postgres,
        }
    }

    /// Asks the engine for one row, to know whether it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        on_engine!(&self.pool, |pool| sqlx::query("SELECT 1")
            .execute(pool)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Faults of the file or of its references: none, unless other hands changed it.
    /// PostgreSQL's pages have checksums of their own, and nothing is asked of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn check_integrity(&self) -> Result<Vec<String>> {
        let PerEngine::Sqlite(pool) = &self.pool else {
            return Ok(Vec::new());
        };
        let mut faults: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_all(pool)
            .await?;

        faults.retain(|fault| fault != "ok");
        // `integrity_check` does not follow references: other hands may write without them.
        let orphans = sqlx::query("PRAGMA foreign_key_check")
            .fetch_all(pool)
            .await?
            .len();
        if orphans > 0 {
            faults.push(format!("{orphans} rows refer to rows that do not exist"));
        }
        Ok(faults)
    }

    /// Awaits statements that read, and ends those that take more than a minute: they are then an
    /// overload.
    pub async fn in_time<T>(&self, work: impl Future<Output = T>) -> T {
        self.interruption.after(TIME_LIMIT, work).await
    }

    pub(crate) async fn begin(&self, access: Access) -> Result<Transaction> {
        Ok(match &self.pool {
            PerEngine::Sqlite(pool) => PerEngine::Sqlite(begin_sqlite(pool, access).await?),
            PerEngine::Postgres(pool) => PerEngine::Postgres(begin_postgres(pool, access).await?),
        })
    }

    /// Closes the connections once their work is done.
    pub async fn close(&self) {
        on_engine!(&self.pool, |pool| pool.close().await);
    }

    async fn migrated(
        pool: PerEngine<SqlitePool, PgPool>,
        interruption: Interruption,
    ) -> Result<Self> {
        let database = Self {
            pool,
            conditions_cache: Arc::default(),
            revision_cache: Arc::default(),
            interruption,
        };
        database.migrate().await?;
        Ok(database)
    }
}

fn postgres_options(address: &str) -> Result<PgConnectOptions> {
    let time_limit = format!("{}s", TIME_LIMIT.as_secs());
    // The server's own limit also ends a statement whose client is gone.
    Ok(PgConnectOptions::from_str(address)?.options([("statement_timeout", time_limit)]))
}

/// A write-ahead log lets readers read during an import; `NORMAL` loses at most the last
/// transactions in a power cut, never the file's integrity, and an import takes up again from the
/// day it reached.
fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(PATIENCE)
        // Deleted rows are overwritten with zeros: an erasure must not leave its bytes in a free
        // page.
        .pragma("secure_delete", "on")
        // A negative size is in kibibytes, whatever the size of a page: 16 MB a connection.
        .pragma("cache_size", "-16000")
        // The first 256 MiB are read from the system's cache without a copy.
        .pragma("mmap_size", "268435456")
        // A sort on disk would leave bytes of people in a file that no erasure rewrites.
        .pragma("temp_store", "memory")
}

#[cfg(test)]
mod tests;
