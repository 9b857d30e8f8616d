use chrono::{DateTime, Utc};

use crate::Result;
use crate::engine::{Database, Transaction};
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::stored::instant;

/// The rows of an import, by their fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows given: kept + rejected.
    pub rows_read: u64,
    /// Rows that are in the database.
    pub rows_kept: u64,
    /// Rows set aside, each with its reason.
    pub rows_rejected: u64,
    /// Days rewritten.
    pub days_written: u64,
    /// Days that were already there, the same.
    pub days_unchanged: u64,
    /// Days that were there and that the data set lacks.
    pub days_removed: u64,
}

impl ImportReport {
    /// True when readers see other rows after the import than before.
    pub(super) fn changes_anything(&self) -> bool {
        self.days_written + self.days_removed > 0
    }
}

/// A line of the ledger.
#[derive(Debug, Clone)]
pub(super) struct Import {
    pub(super) dataset_sha256: String,
    is_done: bool,
    rows_read: u64,
    rows_kept: u64,
    rows_rejected: u64,
}

impl Import {
    /// True when importing the same data set again could change nothing.
    pub(super) fn is_complete(&self) -> bool {
        self.is_done && self.rows_rejected == 0
    }

    /// The report of the same data set again, when so many days are there.
    pub(super) fn report_unchanged(&self, days: usize) -> ImportReport {
        ImportReport {
            rows_read: self.rows_read,
            rows_kept: self.rows_kept,
            rows_rejected: self.rows_rejected,
            days_unchanged: days as u64,
            ..ImportReport::default()
        }
    }
}

/// A data set that was imported in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetVersion {
    /// The SHA-256 of its content, hexadecimal: the version's name.
    pub dataset_sha256: String,
    /// End of its import, UTC.
    pub imported_at: DateTime<Utc>,
    /// Rows in the database.
    pub rows: u64,
    /// Rows set aside.
    pub rows_rejected: u64,
}

impl Database {
    /// The data set that the station-hours are those of; none before the first import.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn dataset_version(&self) -> Result<Option<DatasetVersion>> {
        const SELECT: &str = "
            SELECT
                dataset_sha256,
                finished_at,
                rows_kept,
                rows_rejected
            FROM imports
            WHERE import_id = (SELECT MAX(import_id) FROM imports) AND state = 'done'";

        let row: Option<VersionRow> = fetch!(query_as, fetch_optional, &self.pool, SELECT)?;

        row.map(VersionRow::read).transpose()
    }
}

row! {
    struct VersionRow {
        dataset_sha256: String,
        finished_at: i64,
        rows_kept: i64,
        rows_rejected: i64,
    }
}

impl VersionRow {
    fn read(self) -> Result<DatasetVersion> {
        Ok(DatasetVersion {
            dataset_sha256: self.dataset_sha256,
            imported_at: instant("finished_at", self.finished_at)?,
            rows: self.rows_kept as u64,
            rows_rejected: self.rows_rejected as u64,
        })
    }
}

impl Transaction {
    pub(super) async fn last_import(&mut self) -> Result<Option<Import>> {
        const SELECT: &str = "
            SELECT
                dataset_sha256,
                state,
                rows_read,
                rows_kept,
                rows_rejected
            FROM imports
            ORDER BY import_id DESC
            LIMIT 1";

        let row: Option<ImportRow> = fetch!(query_as, fetch_optional, self, SELECT)?;

        Ok(row.map(Import::from))
    }

    pub(super) async fn start_import(
        &mut self,
        dataset_sha256: &str,
        now: DateTime<Utc>,
    ) -> Result<i64> {
        const INSERT: &str = "
            INSERT INTO imports (
                dataset_sha256,
                state,
                started_at
            )
            VALUES ($1, 'running', $2)
            RETURNING import_id";

        Ok(fetch!(
            query_scalar,
            fetch_one,
            self,
            INSERT,
            dataset_sha256,
            now.timestamp()
        )?)
    }

    pub(super) async fn finish_import(
        &mut self,
        import_id: i64,
        report: &ImportReport,
        now: DateTime<Utc>,
    ) -> Result<()> {
        const UPDATE: &str = "
            UPDATE imports
            SET
                state = 'done',
                finished_at = $2,
                rows_read = $3,
                rows_kept = $4,
                rows_rejected = $5
            WHERE import_id = $1";

        execute!(
            self,
            UPDATE,
            import_id,
            now.timestamp(),
            report.rows_read as i64,
            report.rows_kept as i64,
            report.rows_rejected as i64
        )?;

        Ok(())
    }
}

row! {
    struct ImportRow {
        dataset_sha256: String,
        state: String,
        rows_read: i64,
        rows_kept: i64,
        rows_rejected: i64,
    }
}

impl From<ImportRow> for Import {
    fn from(row: ImportRow) -> Self {
        Self {
            dataset_sha256: row.dataset_sha256,
            is_done: row.state == "done",
            rows_read: row.rows_read as u64,
            rows_kept: row.rows_kept as u64,
            rows_rejected: row.rows_rejected as u64,
        }
    }
}
