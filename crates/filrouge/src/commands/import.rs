//! `filrouge import`: the cleaned files into the database. What it does and how it resumes:
//! `IMPORT.md`.

mod published;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use filrouge_collect::{Run, latest_run};
use filrouge_database::{
    Begun, Database, ImportReport, Maintenance, StationStatus, Subscriber, SubscriberNumber,
};
use filrouge_dataset::{Dataset, read_conditions, read_dataset};
use filrouge_storage::StateFolder;
use filrouge_types::{Clock, Station, StationId, SystemClock};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cli::GlobalArgs;
use crate::commands::gdpr;
use crate::print;
use crate::state;

/// Rows handed to the database at a time.
const BATCH: usize = 8192;

pub(crate) async fn run(global: &GlobalArgs) -> Result<()> {
    let state = state::open(&global.state)?;
    let database = open(&state).await?;
    let imported = import(&state, &database, &SystemClock).await?;
    database.close().await;
    print::line(&summary(&imported));
    Ok(())
}

/// What became of all that was given.
pub(crate) struct Imported {
    station_hours: ImportReport,
    /// Stations that conditions, statuses or maintenance name and that no source describes: those
    /// records are set aside.
    unknown_stations: BTreeSet<StationId>,
}

/// Opens the database of the state and brings its schema up to date.
pub(crate) async fn open(state: &StateFolder) -> Result<Database> {
    let database = Database::open(&state::database_url(state))
        .await
        .context("la base de données ne répond pas")?;
    database
        .migrate()
        .await
        .context("le schéma de la base ne peut être mis à jour")?;
    Ok(database)
}

/// Imports all that the last cleaning and the last collection gave.
pub(crate) async fn import(
    state: &StateFolder,
    database: &Database,
    clock: &dyn Clock,
) -> Result<Imported> {
    let stations: Vec<Station> = read_json(&state.clean().join("stations.json"))?;
    database.save_stations(&stations, clock.now()).await?;
    let station_hours = import_station_hours(state, database, clock).await?;
    let mut unknown_stations = BTreeSet::new();
    unknown_stations.extend(import_conditions(state, database, clock).await?);
    let statuses: Vec<StationStatus> = read_json(&state.clean().join("station_status.json"))?;

    unknown_stations.extend(
        database
            .replace_station_status(&statuses, clock.now())
            .await?,
    );
    let run = latest_run(state.root())?;

    if let Some(run) = &run {
        unknown_stations.extend(import_maintenance(run, database).await?);
        import_subscribers(state, run, database, clock).await?;
    }

    published::import(state, run.as_ref(), database, clock.now()).await?;
    Ok(Imported {
        station_hours,
        unknown_stations,
    })
}

/// What an import did, in one sentence.
pub(crate) fn summary(imported: &Imported) -> String {
    let report = &imported.station_hours;
    let mut text = format!(
        "{} lignes lues, {} en base, {} écartées ; {} jours écrits, {} inchangés",
        report.rows_read,
        report.rows_kept,
        report.rows_rejected,
        report.days_written,
        report.days_unchanged
    );

    if !imported.unknown_stations.is_empty() {
        let names: Vec<&str> = imported
            .unknown_stations
            .iter()
            .map(StationId::as_str)
            .collect();

        text += &format!(
            " ; stations inconnues, mises de côté : {}",
            names.join(", ")
        );
    }

    text
}

async fn import_station_hours(
    state: &StateFolder,
    database: &Database,
    clock: &dyn Clock,
) -> Result<ImportReport> {
    let dataset = read_dataset(&state.station_hours())?.table;
    let mut importer = match database
        .begin_import(&dataset.content_sha256(), clock.now())
        .await?
    {
        Begun::AlreadyDone(report) => return Ok(report),
        Begun::Awaiting(importer) => importer,
    };
    for batch in by_hour(&dataset).chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|&index| dataset.row(index as usize))
            .collect();
        importer.add(rows).await?;
    }
    Ok(importer.finish(clock.now()).await?)
}

/// The rows in order of hours: the data set is sorted by station first, the database takes day
/// after day.
fn by_hour(dataset: &Dataset) -> Vec<u32> {
    let mut order: Vec<u32> = (0..dataset.len() as u32).collect();
    order.sort_by_key(|&index| dataset.conditions.hour[index as usize]);
    order
}

async fn import_conditions(
    state: &StateFolder,
    database: &Database,
    clock: &dyn Clock,
) -> Result<Vec<StationId>> {
    let path = state.conditions();
    if !path.exists() {
        return Ok(Vec::new());
    }
    let conditions: Vec<_> = read_conditions(&path)?.table.iter().collect();
    Ok(database
        .replace_conditions(&conditions, clock.now())
        .await?)
}

/// The operator's own records come straight from the last collection: nothing in them is cleaned.
async fn import_maintenance(run: &Run, database: &Database) -> Result<Vec<StationId>> {
    let works: Vec<Maintenance> = read_json_lines(&run.folder.join("sql/maintenance.jsonl"))?;
    Ok(database.save_maintenance(&works).await?)
}

/// Subscribers enter under pseudonyms. A collection without the file, be it purged, says nothing of
/// who left.
async fn import_subscribers(
    state: &StateFolder,
    run: &Run,
    database: &Database,
    clock: &dyn Clock,
) -> Result<()> {
    let path = run.folder.join("sql/subscribers.jsonl");
    if !path.exists() {
        return Ok(());
    }
    let received: Vec<ReceivedSubscriber> = read_json_lines(&path)?;
    let subscribers: Vec<Subscriber> = received.into_iter().map(Subscriber::from).collect();
    let gdpr = gdpr::open(state, database, "import", clock).await?;
    gdpr.replace_subscribers(&subscribers).await?;
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
        let ReceivedSubscriber {
            subscriber_pseudonym,
            age_band,
            district,
            plan,
        } = received;
        Self {
            number: SubscriberNumber::from(subscriber_pseudonym),
            age_band,
            district,
            plan,
        }
    }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| {
        format!(
            "`{}` manque : lancez d'abord `filrouge aggregate`",
            path.display()
        )
    })?;
    serde_json::from_str(&text).with_context(|| format!("`{}` est illisible", path.display()))
}

/// A source that was not collected has no file: that is no record, not an error.
fn read_json_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text =
        fs::read_to_string(path).with_context(|| format!("`{}` est illisible", path.display()))?;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("`{}`, ligne {}", path.display(), index + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests;
