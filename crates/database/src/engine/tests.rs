use std::io;
use std::sync::{Arc, Mutex};

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
