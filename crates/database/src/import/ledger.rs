use chrono::{DateTime, Utc};

use super::ImportReport;
use crate::Result;
use crate::database::Database;
use crate::engine::{Transaction, on_engine};
use crate::stored::instant;

/// A line of the ledger.
#[derive(Debug, Clone)]
pub(super) struct Import {
    pub(super) import_id: i64,
    pub(super) dataset_sha256: String,
    pub(super) is_done: bool,
    rows_read: u64,
    rows_kept: u64,
    rows_rejected: u64,
}

impl Import {
    /// Whether importing the same data set again could change nothing.
    pub(super) fn is_complete(&self) -> bool {
        self.is_done && self.rows_rejected == 0
    }

    pub(super) fn report(&self) -> ImportReport {
        let Self {
            rows_read,
            rows_kept,
            rows_rejected,
            ..
        } = *self;
        ImportReport {
            rows_read,
            rows_kept,
            rows_rejected,
            ..ImportReport::default()
        }
    }
}

/// A data set that was imported in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetVersion {
    /// The SHA-256 of its content, hexadecimal: the version's name.
    pub dataset_sha256: String,
    /// When its import ended, UTC.
    pub imported_at: DateTime<Utc>,
    /// Rows in the database.
    pub rows: u64,
    /// Rows set aside.
    pub rows_rejected: u64,
}

impl Database {
    /// The data set that the station-hours are those of; none before the first import, or while one
    /// goes on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn dataset_version(&self) -> Result<Option<DatasetVersion>> {
        const SELECT: &str = "
            SELECT dataset_sha256, finished_at, rows_kept, rows_rejected
            FROM imports
            WHERE import_id = (SELECT MAX(import_id) FROM imports) AND state = 'done'";

        let row: Option<(String, i64, i64, i64)> =
            on_engine!(&self.pool, |pool| sqlx::query_as(SELECT)
                .fetch_optional(pool)
                .await)?;

        row.map(|(dataset_sha256, finished_at, kept, rejected)| {
            let imported_at = instant("finished_at", finished_at)?;
            Ok(DatasetVersion {
                dataset_sha256,
                imported_at,
                rows: kept as u64,
                rows_rejected: rejected as u64,
            })
        })
        .transpose()
    }
}

impl Transaction {
    pub(super) async fn last_import(&mut self) -> Result<Option<Import>> {
        const SELECT: &str = "
            SELECT
                import_id,
                dataset_sha256,
                state,
                rows_read,
                rows_kept,
                rows_rejected
            FROM imports
            ORDER BY import_id DESC
            LIMIT 1";

        let row: Option<(i64, String, String, i64, i64, i64)> =
            on_engine!(self, |transaction| sqlx::query_as(SELECT)
                .fetch_optional(&mut **transaction)
                .await)?;

        Ok(row.map(
            |(import_id, dataset_sha256, state, read, kept, rejected)| Import {
                import_id,
                dataset_sha256,
                is_done: state == "done",
                rows_read: read as u64,
                rows_kept: kept as u64,
                rows_rejected: rejected as u64,
            },
        ))
    }

    pub(super) async fn start_import(
        &mut self,
        dataset_sha256: &str,
        now: DateTime<Utc>,
    ) -> Result<i64> {
        const INSERT: &str = "
            INSERT INTO imports (dataset_sha256, state, started_at)
            VALUES ($1, 'running', $2)
            RETURNING import_id";
        Ok(on_engine!(self, |transaction| {
            sqlx::query_scalar(INSERT)
                .bind(dataset_sha256)
                .bind(now.timestamp())
                .fetch_one(&mut **transaction)
                .await
        })?)
    }

    pub(super) async fn finish_import(
        &mut self,
        import_id: i64,
        report: &ImportReport,
        now: DateTime<Utc>,
    ) -> Result<()> {
        const UPDATE: &str = "
            UPDATE imports
            SET state = 'done', finished_at = $2, rows_read = $3, rows_kept = $4, rows_rejected = $5
            WHERE import_id = $1";

        on_engine!(self, |transaction| {
            sqlx::query(UPDATE)
                .bind(import_id)
                .bind(now.timestamp())
                .bind(report.rows_read as i64)
                .bind(report.rows_kept as i64)
                .bind(report.rows_rejected as i64)
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;

        Ok(())
    }
}
