//! `filrouge collect --every`: one run after the other, and their gauges at `/metrics`.

use std::time::Duration;

use anyhow::{Context, Result};
use filrouge_collect::{CollectOptions, Profile, RunReport};
use filrouge_storage::StateFolder;
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval};

use crate::interruption::interrupted;
use crate::loop_metrics::LoopMetrics;
use crate::print;
use crate::state::lock_writing;

/// Collects at every tick until Ctrl-C. A run that fails altogether is told, and the next one is
/// tried.
pub(super) async fn collecting(
    state: &StateFolder,
    profile: &Profile,
    options: &CollectOptions,
    every: Duration,
    listener: TcpListener,
) -> Result<()> {
    let metrics = LoopMetrics::resume(&options.state_dir)?;

    print::line(&format!(
        "Métriques : http://{}/metrics",
        listener.local_addr().context("le port n'a pas d'adresse")?
    ));

    let served = metrics.serve(listener, std::future::pending());

    tokio::select! {
        result = served => result,
        signal = interrupted() => signal.map(|()| print::line("Arrêt demandé.")),
        () = collect_again(state, profile, options, every, &metrics) => Ok(()),
    }
}

async fn collect_again(
    state: &StateFolder,
    profile: &Profile,
    options: &CollectOptions,
    every: Duration,
    metrics: &LoopMetrics,
) {
    let mut ticks = interval(every);
    // After a run longer than the interval the next one waits for its turn: no two runs in a row to
    // catch up.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);

    loop {
        // The first tick is immediate: a run at start.
        ticks.tick().await;
        match collect_once(state, profile, options).await {
            Err(error) => tracing::error!(error = format!("{error:#}"), "no run could be made"),
            Ok(report) => {
                metrics.sources.record(&report, options.clock.now());
                print::line(&report.to_string());
            }
        }
    }
}

/// Holds the right to write for one run only: others write between two.
async fn collect_once(
    state: &StateFolder,
    profile: &Profile,
    options: &CollectOptions,
) -> Result<RunReport> {
    let _writing = lock_writing(state, "filrouge collect").await?;
    let options = CollectOptions {
        forgotten: super::forgotten(state).await?,
        ..options.clone()
    };
    filrouge_collect::collect(profile, &options, &()).await
}
