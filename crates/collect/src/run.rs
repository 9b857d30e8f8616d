//! One run: all sources at the same time, a manifest, and a folder that appears whole or not at
//! all.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use filrouge_storage::{LockFile, move_into_place, replace_file};
use filrouge_types::Clock;
use futures::future::join_all;

use crate::fetch::Fetcher;
use crate::folders;
use crate::forgotten::Forgotten;
use crate::kind::SourceKind;
use crate::manifest::{Manifest, SourceEntry, SourceState};
use crate::output::Output;
use crate::profile::Profile;
use crate::progress::Progress;
use crate::report::{RunReport, SourceReport};
use crate::source::StationStatus;
use crate::source::{FetchContext, Source};

mod carry;

/// Settings of a collection.
#[derive(Clone)]
pub struct CollectOptions {
    /// The state folder; runs go to `raw/` inside.
    pub state_dir: PathBuf,
    /// The sources to collect; all those of the profile when empty. The files of the others come
    /// from the last run.
    pub sources: Vec<SourceKind>,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Draws the jitter of the pauses between tries.
    pub seed: u64,
    /// The people who asked to be forgotten.
    pub forgotten: Forgotten,
}

/// Collects the sources of `profile` into a new folder of `raw/`.
///
/// A source that fails does not stop the others and does not make this an error: its files of the
/// last run that had them are taken over, the files of this one are kept under `failed/`, and the
/// report says so. An error means that no run could be made at all: a disk full, another collection
/// at work, a source that the profile does not have.
pub async fn collect(
    profile: &Profile,
    options: &CollectOptions,
    progress: &dyn Progress,
) -> Result<RunReport> {
    let raw = folders::raw(&options.state_dir)?;
    let _lock = lock(&raw)?;

    // With the lock held, an unfinished folder can only be that of a killed run.
    folders::remove_unfinished(&raw)?;
    let started_at = options.clock.now();
    let run = folders::new_run(&raw, started_at)?;
    let folder = folders::unfinished(&raw, &run.run_id)?;
    let context = context(profile, options, &raw)?;
    let sources = chosen(profile, &options.sources)?;
    let collected = sources
        .iter()
        // All at the same time: the slowest source decides, not their sum.
        .map(|source| collect_one(*source, &context, &folder, progress));

    let (mut entries, reports): (Vec<_>, Vec<_>) = join_all(collected).await.into_iter().unzip();

    carry::complete(context.previous.as_ref(), &folder, &mut entries)?;
    let manifest = Manifest {
        run_id: run.run_id.clone(),
        sequence: context.next_sequence(),
        profile: profile.name.clone(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at,
        ended_at: options.clock.now(),
        sources: entries,
    };

    // Manifest, then name: a folder that has its name is complete.
    manifest.write(&folder)?;
    move_into_place(&folder, &run.folder)
        .with_context(|| format!("cannot name the run {}", run.folder.display()))?;
    // After the new run is in place: a removal that fails loses nothing.
    folders::remove_old(&raw, profile.keep_runs)?;

    Ok(RunReport::new(run, reports, &manifest))
}

/// Asks for the present status of the stations only, and keeps its body in
/// `raw/live/station_status.json`.
pub async fn collect_status(
    profile: &Profile,
    options: &CollectOptions,
) -> Result<Vec<StationStatus>> {
    let raw = folders::raw(&options.state_dir)?;
    let source = profile
        .web_service
        .as_ref()
        .context("the profile has no section `web_service`")?;
    let (statuses, body) = source.status(&context(profile, options, &raw)?).await?;

    let live = raw.join("live/station_status.json");
    replace_file(&live, body).with_context(|| format!("cannot write {}", live.display()))?;

    Ok(statuses)
}

fn context(profile: &Profile, options: &CollectOptions, raw: &Path) -> Result<FetchContext> {
    let cache = raw.join(folders::CACHE);
    let clock = Arc::clone(&options.clock);
    let contact = profile.contact.as_deref();

    let fetcher = Fetcher::new(
        profile.limits.clone(),
        profile.destinations(),
        contact,
        &cache,
        Arc::clone(&clock),
        options.seed,
    )?;

    Ok(FetchContext {
        clock,
        fetcher,
        time_zone: profile.time_zone,
        previous: folders::previous(raw)?,
        forgotten: options.forgotten.clone(),
    })
}

/// Two collections at once would each take the other's folder for one left by a killed run.
fn lock(raw: &Path) -> Result<LockFile> {
    let path = raw.join(folders::LOCK);
    let taken = LockFile::try_take(&path, "collect")
        .with_context(|| format!("cannot lock {}", path.display()))?;

    taken.map_err(|holder| {
        anyhow!(
            "another collection is at work in {}: {holder}",
            raw.display()
        )
    })
}

fn chosen<'a>(profile: &'a Profile, kinds: &[SourceKind]) -> Result<Vec<&'a dyn Source>> {
    let sources = profile.sources();
    if kinds.is_empty() {
        return Ok(sources);
    }
    let known = |kind: &SourceKind| sources.iter().any(|source| source.kind() == *kind);
    if let Some(unknown) = kinds.iter().find(|kind| !known(kind)) {
        bail!("the profile of {} has no section `{unknown}`", profile.name);
    }
    Ok(sources
        .into_iter()
        .filter(|source| kinds.contains(&source.kind()))
        .collect())
}

async fn collect_one(
    source: &dyn Source,
    context: &FetchContext,
    folder: &Path,
    progress: &dyn Progress,
) -> (SourceEntry, SourceReport) {
    let (kind, started_at, start) = (source.kind(), context.clock.now(), Instant::now());

    progress.started(kind);
    let mut output = Output::new(folder, kind, progress);
    let result = source.fetch(context, &mut output).await;

    let entry = SourceEntry {
        source: kind,
        address: source.address(),
        started_at,
        ended_at: context.clock.now(),
        rows: output.rows,
        bytes: output.files.iter().map(|file| file.bytes).sum(),
        state: if result.is_ok() {
            SourceState::Ok
        } else {
            SourceState::Failed
        },
        error: result.err().map(|error| format!("{error:#}")),
        notes: output.notes,
        files: output.files,
        files_from: None,
    };

    let report = SourceReport::new(&entry, start.elapsed());

    match &entry.error {
        None => {
            tracing::info!(source = %kind, rows = entry.rows, bytes = entry.bytes, "source collected")
        }
        Some(error) => tracing::warn!(source = %kind, error, "source failed"),
    }

    progress.finished(&report);
    (entry, report)
}
