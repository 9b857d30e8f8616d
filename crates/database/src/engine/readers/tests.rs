use super::*;
use crate::DatabaseError;
use crate::engine::Database;

/// Counts up to the parameter.
const COUNT: &str = "
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1)
    SELECT COUNT(*) FROM numbers";
const WITHOUT_END: i64 = i64::MAX;

async fn count(pool: SqlitePool, end: i64) -> Result<i64, DatabaseError> {
    Ok(sqlx::query_scalar(COUNT).bind(end).fetch_one(&pool).await?)
}

async fn database(folder: &tempfile::TempDir) -> Database {
    Database::open_file(&folder.path().join("test.sqlite"))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_reading_past_its_time_is_interrupted_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    let readers = database.readers.as_ref().unwrap();
    let (slow, other) = (readers.lend().await.unwrap(), readers.lend().await.unwrap());
    let (slow_pool, other_pool) = (slow.pool(), other.pool());

    // What is interrupted goes on for a while, and asks for its interruption until its end.
    let endless = async {
        let ended = count(slow_pool, WITHOUT_END).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        ended
    };

    let (error, counted) = tokio::join!(
        slow.run(Duration::from_millis(20), endless),
        other.run(TIME_LIMIT, count(other_pool, 3_000_000)),
    );

    assert!(error.unwrap_err().is_overload());
    assert_eq!(counted.unwrap(), 3_000_000);
}

#[tokio::test]
async fn a_connection_that_was_interrupted_serves_the_next_reading() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    let readers = database.readers.as_ref().unwrap();

    for _ in 0..=CONNECTIONS {
        let loan = readers.lend().await.unwrap();
        let pool = loan.pool();
        let given_up = loan.run(TIME_LIMIT, count(pool, WITHOUT_END));
        let answer = tokio::time::timeout(Duration::from_millis(20), given_up).await;
        assert!(answer.is_err());
    }

    let loan = readers.lend().await.unwrap();
    let pool = loan.pool();
    // Enough steps for the interruption to be seen, if it were still asked for.
    assert_eq!(
        loan.run(TIME_LIMIT, count(pool, 200_000)).await.unwrap(),
        200_000
    );
}
