use crate::DatabaseError;
use crate::engine::Database;

use super::*;

/// Counts without end.
const ENDLESS: &str = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT COUNT(*) FROM numbers";

#[tokio::test]
async fn a_statement_without_end_is_interrupted_and_the_next_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_file(&folder.path().join("test.sqlite"))
        .await
        .unwrap();
    let crate::per_engine::PerEngine::Sqlite(pool) = &database.pool else {
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

#[tokio::test]
async fn a_reading_past_its_time_is_interrupted_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_file(&folder.path().join("test.sqlite"))
        .await
        .unwrap();
    let crate::per_engine::PerEngine::Sqlite(pool) = &database.pool else {
        panic!("not SQLite")
    };
    let count = "
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000000)
        SELECT COUNT(*) FROM numbers";

    // What is interrupted goes on for a while, and asks for its interruption until its end.
    let slow = async {
        let ended = sqlx::query(ENDLESS).execute(pool).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        ended
    };
    let (slow, other) = tokio::join!(
        database.interruption.after(Duration::from_millis(20), slow),
        sqlx::query_scalar::<_, i64>(count).fetch_one(pool),
    );

    slow.unwrap_err();
    assert_eq!(other.unwrap(), 3_000_000);
}
