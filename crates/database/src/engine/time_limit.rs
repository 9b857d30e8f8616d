//! Time limit of statements. A PostgreSQL server ends one that takes longer by itself; SQLite,
//! which runs in the process, is interrupted from here.

#[cfg(test)]
mod tests;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::SqliteConnection;

/// No request waits as long, and no import's statement does.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Steps of SQLite's machine between two looks: about a millisecond.
const STEPS: i32 = 100_000;

/// Number of callers who ask at this moment that SQLite's statements be interrupted.
#[derive(Debug, Clone, Default)]
pub(super) struct Interruption(Arc<AtomicUsize>);

impl Interruption {
    /// Lets the statements of this connection be interrupted.
    pub(super) async fn watch(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        // SQLite goes on as long as the handler says true.
        let asked = Arc::clone(&self.0);
        connection
            .lock_handle()
            .await?
            .set_progress_handler(STEPS, move || asked.load(Ordering::Relaxed) == 0);
        Ok(())
    }

    /// Awaits `work`, and past `limit` interrupts it. Which connection it holds is not known here:
    /// the other statements of that moment are interrupted with it, and asked again by their
    /// clients.
    pub(super) async fn after<T>(&self, limit: Duration, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        if let Ok(done) = tokio::time::timeout(limit, &mut work).await {
            return done;
        }
        tracing::warn!(
            seconds = limit.as_secs_f64(),
            "statements that take too long are interrupted"
        );
        // Asked for until the work ends: other statements may be in front of the slow one.
        let _asked = Asked::new(&self.0);
        work.await
    }
}

/// Asks for an interruption until it is dropped, be it with the work itself.
struct Asked<'a>(&'a AtomicUsize);

impl<'a> Asked<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
