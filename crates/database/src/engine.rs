//! SQLite and PostgreSQL behind one name. The same statements run on both.

mod pool;
mod readers;
mod transaction;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{PgPool, SqlitePool};

pub(crate) use transaction::{Access, Transaction};

use crate::audit_seal::AuditSeal;
use crate::conditions_cache::ConditionsCache;
use crate::per_engine::{PerEngine, on_engine};
use crate::revision_cache::RevisionCache;
use crate::{DatabaseError, Result};

use pool::{CONNECTIONS, postgres_options, postgres_pool, sqlite_options, sqlite_pool};
use readers::{Readers, TIME_LIMIT};
use transaction::{begin_postgres, begin_sqlite};

/// How long programs that open a new file at once may stand in each other's way.
const FIRST_OPENING: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(20);

/// The engine of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of this machine.
    Sqlite,
    /// A server.
    Postgres,
}

/// Connections to the database, of those that there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLoad {
    /// At work.
    pub busy: u32,
    /// At most.
    pub limit: u32,
}

/// An open database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Database {
    pub(crate) pool: PerEngine<SqlitePool, PgPool>,
    pub(crate) conditions_cache: Arc<ConditionsCache>,
    pub(crate) revision_cache: Arc<RevisionCache>,
    /// None where nobody gave one: the audit log then has no key.
    pub(crate) audit_seal: Option<Arc<AuditSeal>>,
    /// None on PostgreSQL, whose server limits the time of its statements itself.
    readers: Option<Arc<Readers>>,
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
        let options = postgres_options(address, TIME_LIMIT)?;
        let pool = postgres_pool().connect_with(options).await?;
        Self::migrated(PerEngine::Postgres(pool), None).await
    }

    /// Opens the SQLite database in the file `path`, created when absent, and brings its schema up
    /// to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is not a database, or has a schema that this program does
    /// not know.
    pub async fn open_file(path: &Path) -> Result<Self> {
        // SQLite locks nothing from one step of a first opening to the next: another program that
        // opens the file at this moment can make a step fail, whole. It is done the next time.
        let began = Instant::now();
        loop {
            match Self::open_file_once(path).await {
                Err(_) if began.elapsed() < FIRST_OPENING => tokio::time::sleep(PAUSE).await,
                ended => return ended,
            }
        }
    }

    async fn open_file_once(path: &Path) -> Result<Self> {
        let options = sqlite_options(path);
        let pool = sqlite_pool(SqlitePoolOptions::new().max_connections(CONNECTIONS))
            .connect_with(options.clone())
            .await
            .map_err(|source| DatabaseError::Open {
                path: path.display().to_string(),
                source,
            })?;

        let readers = Arc::new(Readers::new(&options));
        Self::migrated(PerEngine::Sqlite(pool), Some(readers)).await
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

    /// Changes a value and gives it back, to know whether writing is possible.
    ///
    /// # Errors
    /// When it is not; an overload while another writer goes on for too long.
    pub async fn ping_for_writing(&self) -> Result<()> {
        let mut transaction = self.begin(Access::Write).await?;
        // Twice: SQLite writes nothing for a value that does not change.
        transaction
            .run("UPDATE revisions SET revision = revision + 1 WHERE resource = 'stations'")
            .await?;
        transaction
            .run("UPDATE revisions SET revision = revision - 1 WHERE resource = 'stations'")
            .await?;
        transaction.commit().await
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

    /// Reads, and ends a reading of more than a minute: it is then an overload. Nothing else is
    /// ended with it.
    ///
    /// # Errors
    /// Those of `work`, and an overload when every connection is busy for too long.
    pub async fn in_time<T>(&self, work: impl AsyncFnOnce(&Self) -> Result<T>) -> Result<T> {
        let Some(readers) = &self.readers else {
            return work(self).await;
        };
        let loan = readers.lend().await.ok_or(sqlx::Error::PoolTimedOut)?;
        let database = Self {
            pool: PerEngine::Sqlite(loan.pool()),
            readers: None,
            ..self.clone()
        };

        loan.run(TIME_LIMIT, work(&database)).await
    }

    pub(crate) async fn begin(&self, access: Access) -> Result<Transaction> {
        Ok(match &self.pool {
            PerEngine::Sqlite(pool) => PerEngine::Sqlite(begin_sqlite(pool, access).await?),
            PerEngine::Postgres(pool) => PerEngine::Postgres(begin_postgres(pool, access).await?),
        })
    }

    /// The connections that read at this moment: when all do, the next reader waits.
    pub fn load(&self) -> ConnectionLoad {
        let idle = match (&self.readers, &self.pool) {
            (Some(readers), _) => readers.idle(),
            (None, PerEngine::Postgres(pool)) => {
                let unopened = CONNECTIONS.saturating_sub(pool.size());
                pool.num_idle() + unopened as usize
            }
            // A loan of a reader, which is the one connection that it has.
            (None, PerEngine::Sqlite(_)) => 0,
        };
        let idle = u32::try_from(idle).unwrap_or(CONNECTIONS);

        ConnectionLoad {
            busy: CONNECTIONS.saturating_sub(idle),
            limit: CONNECTIONS,
        }
    }

    /// Closes the connections once their work is done.
    pub async fn close(&self) {
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
        on_engine!(&self.pool, |pool| pool.close().await);
    }

    async fn migrated(
        pool: PerEngine<SqlitePool, PgPool>,
        readers: Option<Arc<Readers>>,
    ) -> Result<Self> {
        let database = Self {
            pool,
            conditions_cache: Arc::default(),
            revision_cache: Arc::default(),
            audit_seal: None,
            readers,
        };
        database.migrate().await?;
        Ok(database)
    }
}

#[cfg(test)]
mod tests;
