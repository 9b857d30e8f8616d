use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

use super::{PerEngine, on_engine};
use crate::Result;

/// What a transaction is for: the engines differ on how to say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// One unchanging view of the database.
    Snapshot,
    /// Changes, alone: a second writer waits.
    Write,
}

/// A transaction of either engine, undone when dropped.
pub(crate) type Transaction =
    PerEngine<sqlx::Transaction<'static, Sqlite>, sqlx::Transaction<'static, Postgres>>;

/// Transactions that this process has committed, to whatever database: what was read before the
/// last one may be old.
static COMMITS: AtomicU64 = AtomicU64::new(0);

/// Number of transactions that this process has committed.
pub(crate) fn commits() -> u64 {
    COMMITS.load(Ordering::SeqCst)
}

pub(crate) async fn begin(
    pool: &PerEngine<SqlitePool, PgPool>,
    access: Access,
) -> Result<Transaction> {
    Ok(match pool {
        PerEngine::Sqlite(pool) => PerEngine::Sqlite(pool.begin_with(sqlite_begin(access)).await?),
        PerEngine::Postgres(pool) => PerEngine::Postgres(begin_postgres(pool, access).await?),
    })
}

impl Transaction {
    pub(crate) async fn commit(self) -> Result<()> {
        on_engine!(self, |transaction| transaction.commit().await)?;
        COMMITS.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// Runs a statement that has no parameters, such as `SAVEPOINT`.
    pub(crate) async fn run(&mut self, statement: &'static str) -> Result<()> {
        on_engine!(self, |transaction| sqlx::query(statement)
            .execute(&mut **transaction)
            .await
            .map(drop))?;
        Ok(())
    }
}

/// A writer says so at once: turning a reader into a writer later may fail and cannot wait.
fn sqlite_begin(access: Access) -> &'static str {
    match access {
        Access::Snapshot => "BEGIN",
        Access::Write => "BEGIN IMMEDIATE",
    }
}

/// An advisory lock makes writers wait for each other, as SQLite's do; readers are not concerned.
async fn begin_postgres(
    pool: &PgPool,
    access: Access,
) -> Result<sqlx::Transaction<'static, Postgres>, sqlx::Error> {
    match access {
        Access::Snapshot => {
            pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .await
        }

        Access::Write => {
            let mut transaction = pool.begin().await?;
            sqlx::query("SELECT pg_advisory_xact_lock(hashtext('filrouge'))")
                .execute(&mut *transaction)
                .await?;
            Ok(transaction)
        }
    }
}
