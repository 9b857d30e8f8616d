use std::collections::{HashMap, HashSet};

use filrouge_types::StationHour;
use sha2::{Digest, Sha256};

use super::day_number::span;
use super::rejects::{Reject, is_refusal};
use crate::conditions_cache::HourConditions;
use crate::engine::Transaction;
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::station_hours::StoredHour;
use crate::{DatabaseError, Result};

/// The content of one day in the database.
#[derive(Debug, Clone)]
pub(super) struct ImportedDay {
    content_sha256: String,
    pub(super) rows_kept: u64,
    pub(super) rows_rejected: u64,
}

impl ImportedDay {
    /// A day with rejects is always tried again: the station that was unknown may be known by now.
    pub(super) fn is_still(&self, day: &Day<'_>) -> bool {
        self.content_sha256 == day.content_sha256 && self.rows_rejected == 0
    }
}

row! {
    struct DayRow {
        day: i64,
        content_sha256: String,
        rows_kept: i64,
        rows_rejected: i64,
    }
}

impl From<DayRow> for ImportedDay {
    fn from(row: DayRow) -> Self {
        Self {
            content_sha256: row.content_sha256,
            rows_kept: row.rows_kept as u64,
            rows_rejected: row.rows_rejected as u64,
        }
    }
}

/// The rows of one day, ready to be written.
pub(super) struct Day<'a> {
    number: i64,
    content_sha256: String,
    rows: Vec<(&'a StationHour, StoredHour)>,
    conditions: HashMap<i64, HourConditions>,
    rejects: Vec<Reject>,
}

impl<'a> Day<'a> {
    /// Sets aside at once the rows that no statement can hold: those of an unknown station, and the
    /// second of two for one station and hour.
    pub(super) fn new(
        number: i64,
        rows: &'a [StationHour],
        stations: &HashMap<String, i64>,
    ) -> Self {
        let mut day = Self {
            number,
            content_sha256: String::new(),
            rows: Vec::new(),
            conditions: HashMap::new(),
            rejects: Vec::new(),
        };
        let mut hasher = Sha256::new();
        let mut seen = HashSet::with_capacity(rows.len());

        for row in rows {
            let conditions = HourConditions::of(&row.conditions);
            let conditions_key = conditions.key();
            // Before any row is set aside: the hash is of the day as it was given.
            hash_row(&mut hasher, row, conditions_key);

            match stations.get(row.conditions.station_id.as_str()) {
                None => day.reject(row, "unknown station"),
                Some(key) if !seen.insert((row.conditions.hour, *key)) => {
                    day.reject(row, "second row of this station and hour");
                }
                Some(key) => day.add(row, StoredHour::new(row, *key, conditions_key), conditions),
            }
        }

        day.content_sha256 = hex::encode(hasher.finalize());
        day
    }

    fn add(&mut self, row: &'a StationHour, stored: StoredHour, conditions: HourConditions) {
        self.conditions.insert(stored.conditions_key, conditions);
        self.rows.push((row, stored));
    }

    fn reject(&mut self, row: &StationHour, reason: &str) {
        self.rejects.push(Reject::new(row, reason));
    }
}

fn hash_row(hasher: &mut Sha256, row: &StationHour, conditions_key: i64) {
    let station_id = row.conditions.station_id.as_str();
    // The length first: two identifiers side by side could read as two others.
    hasher.update((station_id.len() as u64).to_le_bytes());
    hasher.update(station_id);

    hasher.update(row.conditions.hour.hours_since_epoch().to_le_bytes());
    hasher.update(row.departures.to_le_bytes());
    // −1 is no count of events: it stands for an unknown one.
    let events = row.conditions.event_count.map_or(-1, i64::from);
    hasher.update(events.to_le_bytes());
    hasher.update(conditions_key.to_le_bytes());
}

impl Transaction {
    pub(super) async fn imported_days(&mut self) -> Result<HashMap<i64, ImportedDay>> {
        const SELECT: &str = "
            SELECT
                day,
                content_sha256,
                rows_kept,
                rows_rejected
            FROM import_days";

        let rows: Vec<DayRow> = fetch!(query_as, fetch_all, self, SELECT)?;

        Ok(rows
            .into_iter()
            .map(|row| (row.day, ImportedDay::from(row)))
            .collect())
    }

    /// Puts the day's rows in place of those that were there. Most days hold no bad row and are
    /// written in a few statements. When the database refuses one of them, the day is written
    /// again row by row, so that it says which ones it refuses and why.
    pub(super) async fn write_day(&mut self, day: &Day<'_>) -> Result<ImportedDay> {
        self.clear_day(day.number).await?;

        // PostgreSQL ends the whole transaction at the first refusal without one.
        self.run("SAVEPOINT one_day").await?;
        let refused = match self.add_at_once(day).await {
            Ok(()) => Vec::new(),
            Err(DatabaseError::Statement(error)) if is_refusal(&error) => {
                self.run("ROLLBACK TO SAVEPOINT one_day").await?;
                self.add_row_by_row(day).await?
            }
            Err(error) => return Err(error),
        };
        self.run("RELEASE SAVEPOINT one_day").await?;

        let (first, last) = span(day.number);
        self.remove_unused_conditions(first, last).await?;
        self.note_day(day, &refused).await
    }

    /// Removes a day that the data set does not have any more.
    pub(super) async fn remove_day(&mut self, number: i64) -> Result<()> {
        const DELETE: &str = "DELETE FROM import_days WHERE day = $1";

        self.clear_day(number).await?;
        let (first, last) = span(number);
        self.remove_unused_conditions(first, last).await?;

        execute!(self, DELETE, number)?;
        Ok(())
    }

    async fn clear_day(&mut self, number: i64) -> Result<()> {
        let (first, last) = span(number);
        self.remove_rejects(number).await?;
        self.remove_station_hours(first, last).await
    }

    async fn note_day(&mut self, day: &Day<'_>, refused: &[Reject]) -> Result<ImportedDay> {
        let rejects = [day.rejects.as_slice(), refused].concat();
        let imported = ImportedDay {
            content_sha256: day.content_sha256.clone(),
            rows_kept: (day.rows.len() - refused.len()) as u64,
            rows_rejected: rejects.len() as u64,
        };

        self.save_imported_day(day.number, &imported).await?;
        self.add_rejects(day.number, &rejects).await?;
        Ok(imported)
    }

    async fn add_at_once(&mut self, day: &Day<'_>) -> Result<()> {
        let mut conditions: Vec<_> = day
            .conditions
            .iter()
            .map(|(key, conditions)| (*key, *conditions))
            .collect();
        // In the order of the primary key: pages of the table fill one after the other.
        conditions.sort_unstable_by_key(|(key, conditions)| (conditions.hour, *key));
        self.add_hour_conditions(&conditions).await?;

        let mut rows: Vec<StoredHour> = day.rows.iter().map(|(_, row)| *row).collect();
        rows.sort_unstable_by_key(|row| (row.hour, row.station_key));
        self.add_station_hours(&rows).await
    }

    async fn add_row_by_row(&mut self, day: &Day<'_>) -> Result<Vec<Reject>> {
        let mut refused = Vec::new();

        for (row, stored) in &day.rows {
            self.run("SAVEPOINT one_row").await?;
            match self.add_one(day, stored).await {
                Ok(()) => self.run("RELEASE SAVEPOINT one_row").await?,
                Err(DatabaseError::Statement(error)) if is_refusal(&error) => {
                    self.run("ROLLBACK TO SAVEPOINT one_row").await?;
                    refused.push(Reject::new(
                        row,
                        &format!("breaks a rule of the model: {error}"),
                    ));
                }
                Err(error) => return Err(error),
            }
        }

        Ok(refused)
    }

    async fn add_one(&mut self, day: &Day<'_>, row: &StoredHour) -> Result<()> {
        if let Some(conditions) = day.conditions.get(&row.conditions_key) {
            self.add_hour_conditions(&[(row.conditions_key, *conditions)])
                .await?;
        }
        self.add_station_hours(std::slice::from_ref(row)).await
    }

    async fn save_imported_day(&mut self, number: i64, imported: &ImportedDay) -> Result<()> {
        const UPSERT: &str = "
            INSERT INTO import_days (
                day,
                content_sha256,
                rows_kept,
                rows_rejected
            )
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (day) DO UPDATE SET
                content_sha256 = excluded.content_sha256,
                rows_kept = excluded.rows_kept,
                rows_rejected = excluded.rows_rejected";

        execute!(
            self,
            UPSERT,
            number,
            &imported.content_sha256,
            imported.rows_kept as i64,
            imported.rows_rejected as i64
        )?;

        Ok(())
    }
}
