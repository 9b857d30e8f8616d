//! `filrouge triage monitor`: the service's own monitoring, read while reports are sent to it.

use std::time::Duration;

use anyhow::{Context, Result};
use filrouge_providers::TriageService as _;
use filrouge_providers::benchmark::read_set;
use filrouge_providers::monitoring::{Moment, OwnCounts, Watcher, monitoring_page};
use filrouge_storage::replace_file;
use filrouge_types::{Clock as _, SystemClock};

use super::services::{Reached, reach_named};
use crate::chat_service::presets;
use crate::cli::{GlobalArgs, MonitorArguments};
use crate::project::home;
use crate::{print, state};

/// The set whose reports are sent: none of a real person.
const SET: &str = "data/triage/banc.csv";

pub(super) async fn run(global: &GlobalArgs, arguments: &MonitorArguments) -> Result<()> {
    let presets = presets()?;
    let account = state::open(&global.state)?;
    let reached = reach_named(&presets, account.root())?;
    let watcher = Watcher::new(&reached.endpoint.base, reached.endpoint.key.clone())?;

    let moments = tokio::select! {
        moments = watch(&watcher, &reached, arguments) => moments?,
        // Sends until the watch ends.
        sent = send_for_ever(&reached) => match sent? {},
    };

    let page = monitoring_page(reached.service.name(), &moments);
    replace_file(&arguments.out, page)
        .with_context(|| format!("`{}` ne s’écrit pas", arguments.out.display()))?;
    print::line(&format!(
        "{} relevés dans {}",
        moments.len(),
        arguments.out.display()
    ));
    Ok(())
}

async fn watch(
    watcher: &Watcher,
    reached: &Reached,
    arguments: &MonitorArguments,
) -> Result<Vec<Moment>> {
    let mut turns = tokio::time::interval(arguments.every);
    let end = tokio::time::Instant::now() + arguments.length;
    let mut moments = Vec::new();

    while tokio::time::Instant::now() < end {
        turns.tick().await;
        moments.push(Moment {
            at: SystemClock.now(),
            service: watcher.read().await?,
            own: OwnCounts::of(&reached.metrics, reached.service.name()),
        });
    }
    Ok(moments)
}

/// Sends the reports of the set, then again: those that are known come from the cache.
async fn send_for_ever(reached: &Reached) -> Result<std::convert::Infallible> {
    let texts = read_set(&home().join(SET))?;

    loop {
        for text in &texts {
            // A failure is counted, and is what the page shows.
            let _ = reached.service.triage(&text.text).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
