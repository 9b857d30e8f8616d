//! Pools of connections: the options of every connection of an engine, and the rule that none
//! comes back inside a transaction.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::Connection;
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::Result;

/// Connections kept to PostgreSQL, and to SQLite for reading: each of SQLite's is a thread.
pub(super) const CONNECTIONS: u32 = 4;
/// A writer waits this long for the one before it; a reader never waits for a writer.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The rules of SQLite's connections in a pool.
pub(super) fn sqlite_pool(options: SqlitePoolOptions) -> SqlitePoolOptions {
    // Asking each connection whether it lives costs as much as a query; a file does not go away.
    outside_transactions(options.test_before_acquire(false)).acquire_timeout(PATIENCE)
}

/// The rules of PostgreSQL's connections in a pool.
pub(super) fn postgres_pool() -> PgPoolOptions {
    outside_transactions(PgPoolOptions::new())
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
}

/// Closes a connection that comes back inside a transaction. On a full disk, an I/O error or an
/// interruption, SQLite ends a transaction by itself; its `ROLLBACK` then fails, and every later
/// transaction of that connection would be refused.
fn outside_transactions<D: sqlx::Database>(options: PoolOptions<D>) -> PoolOptions<D> {
    options.after_release(|connection, _| {
        Box::pin(async move {
            if connection.is_in_transaction() {
                // A transaction that was dropped is undone by the connection's next statement.
                connection.ping().await?;
            }
            Ok(!connection.is_in_transaction())
        })
    })
}

pub(super) fn postgres_options(address: &str, time_limit: Duration) -> Result<PgConnectOptions> {
    let time_limit = format!("{}s", time_limit.as_secs());
    // The server's own limit also ends a statement whose client is gone.
    Ok(PgConnectOptions::from_str(address)?.options([("statement_timeout", time_limit)]))
}

/// A write-ahead log lets readers read during an import; `NORMAL` loses at most the last
/// transactions in a power cut, never the file's integrity, and an import takes up again from the
/// day it reached.
pub(super) fn sqlite_options(path: &Path) -> SqliteConnectOptions {
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
        // A page of a mapped file that was cut ends the whole process (SIGBUS); read by a system
        // call, it is an error that is told.
        .pragma("mmap_size", "0")
        // A sort on disk would leave bytes of people in a file that no erasure rewrites.
        .pragma("temp_store", "memory")
}
