//! A copy of the database as it is at one instant, for a backup.

use std::path::Path;

use crate::engine::Database;
use crate::per_engine::{PerEngine, fetch};
use crate::{DatabaseError, Result};

impl Database {
    /// Writes the whole database at `path`, where no file may be, as it is at one instant: those who
    /// read and write go on. PostgreSQL has a program of its own for that, `pg_dump`.
    ///
    /// # Errors
    /// On PostgreSQL, or when the database does not answer or the file cannot be written.
    pub async fn copy_into(&self, path: &Path) -> Result<()> {
        let PerEngine::Sqlite(pool) = &self.pool else {
            return Err(DatabaseError::UnknownEngine);
        };

        // Unlike a copy of the file, it holds the write-ahead log and no deleted row.
        sqlx::query("VACUUM INTO $1")
            .bind(path.display().to_string())
            .execute(pool)
            .await?;
        Ok(())
    }

    /// True when it holds no station, no person and nothing of their rights: nothing would be lost.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_empty(&self) -> Result<bool> {
        const SELECT: &str = "
            SELECT
                (SELECT COUNT(*) FROM stations)
                + (SELECT COUNT(*) FROM subscribers)
                + (SELECT COUNT(*) FROM erasures)
                + (SELECT COUNT(*) FROM receipts)";
        let rows: i64 = fetch!(query_scalar, fetch_one, &self.pool, SELECT)?;
        Ok(rows == 0)
    }
}
