use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

use crate::Result;
use crate::per_engine::{PerEngine, execute, on_engine};
use crate::revision_cache::note_commit;

/// Use of a transaction: the engines differ on how to say it.
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

impl Transaction {
    pub(crate) async fn commit(self) -> Result<()> {
        on_engine!(self, |transaction| transaction.commit().await)?;
        note_commit();
        Ok(())
    }

    /// Runs a statement that has no parameters, such as `SAVEPOINT`.
    pub(crate) async fn run(&mut self, statement: &'static str) -> Result<()> {
        execute!(self, statement)?;
        Ok(())
    }
}

/// A writer says so at once: turning a reader into a writer later may fail and cannot wait.
pub(super) async fn begin_sqlite(
    pool: &SqlitePool,
    access: Access,
) -> Result<sqlx::Transaction<'static, Sqlite>, sqlx::Error> {
    let begin = match access {
        Access::Snapshot => "BEGIN",
        Access::Write => "BEGIN IMMEDIATE",
    };
    pool.begin_with(begin).await
}

/// An advisory lock makes writers wait for each other, as SQLite's do; readers are not concerned.
pub(super) async fn begin_postgres(
    pool: &PgPool,
    access: Access,
) -> Result<sqlx::Transaction<'static, Postgres>, sqlx::Error> {
    let pool = pool.clone();
    // In a task of its own, which nobody gives up: of a `BEGIN` that was sent and whose answer
    // nobody reads, the connection would not know that it is in a transaction.
    let begun = tokio::spawn(async move { start_postgres(&pool, access).await }).await;
    begun.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

async fn start_postgres(
    pool: &PgPool,
    access: Access,
) -> Result<sqlx::Transaction<'static, Postgres>, sqlx::Error> {
    if access == Access::Snapshot {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        return pool.begin_with(begin).await;
    }

    let mut transaction = pool.begin().await?;
    // A lock of the transaction itself: it goes with it, committed or not.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('filrouge'))")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}
