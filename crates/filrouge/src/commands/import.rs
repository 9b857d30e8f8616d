//! `filrouge import`: the cleaned files into the database. What it does and how it resumes: `IMPORT.md`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use filrouge_collect::latest_run;
use filrouge_database::{Begun, Database, ImportReport, Maintenance, StationStatus, Subscriber};
use filrouge_dataset::{Dataset, read_conditions, read_dataset};
use filrouge_types::{Clock, Station, SystemClock};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cli::Place;
use crate::print;
use crate::state::State;

/// Rows handed to the database at a time.
const BATCH: usize = 8192;

pub async fn run(place: &Place) -> Result<()> {
    let state = State::open(&place.state)?;
    let database = open(&state).await?;
    let report = import(&state, &database, &SystemClock).await?;
    database.close().await;
    print::line(&summary(&report));
    Ok(())
}

/// Opens the database of the state and brings its schema up to date.
pub async fn open(state: &State) -> Result<Database> {
    let database = Database::open(&state.database_url()).await.context("la base de données ne répond pas")?;
    database.migrate().await.context("le schéma de la base ne peut être mis à jour")?;
    Ok(database)
}

/// Imports all that the last cleaning and the last collection gave.
pub async fn import(state: &State, database: &Database, clock: &dyn Clock) -> Result<ImportReport> {
    let stations: Vec<Station> = read_json(&state.clean().join("stations.json"))?;
    database.save_stations(&stations, clock.now()).await?;
    let report = import_station_hours(state, database, clock).await?;
    import_conditions(state, database, clock).await?;
    let statuses: Vec<StationStatus> = read_json(&state.clean().join("station_status.json"))?;
    database.replace_station_status(&statuses, clock.now()).await?;
    import_operator(state, database).await?;
    Ok(report)
}

/// What an import did, in one sentence.
pub fn summary(report: &ImportReport) -> String {
    format!(
        "{} lignes lues, {} en base, {} écartées ; {} jours écrits, {} inchangés",
        report.rows_read, report.rows_kept, report.rows_rejected, report.days_written, report.days_unchanged
    )
}

async fn import_station_hours(state: &State, database: &Database, clock: &dyn Clock) -> Result<ImportReport> {
    let dataset = read_dataset(&state.station_hours())?.table;
    let mut importer = match database.begin_import(&dataset.content_sha256(), clock.now()).await? {
        Begun::AlreadyDone(report) => return Ok(report),
        Begun::Awaiting(importer) => importer,
    };
    for batch in by_hour(&dataset).chunks(BATCH) {
        let rows: Vec<_> = batch.iter().map(|&index| dataset.row(index as usize)).collect();
        importer.add(rows).await?;
    }
    Ok(importer.finish(clock.now()).await?)
}

/// The rows in order of hours: the data set is sorted by station first, the database takes day after day.
fn by_hour(dataset: &Dataset) -> Vec<u32> {
    let mut order: Vec<u32> = (0..dataset.len() as u32).collect();
    order.sort_by_key(|&index| dataset.conditions.hour[index as usize]);
    order
}

async fn import_conditions(state: &State, database: &Database, clock: &dyn Clock) -> Result<()> {
    let path = state.conditions();
    if path.exists() {
        let conditions: Vec<_> = read_conditions(&path)?.table.iter().collect();
        database.replace_conditions(&conditions, clock.now()).await?;
    }
    Ok(())
}

/// The operator's own records come straight from the last collection: nothing in them is cleaned.
async fn import_operator(state: &State, database: &Database) -> Result<()> {
    let Some(run) = latest_run(state.root())? else { return Ok(()) };
    let sql = run.folder.join("sql");
    let subscribers: Vec<ReceivedSubscriber> = read_json_lines(&sql.join("subscribers.jsonl"))?;
    database.replace_subscribers(&subscribers.into_iter().map(Subscriber::from).collect::<Vec<_>>()).await?;
    let works: Vec<Maintenance> = read_json_lines(&sql.join("maintenance.jsonl"))?;
    database.save_maintenance(&works).await?;
    Ok(())
}

/// A subscriber as the extraction query gives it.
#[derive(Deserialize)]
struct ReceivedSubscriber {
    subscriber_pseudonym: String,
    age_band: Option<String>,
    district: Option<String>,
    plan: Option<String>,
}

impl From<ReceivedSubscriber> for Subscriber {
    fn from(received: ReceivedSubscriber) -> Self {
        let ReceivedSubscriber { subscriber_pseudonym, age_band, district, plan } = received;
        Self { subscriber_key: subscriber_pseudonym, age_band, district, plan }
    }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("`{}` manque : lancez d'abord `filrouge aggregate`", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` est illisible", path.display()))
}

/// A source that was not collected has no file: that is no record, not an error.
fn read_json_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path).with_context(|| format!("`{}` est illisible", path.display()))?;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            serde_json::from_str(line).with_context(|| format!("`{}`, ligne {}", path.display(), index + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_not_a_record_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("subscribers.jsonl");
        fs::write(&path, "{\"subscriber_pseudonym\":\"a\"}\nnot json\n").unwrap();
        let error = read_json_lines::<ReceivedSubscriber>(&path).err().unwrap();
        assert!(error.to_string().contains("subscribers.jsonl`, ligne 2"), "{error}");
    }

    #[test]
    fn rows_are_handed_over_hour_by_hour() {
        let row = |station: &str, hour: i64| filrouge_types::StationHour {
            conditions: filrouge_types::Conditions {
                station_id: station.parse().unwrap(),
                hour: filrouge_types::Hour::from_hours_since_epoch(hour),
                weather: filrouge_types::Weather::default(),
                is_public_holiday: None,
                is_school_holiday: None,
                event_count: None,
            },
            departures: 0,
        };
        let dataset = Dataset::from_rows([row("A", 2), row("A", 1), row("B", 1)]).unwrap();
        let rows: Vec<_> = by_hour(&dataset).into_iter().map(|index| dataset.row(index as usize)).collect();
        assert_eq!(rows, [row("A", 1), row("B", 1), row("A", 2)]);
    }
}
