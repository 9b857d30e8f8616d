use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{Column, ConnectOptions, Connection, Row, TypeInfo, ValueRef};

use super::query::{BoundQuery, Record};
use super::snapshot::read;

/// Runs every query in one read transaction: the tables are those of one instant.
pub(super) async fn extract(
    path: &Path,
    timeout_seconds: f64,
    queries: &[BoundQuery],
) -> Result<Vec<Vec<Record>>> {
    ensure!(path.is_file(), "the file {} does not exist", path.display());
    let options = SqliteConnectOptions::new()
        .filename(path)
        // The operator's program may be writing at this moment.
        .read_only(true)
        .busy_timeout(Duration::from_secs_f64(timeout_seconds))
        // A table read whole takes its time, which the collection reports.
        .disable_statement_logging();

    let mut connection = options.connect().await.context("it cannot be opened")?;
    let transaction = connection
        .begin()
        .await
        .context("no transaction can begin")?;

    let tables = read(transaction, queries, record).await?;
    connection
        .close()
        .await
        .context("the connection cannot be closed")?;

    Ok(tables)
}

fn record(row: &SqliteRow) -> Result<Record> {
    row.columns()
        .iter()
        .map(|column| Ok((column.name().to_owned(), value(row, column.ordinal())?)))
        .collect()
}

/// The value as it is stored: SQLite types each value, not each column.
fn value(row: &SqliteRow, at: usize) -> Result<Value> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    Ok(match raw.type_info().name() {
        "INTEGER" => row.try_get_unchecked::<i64, _>(at)?.into(),
        "REAL" => row.try_get_unchecked::<f64, _>(at)?.into(),
        "BLOB" => bail!("column {at} holds bytes"),
        _ => row.try_get_unchecked::<String, _>(at)?.into(),
    })
}
