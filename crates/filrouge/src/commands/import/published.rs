//! The data that the API serves beside the hours: events, flows between stations, quality of the
//! cleaning, lineage.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use filrouge_aggregate::{SourceSummary, Summary};
use filrouge_collect::{Manifest, Run, SourceEntry, SourceState};
use filrouge_database::disclosure::CountTable;
use filrouge_database::{
    CleanedSource, CollectedFile, CollectedSource, CollectionRun, Database, Event, RuleCount,
};
use filrouge_lake::{OutputFormat, QueryEngine};
use filrouge_storage::StateFolder;
use serde::Deserialize;

use super::files::{read_json, read_json_lines};
use crate::project;

/// Imports them all; each replaces or completes the rows that are there, so that a killed import is
/// run again.
pub(super) async fn import(
    state: &StateFolder,
    run: Option<&Run>,
    database: &Database,
    now: DateTime<Utc>,
) -> Result<()> {
    import_quality(state, database, now).await?;
    import_flows(state, database, now).await?;

    let Some(run) = run else { return Ok(()) };
    let events: Vec<ReceivedEvent> = read_json_lines(&run.folder.join("web_page/events.jsonl"))?;
    let events: Vec<Event> = events
        .into_iter()
        .filter_map(ReceivedEvent::known)
        .collect();

    database.save_events(&events, now).await?;
    database
        .save_run(&lineage(Manifest::read(&run.folder)?), now)
        .await?;

    Ok(())
}

async fn import_quality(
    state: &StateFolder,
    database: &Database,
    now: DateTime<Utc>,
) -> Result<()> {
    let path = state.clean().join("summary.json");
    if !path.exists() {
        return Ok(());
    }
    let summary: Summary = read_json(&path)?;
    let sources: Vec<CleanedSource> = summary.sources.into_iter().map(cleaned).collect();
    Ok(database.replace_cleaned_sources(&sources, now).await?)
}

fn cleaned(source: SourceSummary) -> CleanedSource {
    let rows_rejected = source.rejected_rows();
    let actions = [
        ("rejected", source.rejected),
        ("repaired", source.repaired),
        ("reported", source.reported),
    ];

    let rules = actions.into_iter().flat_map(|(action, rules)| {
        rules.into_iter().map(move |(rule, rows)| RuleCount {
            rule,
            action: action.to_owned(),
            rows,
        })
    });

    CleanedSource {
        rules: rules.collect(),
        source: source.source,
        rows_read: source.kept + rows_rejected,
        rows_kept: source.kept,
        rows_rejected,
    }
}

/// The months of the lake are complete: a month that is there is not counted again.
async fn import_flows(state: &StateFolder, database: &Database, now: DateTime<Utc>) -> Result<()> {
    let lake = state.lake();
    if !lake.join("trips").is_dir() {
        return Ok(());
    }

    let last = database.flow_months().await?.last().copied().unwrap_or(0);
    let months = tokio::task::spawn_blocking(move || count_flows(&lake, last)).await??;
    for (month, counts) in months {
        if !database.replace_trip_flows(month, &counts, now).await? {
            tracing::info!(
                month,
                "the flows of this month cannot be shown without showing small groups"
            );
        }
    }

    Ok(())
}

fn count_flows(lake: &std::path::Path, after: u32) -> Result<BTreeMap<u32, CountTable>> {
    let first = (after + 1).to_string();
    let query = project::home().join("data/queries/lake/flows_by_month.sql");
    let query = filrouge_lake::read_query(&query, &[("first_month", &first)])?;
    let mut answer = Vec::new();

    filrouge_lake::print_query(
        lake,
        &query,
        &QueryEngine::InProcess,
        OutputFormat::Csv,
        &mut answer,
    )?;

    let mut months: BTreeMap<u32, Vec<(String, String, u64)>> = BTreeMap::new();

    for flow in csv::Reader::from_reader(answer.as_slice()).deserialize() {
        let flow: MonthFlow = flow.context("flux illisibles")?;
        let cell = (flow.origin, flow.destination, flow.trips);
        months.entry(flow.month).or_default().push(cell);
    }

    Ok(months
        .into_iter()
        .map(|(month, flows)| (month, flows.into_iter().collect()))
        .collect())
}

/// A row of `flows_by_month.sql`.
#[derive(Deserialize)]
struct MonthFlow {
    month: u32,
    origin: String,
    destination: String,
    trips: u64,
}

/// An event as the page gives it.
#[derive(Deserialize)]
struct ReceivedEvent {
    event_id: String,
    title: Option<String>,
    place: Option<String>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    attendance: Option<u32>,
}

impl ReceivedEvent {
    /// An event without a start is in no calendar; an end that precedes the start is not known.
    fn known(self) -> Option<Event> {
        let starts_at = self.starts_at?;
        let ends_at = self.ends_at.filter(|end| *end >= starts_at);

        let Self {
            event_id,
            title,
            place,
            attendance,
            ..
        } = self;

        Some(Event {
            event_id,
            title,
            place,
            starts_at,
            ends_at,
            attendance,
        })
    }
}

fn lineage(manifest: Manifest) -> CollectionRun {
    let Manifest {
        run_id,
        sequence: _,
        profile,
        program_version,
        started_at,
        ended_at,
        sources,
    } = manifest;

    CollectionRun {
        run_id,
        profile,
        program_version,
        started_at,
        ended_at,
        sources: sources.into_iter().map(source).collect(),
    }
}

fn source(entry: SourceEntry) -> CollectedSource {
    let files = entry.files.into_iter();
    let files = files.map(|file| CollectedFile {
        path: file.path,
        bytes: file.bytes,
        sha256: file.sha256,
    });

    CollectedSource {
        source: entry.source.as_str().to_owned(),
        address: entry.address,
        succeeded: entry.state == SourceState::Ok,
        error: entry.error,
        rows: entry.rows,
        bytes: entry.bytes,
        files: files.collect(),
    }
}
