use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{Column, ConnectOptions, Connection, Row, TypeInfo, ValueRef};
use tokio::time::timeout;

use super::query::{BoundQuery, Record};
use super::snapshot::read;

/// Runs every query in one repeatable read-only snapshot.
pub(super) async fn extract(
    address: &str,
    timeout_seconds: f64,
    queries: &[BoundQuery],
) -> Result<Vec<Vec<Record>>> {
    let limit = Duration::from_secs_f64(timeout_seconds);
    let options = PgConnectOptions::from_str(address).context("it is not a PostgreSQL address")?;
    let options = options.options([("statement_timeout", format!("{}ms", limit.as_millis()))]);

    // A table read whole takes its time, which the collection reports.
    let options = options.disable_statement_logging();
    let connection = timeout(limit, options.connect()).await;
    let mut connection = connection
        .context("no answer in time")?
        .context("it cannot be reached")?;
    // Repeatable read: every query sees the same instant, whatever is committed meanwhile.
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    let transaction = connection
        .begin_with(begin)
        .await
        .context("no transaction can begin")?;

    let tables = read(transaction, queries, record).await?;
    connection
        .close()
        .await
        .context("the connection cannot be closed")?;

    Ok(tables)
}

fn record(row: &PgRow) -> Result<Record> {
    row.columns()
        .iter()
        .map(|column| Ok((column.name().to_owned(), value(row, column.ordinal())?)))
        .collect()
}

fn value(row: &PgRow, at: usize) -> Result<Value> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }

    let rfc_3339 = |instant: DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Secs, true);

    Ok(match raw.type_info().name() {
        "BOOL" => row.try_get::<bool, _>(at)?.into(),
        "INT2" => row.try_get::<i16, _>(at)?.into(),
        "INT4" => row.try_get::<i32, _>(at)?.into(),
        "INT8" => row.try_get::<i64, _>(at)?.into(),
        "FLOAT4" => row.try_get::<f32, _>(at)?.into(),
        "FLOAT8" => row.try_get::<f64, _>(at)?.into(),
        "DATE" => row.try_get::<NaiveDate, _>(at)?.to_string().into(),
        "TIMESTAMP" => rfc_3339(row.try_get::<NaiveDateTime, _>(at)?.and_utc()).into(),
        "TIMESTAMPTZ" => rfc_3339(row.try_get::<DateTime<Utc>, _>(at)?).into(),
        "TEXT" | "VARCHAR" | "BPCHAR" | "NAME" => row.try_get::<String, _>(at)?.into(),
        other => bail!("column {at} has the type {other}, which the extraction does not read"),
    })
}
