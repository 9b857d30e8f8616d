//! `filrouge collect`: the five sources into a new folder of `raw/`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use filrouge_collect::{
    CollectOptions, Forgotten, Placeholders, Profile, Progress, RunReport, SourceKind, SourceReport,
};
use filrouge_database::SubscriberNumber;
use filrouge_storage::StateFolder;
use filrouge_types::SystemClock;

use crate::cli::{CollectArguments, GlobalArgs, Service};
use crate::commands::gdpr;
use crate::database;
use crate::loop_metrics;
use crate::print;
use crate::progress::Step;
use crate::services;
use crate::state;

mod keep;

/// Some sources failed: the run is there, incomplete.
const INCOMPLETE: u8 = 2;

pub(crate) async fn run(global: &GlobalArgs, arguments: &CollectArguments) -> Result<ExitCode> {
    let state = state::open(&global.state)?;
    let profile = read_profile(global, &state, arguments.profile.as_deref())?;
    let sources = arguments
        .sources
        .iter()
        .map(|name| name.parse())
        .collect::<Result<Vec<SourceKind>, _>>()?;

    let mut options = options(&state, global.seed, sources);

    if let Some(every) = arguments.every {
        let listener = services::bind_at(
            global,
            loop_metrics::PORT_OFFSET,
            "métriques de la collecte",
        )
        .await?;
        return keep::collecting(&state, &profile, &options, every, listener)
            .await
            .map(|()| ExitCode::SUCCESS);
    }

    options.forgotten = forgotten(&state).await?;
    let report = filrouge_collect::collect(&profile, &options, &()).await?;
    print::line(&report.to_string());
    Ok(if report.succeeded() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

/// Collects every source of the simulated city.
pub(crate) async fn collect_city(
    global: &GlobalArgs,
    state: &StateFolder,
    progress: &dyn Progress,
) -> Result<RunReport> {
    let profile = Profile::rivemont(&placeholders(global, state))?;
    let options = CollectOptions {
        forgotten: forgotten(state).await?,
        ..options(state, global.seed, Vec::new())
    };
    filrouge_collect::collect(&profile, &options, progress).await
}

/// The people who asked to be forgotten, as this collection must know them: without the list,
/// nothing is collected.
pub(crate) async fn forgotten(state: &StateFolder) -> Result<Forgotten> {
    // The keys are drawn with the first import: before it, nobody was known, nor forgotten.
    if !state.pseudonym_keys().exists() {
        return Ok(Forgotten::default());
    }

    let database = database::open(state).await?;
    let people = gdpr::open(state, &database, "collect", &SystemClock).await?;
    let forgotten = people.forgotten().await.map_err(gdpr::in_french)?;
    database.close().await;

    Ok(Forgotten::new(move |number| {
        forgotten.contains(&SubscriberNumber::from(number.to_owned()))
    }))
}

pub(crate) fn options(state: &StateFolder, seed: u64, sources: Vec<SourceKind>) -> CollectOptions {
    CollectOptions {
        state_dir: state.root().to_owned(),
        sources,
        clock: Arc::new(SystemClock),
        seed,
        forgotten: Forgotten::default(),
    }
}

pub(crate) fn placeholders(global: &GlobalArgs, state: &StateFolder) -> Placeholders {
    Placeholders {
        city: services::address(global, Service::City),
        state: state.root().to_owned(),
    }
}

/// The profile of the file, else that of the simulated city.
pub(crate) fn read_profile(
    global: &GlobalArgs,
    state: &StateFolder,
    path: Option<&Path>,
) -> Result<Profile> {
    let places = placeholders(global, state);
    Ok(match path {
        Some(path) => Profile::read(path, &places)?,
        None => Profile::rivemont(&places)?,
    })
}

/// Under `up`, the step shows the last source and its rows.
impl Progress for Step {
    fn started(&self, source: SourceKind) {
        self.note(source.as_str());
    }

    fn received(&self, source: SourceKind, item: &str) {
        self.note(&format!("{source}, {item}"));
    }

    fn finished(&self, _: &SourceReport) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_source_is_named() {
        let error = "serveur".parse::<SourceKind>().unwrap_err();
        assert!(error.to_string().contains("serveur"), "{error}");
    }
}
