//! The import of a station-hour data set: whole or not at all, in one transaction. Readers see the
//! data set of before until its last statement, then the new one.
//!
//! A day is compared with its last import, by a hash of its content, and is rewritten only when it
//! differs: the first import writes all, the next hour's import writes one day. Days that the new
//! data set lacks are removed. An import that was killed has changed nothing, and is run again.

mod day;
mod day_number;
mod ledger;
mod rejects;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use filrouge_types::{Hour, StationHour};

use crate::engine::{Access, Database, Transaction};
use crate::{DatabaseError, Resource, Result};

use day::{Day, ImportedDay};
use day_number::day_of;
pub use ledger::{DatasetVersion, ImportReport};
pub use rejects::{RejectPosition, RejectedRow};

/// An import may have nothing to do.
#[derive(Debug)]
pub enum Begun {
    /// This very data set is the one imported last, and every row of it was kept.
    AlreadyDone(ImportReport),
    /// Rows are awaited.
    Awaiting(Box<Importer>),
}

/// An import under way; dropping it leaves everything as it was.
#[derive(Debug)]
pub struct Importer {
    transaction: Transaction,
    import_id: i64,
    stations: HashMap<String, i64>,
    imported_days: HashMap<i64, ImportedDay>,
    rows: Vec<StationHour>,
    last_hour: Option<Hour>,
    seen_days: HashSet<i64>,
    report: ImportReport,
}

impl Database {
    /// Begins the import of the data set whose file has this SHA-256 (64 hexadecimal digits).
    /// Other writers wait until it ends. The stations must be there before: a row of an unknown
    /// station is set aside.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_import(&self, dataset_sha256: &str, now: DateTime<Utc>) -> Result<Begun> {
        let mut transaction = self.begin(Access::Write).await?;
        let last = transaction.last_import().await?;

        // Rows set aside are tried again: their station may be known by now.
        let same = last.filter(|import| import.dataset_sha256 == dataset_sha256);
        if let Some(import) = same.filter(ledger::Import::is_complete) {
            let days = transaction.imported_days().await?;
            return Ok(Begun::AlreadyDone(import.report_unchanged(days.len())));
        }

        Ok(Begun::Awaiting(Box::new(Importer {
            import_id: transaction.start_import(dataset_sha256, now).await?,
            stations: transaction.station_keys().await?,
            imported_days: transaction.imported_days().await?,
            transaction,
            rows: Vec::new(),
            last_hour: None,
            seen_days: HashSet::new(),
            report: ImportReport::default(),
        })))
    }
}

impl Importer {
    /// Takes rows, in order of hours from one call to the next.
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

    /// Writes the last day, removes those that were not given, and shows the whole to readers.
    ///
    /// # Errors
    /// When the database does not answer: nothing is then changed.
    pub async fn finish(mut self, now: DateTime<Utc>) -> Result<ImportReport> {
        self.end_day().await?;
        self.remove_days_not_given().await?;

        if self.report.changes_anything() {
            self.transaction
                .raise_revision(Resource::StationHours, now)
                .await?;
        }
        self.transaction
            .finish_import(self.import_id, &self.report, now)
            .await?;

        self.transaction.commit().await?;
        Ok(self.report)
    }

    async fn end_day(&mut self) -> Result<()> {
        let Some(first) = self.rows.first() else {
            return Ok(());
        };
        let number = day_of(first.conditions.hour);
        let day = Day::new(number, &self.rows, &self.stations);
        self.seen_days.insert(number);

        let known = self.imported_days.get(&number);
        let imported = match known.filter(|imported| imported.is_still(&day)) {
            Some(imported) => {
                self.report.days_unchanged += 1;
                imported.clone()
            }
            None => {
                self.report.days_written += 1;
                self.transaction.write_day(&day).await?
            }
        };

        self.report.rows_read += self.rows.len() as u64;
        self.report.rows_kept += imported.rows_kept;
        self.report.rows_rejected += imported.rows_rejected;

        // Keeps the room of the rows for the next day.
        self.rows.clear();
        Ok(())
    }

    async fn remove_days_not_given(&mut self) -> Result<()> {
        for day in self.imported_days.keys() {
            if !self.seen_days.contains(day) {
                self.transaction.remove_day(*day).await?;
                self.report.days_removed += 1;
            }
        }
        Ok(())
    }
}
