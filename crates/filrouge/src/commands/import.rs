//! `filrouge import`: the cleaned files into the database. What it does and how it resumes:
//! `IMPORT.md`.

mod files;
mod published;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use anyhow::Result;
use filrouge_collect::{Run, latest_whole_run};
use filrouge_database::{
    Begun, Database, ImportReport, Maintenance, StationStatus, Subscriber, SubscriberNumber,
};
use filrouge_dataset::{Dataset, read_conditions, read_dataset};
use filrouge_storage::StateFolder;
use filrouge_types::{Clock, Station, StationId, SystemClock};
use serde::Deserialize;

use crate::cli::GlobalArgs;
use crate::commands::gdpr;
use crate::{database, print, state};

use files::{read_json, read_json_lines};

/// Rows handed to the database at a time.
const BATCH: usize = 8192;

pub(crate) async fn run(global: &GlobalArgs) -> Result<()> {
    let state = state::open(&global.state)?;
    let database = database::open(&state).await?;
    let imported = import(&state, &database, &SystemClock).await?;
    database.close().await;
    print::line(&summary(&imported));
    Ok(())
}

/// The outcome of an import.
pub(crate) struct Imported {
    station_hours: ImportReport,
    /// Stations that conditions, statuses or maintenance name and that no source describes: those
    /// records are set aside.
    unknown_stations: BTreeSet<StationId>,
}

/// Imports all that the last cleaning and the last collection gave.
pub(crate) async fn import(
    state: &StateFolder,
    database: &Database,
    clock: &dyn Clock,
) -> Result<Imported> {
    // The stations come first: every other record refers to one.
    let stations: Vec<Station> = read_json(&state::clean_file(state, "stations.json")?)?;
    database.save_stations(&stations, clock.now()).await?;

    let station_hours = import_station_hours(state, database, clock).await?;
    let mut unknown_stations = BTreeSet::new();
    unknown_stations.extend(import_conditions(state, database, clock).await?);
    unknown_stations.extend(import_statuses(state, database, clock).await?);

    let run = latest_whole_run(state.root())?;
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

/// The outcome of an import, in one sentence.
pub(crate) fn summary(imported: &Imported) -> String {
    let report = &imported.station_hours;
    let mut text = format!(
        "{} lignes lues, {} en base, {} écartées ; {} jours écrits, {} inchangés, {} retirés",
        report.rows_read,
        report.rows_kept,
        report.rows_rejected,
        report.days_written,
        report.days_unchanged,
        report.days_removed
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
    let dataset = read_dataset(&state::station_hours(state)?)?.table;
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
    if !state.conditions().exists() {
        return Ok(Vec::new());
    }
    let path = state::clean_file(state, "conditions.parquet")?;
    let conditions: Vec<_> = read_conditions(&path)?.table.iter().collect();
    Ok(database
        .replace_conditions(&conditions, clock.now())
        .await?)
}

async fn import_statuses(
    state: &StateFolder,
    database: &Database,
    clock: &dyn Clock,
) -> Result<Vec<StationId>> {
    let statuses: Vec<StationStatus> =
        read_json(&state::clean_file(state, "station_status.json")?)?;

    Ok(database
        .replace_station_status(&statuses, clock.now())
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

    let personal_data = gdpr::open(state, database, "import", clock).await?;
    personal_data
        .replace_subscribers(&subscribers)
        .await
        .map_err(gdpr::in_french)?;
    Ok(())
}

/// A subscriber as the extraction query gives it.
#[derive(Deserialize)]
struct ReceivedSubscriber {
    subscriber_number: String,
    district: Option<String>,
    plan: Option<String>,
}

impl From<ReceivedSubscriber> for Subscriber {
    fn from(received: ReceivedSubscriber) -> Self {
        let ReceivedSubscriber {
            subscriber_number,
            district,
            plan,
        } = received;
        Self {
            number: SubscriberNumber::from(subscriber_number),
            district,
            plan,
        }
    }
}
