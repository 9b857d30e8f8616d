//! How long a statement may take. A PostgreSQL server ends one that takes longer by itself; SQLite,
//! which runs in the process, is interrupted from here.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::SqliteConnection;

use super::Database;

/// No request waits as long, and no import's statement does.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Steps of SQLite's machine between two looks: about a millisecond.
const STEPS: i32 = 100_000;

/// How many ask at this moment that what runs on SQLite be interrupted.
#[derive(Debug, Clone, Default)]
pub(super) struct Interruption(Arc<AtomicUsize>);

impl Interruption {
    /// Lets the statements of this connection be interrupted.
    pub(super) async fn watch(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        let asked = Arc::clone(&self.0);
        connection
            .lock_handle()
            .await?
            .set_progress_handler(STEPS, move || asked.load(Ordering::Relaxed) == 0);
        Ok(())
    }

    /// Awaits `work`, and past `limit` interrupts it. Which connection it holds is not known here:
    /// what the others run at that moment is interrupted with it, and asked again by its clients.
    async fn after<T>(&self, limit: Duration, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        if let Ok(done) = tokio::time::timeout(limit, &mut work).await {
            return done;
        }
        tracing::warn!(
            seconds = limit.as_secs_f64(),
            "statements that take too long are interrupted"
        );
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

impl Database {
    /// Awaits statements that read, and ends those that take more than a minute: they are then an
    /// overload.
    pub async fn in_time<T>(&self, work: impl Future<Output = T>) -> T {
        self.interruption.after(TIME_LIMIT, work).await
    }
}

#[cfg(test)]
mod tests {
    use crate::DatabaseError;

    use super::*;

    /// Counts without end.
    const ENDLESS: &str = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT COUNT(*) FROM numbers";

    #[tokio::test]
    async fn a_statement_without_end_is_interrupted_and_the_next_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open_file(&folder.path().join("test.sqlite"))
            .await
            .unwrap();
        let crate::engine::PerEngine::Sqlite(pool) = &database.pool else {
            panic!("not SQLite")
        };

        let endless = sqlx::query(ENDLESS).execute(pool);
        let error = database
            .interruption
            .after(Duration::from_millis(20), endless)
            .await
            .unwrap_err();

        assert!(DatabaseError::from(error).is_overload());

        database.ping().await.unwrap();
    }

    #[tokio::test]
    async fn work_that_is_given_up_while_it_is_interrupted_leaves_nothing_interrupted() {
        let interruption = Interruption::default();
        let work = interruption.after(Duration::from_millis(1), std::future::pending::<()>());
        assert!(
            tokio::time::timeout(Duration::from_millis(50), work)
                .await
                .is_err()
        );
        assert_eq!(interruption.0.load(Ordering::Relaxed), 0);
    }
}
