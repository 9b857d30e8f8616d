//! The steps of the data, in order; each is the work of one command.

use anyhow::{Context, Result, ensure};
use filrouge_aggregate::Options;
use filrouge_city::{WriteOptions, write_files};
use filrouge_database::Database;
use filrouge_dataset::read_dataset;
use filrouge_lake::ReadOptions;
use filrouge_types::{Clock, SystemClock};

use super::case::Case;
use crate::commands::{aggregate, collect, import as imports, train as training};
use crate::services::simulated_city;
use crate::state;

/// Collection, lake and cleaning: from the published sources to the clean data set.
pub(super) async fn collect_and_clean(case: Case<'_>) -> Result<()> {
    publish(case).await?;
    ingest(case).await?;
    collect(case).await?;
    clean(case).await
}

/// The city writes the files that its operator and its town hall publish.
async fn publish(case: Case<'_>) -> Result<()> {
    let step = case.progress.step("Ville");
    let (city, folder) = (simulated_city(case.global, case.state)?, case.state.city());
    let written = write_files(&city, &folder, &SystemClock, &WriteOptions::default()).await?;
    step.done(&format!(
        "{} fichiers écrits, {} déjà là, {} trajets",
        written.files, written.kept, written.trips
    ));
    Ok(())
}

/// The operator's archive goes to the lake: every month but the one under way, which collection
/// reads as a file.
async fn ingest(case: Case<'_>) -> Result<()> {
    let step = case.progress.step("Lac");
    let (lake, trips) = (case.state.lake(), case.state.city().join("trips"));

    let report = tokio::task::spawn_blocking(move || -> Result<_> {
        let mut files: Vec<_> = std::fs::read_dir(&trips)
            .with_context(|| format!("`{}` est illisible", trips.display()))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        files.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
        files.sort();
        // The last by name is the month under way.
        files.pop();

        Ok(filrouge_lake::ingest(
            &lake,
            &files,
            ReadOptions::default(),
        )?)
    })
    .await??;

    step.done(&format!(
        "{} trajets ingérés, {} mois déjà là",
        report.kept(),
        report.already_ingested.len()
    ));

    Ok(())
}

async fn collect(case: Case<'_>) -> Result<()> {
    let step = case.progress.step("Collecte");
    let report = collect::collect_city(case.global, case.state, &step).await?;
    case.measures.sources.record(&report, SystemClock.now());

    let rows: u64 = report.sources.iter().map(|source| source.rows).sum();
    ensure!(
        report.succeeded(),
        "une source au moins a échoué :\n{report}"
    );

    step.done(&format!(
        "{} sources, {rows} enregistrements",
        report.sources.len()
    ));
    Ok(())
}

async fn clean(case: Case<'_>) -> Result<()> {
    let step = case.progress.step("Nettoyage");
    let state = case.state.clone();
    let options = Options::new(collect::read_profile(case.global, case.state, None)?.time_zone);
    let summary = tokio::task::spawn_blocking(move || {
        aggregate::aggregate_latest(&state, &state.clean(), &options)
    })
    .await??;
    step.done(&aggregate::sentence(&summary));
    Ok(())
}

/// The clean data set goes to the database.
pub(super) async fn import(case: Case<'_>, database: &Database) -> Result<()> {
    let step = case.progress.step("Import");
    let imported = imports::import(case.state, database, &SystemClock).await?;
    step.done(&imports::summary(&imported));
    Ok(())
}

/// A version of the model learns from the clean data set and goes into service.
pub(super) async fn train(case: Case<'_>) -> Result<()> {
    let step = case.progress.step("Entraînement");
    let (state, seed) = (case.state.clone(), case.global.seed);
    let time_zone = collect::read_profile(case.global, case.state, None)?.time_zone;

    // The step goes to the thread, which tells how far it is, and comes back to be ended.
    let (report, step) = tokio::task::spawn_blocking(move || -> Result<_> {
        let dataset = read_dataset(&state::station_hours(&state)?)?.table;
        let options = filrouge_train::TrainOptions {
            seed,
            ..training::options(&state, time_zone)
        };
        Ok((training::train_version(&dataset, &options, &step)?, step))
    })
    .await??;

    step.done(&training::sentence(&report));
    Ok(())
}
