//! The import of a station-hour data set: day by day, each day whole or not at all.
//!
//! A day is compared with its last import, by a hash of its content, and is
//! rewritten only when it differs. So the same command does everything: the first import writes
//! all, the next hour's import writes one day, and one that was killed takes up again where it
//! stopped.

mod day;
mod ledger;
mod rejects;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use filrouge_types::{Hour, StationHour};

use crate::engine::{Access, Database};
use crate::{DatabaseError, Resource, Result};

use day::{Day, HOURS_A_DAY, ImportedDay};
pub use ledger::{DatasetVersion, ImportReport};
pub use rejects::RejectedRow;

/// An import may have nothing to do.
#[derive(Debug)]
pub enum Begun {
    /// This very data set is the one imported last, and every row of it was kept.
    AlreadyDone(ImportReport),
    /// Rows are awaited.
    Awaiting(Importer),
}

/// An import under way.
#[derive(Debug)]
pub struct Importer {
    database: Database,
    import_id: i64,
    now: DateTime<Utc>,
    stations: HashMap<String, i64>,
    imported_days: HashMap<i64, ImportedDay>,
    rows: Vec<StationHour>,
    last_hour: Option<Hour>,
    report: ImportReport,
}

impl Database {
    /// Begins, or takes up again, the import of the data set whose file has this SHA-256 (64
    /// hexadecimal digits). The stations must be there before: a row of an unknown station is set
    /// aside.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_import(&self, dataset_sha256: &str, now: DateTime<Utc>) -> Result<Begun> {
        let mut transaction = self.begin(Access::Write).await?;
        let last = transaction.last_import().await?;

        let same = last.filter(|import| import.dataset_sha256 == dataset_sha256);
        let import_id = match same {
            // Rows set aside are tried again: their station may be known by now.
            Some(import) if import.is_complete() => return Ok(Begun::AlreadyDone(import.report())),
            // It was killed: the days it wrote are found by their hashes.
            Some(import) if !import.is_done => import.import_id,
            _ => transaction.start_import(dataset_sha256, now).await?,
        };

        let importer = Importer {
            database: self.clone(),
            import_id,
            now,
            stations: transaction.station_keys().await?,
            imported_days: transaction.imported_days().await?,
            rows: Vec::new(),
            last_hour: None,
            report: ImportReport::default(),
        };

        transaction.commit().await?;
        Ok(Begun::Awaiting(importer))
    }
}

impl Importer {
    /// Takes rows, in order of hours from one call to the next; a day is written when the next one
    /// begins.
    ///
    /// # Errors
    /// When an hour comes after a later one, or the database does not answer.
    pub async fn add(
        &mut self,
        rows: impl IntoIterator<Item = StationHour, IntoIter: Send>,
    ) -> Result<()> {
        for row in rows {
            let hour = row.conditions.hour;
            if let Some(after) = self.last_hour.replace(hour) {
                if hour < after {
                    return Err(DatabaseError::OutOfOrder { hour, after });
                }
                // A day is whole once an hour of the next one comes.
                if day_of(hour) != day_of(after) {
                    self.end_day().await?;
                }
            }

            self.rows.push(row);
        }

        Ok(())
    }

    /// Writes the last day and closes the import.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn finish(mut self, now: DateTime<Utc>) -> Result<ImportReport> {
        self.end_day().await?;
        let mut transaction = self.database.begin(Access::Write).await?;
        transaction
            .finish_import(self.import_id, &self.report, now)
            .await?;
        transaction.commit().await?;
        Ok(self.report)
    }

    async fn end_day(&mut self) -> Result<()> {
        let Some(first) = self.rows.first() else {
            return Ok(());
        };
        let number = day_of(first.conditions.hour);
        let day = Day::new(number, &self.rows, &self.stations);

        let known = self.imported_days.get(&number);
        let imported = match known.filter(|imported| imported.is_still(&day)) {
            Some(imported) => {
                self.report.days_unchanged += 1;
                imported.clone()
            }
            None => {
                self.report.days_written += 1;
                self.write(&day).await?
            }
        };

        self.report.rows_read += self.rows.len() as u64;
        self.report.rows_kept += imported.rows_kept;
        self.report.rows_rejected += imported.rows_rejected;

        // Keeps the room of the rows for the next day.
        self.rows.clear();
        Ok(())
    }

    /// Most days hold no bad row and are written in a few statements. When the database refuses one
    /// of them, the day is written again row by row, so that it says which ones it refuses and why.
    async fn write(&self, day: &Day<'_>) -> Result<ImportedDay> {
        let at_once = self.write_with(day, false).await;
        match at_once {
            Err(DatabaseError::Statement(error)) if rejects::is_refusal(&error) => {
                self.write_with(day, true).await
            }
            other => other,
        }
    }

    async fn write_with(&self, day: &Day<'_>, row_by_row: bool) -> Result<ImportedDay> {
        let mut transaction = self.database.begin(Access::Write).await?;
        let imported = transaction.replace_day(day, row_by_row).await?;
        transaction
            .raise_revision(Resource::StationHours, self.now)
            .await?;
        transaction.commit().await?;
        Ok(imported)
    }
}

fn day_of(hour: Hour) -> i64 {
    hour.hours_since_epoch().div_euclid(HOURS_A_DAY)
}
