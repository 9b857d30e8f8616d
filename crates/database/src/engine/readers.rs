//! Connections that read in a limited time. A PostgreSQL server ends a statement that takes longer
//! by itself; SQLite, which runs in the process, is interrupted from here, one connection at a
//! time.

#[cfg(test)]
mod tests;

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::pool::{CONNECTIONS, PATIENCE, sqlite_pool};

/// No request waits as long, and no import's statement does.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Steps of SQLite's machine between two looks: about a millisecond.
const STEPS: i32 = 100_000;

/// Connections to one file, each lent to one piece of work at a time.
#[derive(Debug)]
pub(super) struct Readers {
    free: Mutex<Vec<Reader>>,
    permits: Semaphore,
}

impl Readers {
    /// Connects at the first use of each.
    pub(super) fn new(options: &SqliteConnectOptions) -> Self {
        let readers = (0..CONNECTIONS).map(|_| Reader::new(options));

        Self {
            free: Mutex::new(readers.collect()),
            permits: Semaphore::new(CONNECTIONS as usize),
        }
    }

    /// Lends a connection; none when all are busy for longer than a writer would wait.
    pub(super) async fn lend(&self) -> Option<Loan<'_>> {
        let waited = tokio::time::timeout(PATIENCE, self.permits.acquire()).await;
        let permit = waited.ok()?.ok()?;
        let reader = self.free().pop()?;
        let loan = Loan {
            readers: self,
            reader,
            is_over: false,
            _permit: permit,
        };

        loan.reader.wait_for_former_work().await;
        Some(loan)
    }

    /// Connections that nobody has now.
    pub(super) fn idle(&self) -> usize {
        self.permits.available_permits()
    }

    /// Closes them, once their work is done.
    pub(super) async fn close(&self) {
        let pools: Vec<SqlitePool> = self.free().iter().map(|one| one.pool.clone()).collect();
        for pool in pools {
            pool.close().await;
        }
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection, in a pool of its own: its statement is known, so that nothing else is
/// interrupted with it.
#[derive(Debug, Clone)]
struct Reader {
    pool: SqlitePool,
    interrupted: Arc<AtomicBool>,
}

impl Reader {
    fn new(options: &SqliteConnectOptions) -> Self {
        let interrupted = Arc::new(AtomicBool::new(false));
        let watched = Arc::clone(&interrupted);

        let pool = sqlite_pool(SqlitePoolOptions::new().max_connections(1))
            .after_connect(move |connection, _| {
                let watched = Arc::clone(&watched);
                Box::pin(async move { watch(connection, watched).await })
            })
            .connect_lazy_with(options.clone());

        Self { pool, interrupted }
    }

    /// Work that was given up may not have noticed yet that it is interrupted.
    async fn wait_for_former_work(&self) {
        if self.interrupted.load(Ordering::Relaxed) {
            // The connection comes back to its pool at the end of its statement. When there is
            // none to be had, the new work will say so itself.
            drop(self.pool.acquire().await);
            self.interrupted.store(false, Ordering::Relaxed);
        }
    }
}

/// Ends the statements of this connection from the moment that `interrupted` is true.
async fn watch(
    connection: &mut SqliteConnection,
    interrupted: Arc<AtomicBool>,
) -> sqlx::Result<()> {
    // SQLite goes on as long as the handler says true.
    connection
        .lock_handle()
        .await?
        .set_progress_handler(STEPS, move || !interrupted.load(Ordering::Relaxed));
    Ok(())
}

/// A connection lent to one piece of work.
pub(super) struct Loan<'a> {
    readers: &'a Readers,
    reader: Reader,
    is_over: bool,
    _permit: SemaphorePermit<'a>,
}

impl Loan<'_> {
    /// The connection.
    pub(super) fn pool(&self) -> SqlitePool {
        self.reader.pool.clone()
    }

    /// Awaits the work that the connection was lent for, and past `limit` interrupts it: nothing
    /// else runs on this connection.
    pub(super) async fn run<T>(mut self, limit: Duration, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let in_time = tokio::time::timeout(limit, &mut work).await;

        let done = match in_time {
            Ok(done) => done,
            Err(_) => {
                tracing::warn!(
                    seconds = limit.as_secs_f64(),
                    "a reading that takes too long is interrupted"
                );
                self.reader.interrupted.store(true, Ordering::Relaxed);
                work.await
            }
        };

        self.is_over = true;
        done
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        // Work that was given up still runs in SQLite's thread, for nobody.
        if !self.is_over {
            self.reader.interrupted.store(true, Ordering::Relaxed);
        }
        self.readers.free().push(self.reader.clone());
    }
}
