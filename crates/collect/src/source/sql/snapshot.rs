use anyhow::{Context, Error, Result};
use sqlx::{Database, Encode, Executor, IntoArguments, Transaction, Type};

use super::query::{BoundQuery, Record};

/// Runs every query in one transaction, so that the tables are those of one instant.
pub(super) async fn read<DB>(
    mut transaction: Transaction<'_, DB>,
    queries: &[BoundQuery],
    record: fn(&DB::Row) -> Result<Record>,
) -> Result<Vec<Vec<Record>>>
where
    DB: Database,
    DB::Arguments: IntoArguments<DB>,
    for<'connection> &'connection mut DB::Connection: Executor<'connection, Database = DB>,
    for<'value> String: Encode<'value, DB> + Type<DB>,
{
    let mut tables = Vec::new();

    for BoundQuery { query, value } in queries {
        let mut statement = sqlx::query(query.sql);
        if let Some(value) = value {
            statement = statement.bind(value.clone());
        }

        let rows = statement.fetch_all(&mut *transaction).await;
        let records = rows
            .map_err(Error::from)
            .and_then(|rows| rows.iter().map(record).collect());
        tables.push(records.with_context(|| format!("the query {}.sql failed", query.name))?);
    }

    transaction
        .rollback()
        .await
        .context("the transaction cannot end")?;
    Ok(tables)
}
