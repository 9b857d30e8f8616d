//! The plans that SQLite makes for each extraction query, with the operator's indexes and without.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};

use super::query::{QUERIES, Query};

/// The plans of one query, as the engine tells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryPlan {
    /// Name of the file of `data/queries/operator/`, without its end.
    pub name: &'static str,
    /// The steps on the same tables without their indexes.
    pub without_indexes: Vec<String>,
    /// The steps on the operator's tables.
    pub with_indexes: Vec<String>,
}

/// Asks for the plan of every query on a SQLite file of an operator, which is left as it is:
/// indexes are dropped in a copy inside `scratch`.
///
/// # Errors
/// A file that is not the database of an operator, or a folder that cannot be written.
pub async fn explain_operator(database: &Path, scratch: &Path) -> Result<Vec<QueryPlan>> {
    // A copy: the operator's own file is never changed.
    let bare = scratch.join("without-indexes.sqlite");
    fs::copy(database, &bare).with_context(|| format!("cannot copy {}", database.display()))?;
    let (mut with, mut without) = (open(database, true).await?, open(&bare, false).await?);

    drop_indexes(&mut without)
        .await
        .context("the indexes of the copy cannot be dropped")?;
    let mut plans = Vec::new();

    for query in &QUERIES {
        plans.push(QueryPlan {
            name: query.name,
            without_indexes: steps(&mut without, query).await?,
            with_indexes: steps(&mut with, query).await?,
        });
    }

    Ok(plans)
}

async fn open(path: &Path, read_only: bool) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(read_only);
    options
        .connect()
        .await
        .with_context(|| format!("cannot open {}", path.display()))
}

/// Those that someone created: the index of a primary key is part of its table.
async fn drop_indexes(connection: &mut SqliteConnection) -> Result<()> {
    // `sql` is null for the indexes that SQLite made for a constraint: those cannot be dropped.
    let named = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
    for row in sqlx::query(named).fetch_all(&mut *connection).await? {
        let name: String = row.try_get(0)?;
        let statement = format!("DROP INDEX \"{}\"", name.replace('"', "\"\""));
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn steps(connection: &mut SqliteConnection, query: &Query) -> Result<Vec<String>> {
    let statement = format!("EXPLAIN QUERY PLAN {}", query.sql);
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .fetch_all(connection)
        .await;
    let rows = rows.with_context(|| format!("the query {}.sql has no plan", query.name))?;
    rows.iter()
        .map(|row| Ok(row.try_get::<String, _>("detail")?))
        .collect()
}

#[cfg(test)]
mod tests;
