//! `filrouge aggregate`: a collection cleaned into one data set.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use filrouge_aggregate::{Options, Summary};
use filrouge_collect::latest_whole_run;
use filrouge_lake::QueryEngine;
use filrouge_storage::StateFolder;

use crate::cli::{AggregateArguments, GlobalArgs};
use crate::commands::train::time_zone;
use crate::progress::table;
use crate::state;
use crate::{print, project};

pub(crate) fn run(global: &GlobalArgs, arguments: &AggregateArguments) -> Result<()> {
    let state = state::open(&global.state)?;
    let out = arguments.out.clone().unwrap_or_else(|| state.clean());
    let options = Options::new(time_zone(global, &state, &arguments.habits)?);

    let summary = match (&arguments.run, arguments.lake) {
        (_, true) => aggregate_lake(&state.lake(), &out, &options)?,
        _ if !arguments.trips.is_empty() => {
            filrouge_aggregate::aggregate_trips(&arguments.trips, &out, &options)?
        }
        (Some(run), _) => filrouge_aggregate::aggregate(run, &out, &options)?,
        (None, false) => aggregate_latest(&state, &out, &options)?,
    };

    print::line(&describe(&summary));
    Ok(())
}

/// Cleans the last collection of the state.
pub(crate) fn aggregate_latest(
    state: &StateFolder,
    out: &Path,
    options: &Options,
) -> Result<Summary> {
    let run = latest_whole_run(state.root())?
        .context("aucune collecte entière : lancez d'abord `filrouge collect`")?;
    Ok(filrouge_aggregate::aggregate(&run.folder, out, options)?)
}

/// Cleans the trips of the lake alone, taken out of it by the very query that collection runs.
fn aggregate_lake(lake: &Path, out: &Path, options: &Options) -> Result<Summary> {
    let extract = tempfile::Builder::new()
        .suffix(".parquet")
        .tempfile()
        .context("pas de fichier temporaire")?;

    filrouge_lake::run_query_file(
        lake,
        &trips_query(),
        &[],
        &QueryEngine::InProcess,
        extract.path(),
    )?;

    Ok(filrouge_aggregate::aggregate_trips(
        &[extract.path().to_owned()],
        out,
        options,
    )?)
}

fn trips_query() -> PathBuf {
    project::home().join("data/queries/lake/trips.sql")
}

/// The counts of an aggregation, in one sentence.
pub(crate) fn sentence(summary: &Summary) -> String {
    format!(
        "{} trajets lus = {} gardés + {} écartés ; {} lignes station × heure",
        summary.trips_read(),
        summary.trips_kept(),
        summary.trips_rejected(),
        summary.station_hours
    )
}

fn describe(summary: &Summary) -> String {
    let rows: Vec<Vec<String>> = summary
        .sources
        .iter()
        .map(|source| {
            let rejected: u64 = source.rejected.values().sum();
            vec![
                source.source.clone(),
                source.read.to_string(),
                source.kept.to_string(),
                rejected.to_string(),
            ]
        })
        .collect();

    let mut lines = vec![table(&["Source", "Lues", "Gardées", "Écartées"], &rows)];

    for source in &summary.sources {
        let by_rule = [
            (&source.rejected, "écartées"),
            (&source.repaired, "réparées"),
            (&source.reported, "signalées"),
        ];
        for (counts, what) in by_rule {
            lines.extend(
                counts.iter().map(|(rule, count)| {
                    format!("  {} : {count} {what} par {rule}", source.source)
                }),
            );
        }
    }

    lines.extend(
        summary
            .absent
            .iter()
            .map(|source| format!("  source absente : {source}")),
    );

    let checks = summary.cross_checks.to_string();
    lines.extend(checks.lines().map(|check| format!("  {check}")));

    lines.push(sentence(summary));
    lines.join("\n")
}
