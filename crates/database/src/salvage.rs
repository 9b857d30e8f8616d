//! Rescues the tables that nothing else holds from a damaged SQLite database.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use crate::Result;
use crate::engine::Database;
use crate::per_engine::PerEngine;

/// Tables of people's rights, in the order of their references. All the others are imported again.
const TABLES: [&str; 7] = [
    "pseudonym_keys",
    "subscribers",
    "consents",
    "restrictions",
    "erasures",
    "receipts",
    "audit_log",
];

/// The outcome of a salvage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Salvage {
    /// Tables that were read to their end, and their rows.
    pub rows: Vec<(&'static str, u64)>,
    /// Tables that could not be read whole.
    pub unread: Vec<&'static str>,
}

impl Database {
    /// Takes over people's rights from the damaged database in the file `damaged`. Each table is
    /// taken whole or not at all. On PostgreSQL there is nothing to do.
    ///
    /// # Errors
    /// When this database cannot be written.
    pub async fn salvage(&self, damaged: &Path) -> Result<Salvage> {
        let PerEngine::Sqlite(pool) = &self.pool else {
            return Ok(Salvage::default());
        };
        // Detached from the pool: the files it attaches go with it.
        let mut connection = pool.acquire().await?.detach();
        let attached = sqlx::query("ATTACH DATABASE $1 AS damaged")
            .bind(damaged.display().to_string())
            .execute(&mut connection)
            .await;
        if attached.is_err() {
            return Ok(Salvage {
                unread: TABLES.to_vec(),
                ..Salvage::default()
            });
        }

        let mut salvage = Salvage::default();
        for table in TABLES {
            match copy(&mut connection, table).await {
                Ok(rows) => salvage.rows.push((table, rows)),
                Err(error) => {
                    tracing::warn!(%error, table, "a table of the damaged database cannot be read");
                    salvage.unread.push(table);
                }
            }
        }
        connection.close().await?;
        Ok(salvage)
    }
}

/// Copies a table: the names are those of this program, never somebody's text.
async fn copy(connection: &mut SqliteConnection, table: &'static str) -> Result<u64> {
    let columns: Vec<String> =
        sqlx::query(AssertSqlSafe(format!("PRAGMA main.table_info({table})")))
            .fetch_all(&mut *connection)
            .await?
            .iter()
            .map(|column| column.get("name"))
            .collect();
    let columns = columns.join(", ");

    let statement =
        format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM damaged.{table}");
    let copied = sqlx::query(AssertSqlSafe(statement))
        .execute(connection)
        .await?;
    Ok(copied.rows_affected())
}
