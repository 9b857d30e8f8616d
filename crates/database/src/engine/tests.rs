use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::{ConnectOptions, Connection};

use super::*;

/// The log, in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_slow_statement_is_logged_with_its_text_and_without_its_values() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::WARN);

    // SQLite works in a thread of its own, hence a log of the whole process.
    tracing::subscriber::set_global_default(
        subscriber.with_writer(move || writer.clone()).finish(),
    )
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let every_statement_is_slow = sqlite_options(&folder.path().join("test.sqlite"))
        .log_slow_statements("warn".parse().unwrap(), Duration::ZERO);

    let mut connection = every_statement_is_slow.connect().await.unwrap();
    let echo: String = sqlx::query_scalar("SELECT $1 AS echo")
        .bind("a secret value")
        .fetch_one(&mut connection)
        .await
        .unwrap();

    connection.close().await.unwrap();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();

    assert!(
        text.contains("slow statement") && text.contains("SELECT $1 AS echo"),
        "{text}"
    );
    assert!(!text.contains(&echo), "{text}");
}

/// Lets the file grow to `pages` and no further: what a full disk answers, without filling one.
async fn limit_pages(database: &Database, pages: u32) {
    let PerEngine::Sqlite(pool) = &database.pool else {
        panic!("not SQLite")
    };
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(pool.acquire().await.unwrap());
    }

    for connection in &mut connections {
        let limit = format!("PRAGMA max_page_count = {pages}");
        sqlx::query(sqlx::AssertSqlSafe(limit))
            .execute(&mut **connection)
            .await
            .unwrap();
    }
}

/// Writes some megabytes, in a transaction.
async fn write_much(database: &Database) -> Result<()> {
    let mut transaction = database.begin(Access::Write).await?;
    transaction
        .run(
            // Of one table without an index: SQLite then ends the whole transaction by itself.
            "INSERT INTO receipts (receipt_id, kind, issued_at, content, signature)
            VALUES (hex(randomblob(8)), 'test', 0, hex(randomblob(2000000)), '')",
        )
        .await?;
    transaction.commit().await
}

#[tokio::test]
async fn writes_come_back_with_the_space_of_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_file(&folder.path().join("test.sqlite"))
        .await
        .unwrap();

    limit_pages(&database, 1).await;
    // More than there are connections: each of them has met the full disk.
    for _ in 0..=CONNECTIONS {
        write_much(&database).await.unwrap_err();
        limit_pages(&database, 1).await;
    }
    limit_pages(&database, 1_000_000).await;

    write_much(&database).await.unwrap();
}
