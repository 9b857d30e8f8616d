//! `filrouge incident gather`: evidence in `incidents/<name>` of the state, and the text of an issue.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use filrouge_storage::{StateFolder, write_private};
use filrouge_types::{Clock, SystemClock};
use serde_json::Value;
use url::Url;

use super::{evidence, forge, issue};
use crate::cli::{GatherArguments, GlobalArgs};
use crate::{print, state};

/// The text of the issue. It is written last: evidence beside it is whole.
const ISSUE: &str = "issue.md";

/// The address of the issue, once a forge has received it.
const ISSUE_ADDRESS: &str = "issue-address.txt";

/// What an incident is gathered for.
pub(super) struct Incident<'a> {
    /// The folder of its evidence.
    pub(super) folder: PathBuf,
    pub(super) title: &'a str,
    /// What rang, when an alarm did: a part of the issue, in Markdown.
    pub(super) alarm: Option<String>,
    /// The logs whose ends are kept.
    pub(super) logs: &'a [PathBuf],
    /// The repository that receives the issue.
    pub(super) forge: Option<&'a Url>,
}

pub(super) async fn run(global: &GlobalArgs, arguments: &GatherArguments) -> Result<()> {
    let state = state::open(&global.state)?;
    let incident = Incident {
        folder: folder(&state, &arguments.name),
        title: &arguments.title,
        alarm: None,
        logs: &arguments.logs,
        forge: arguments.forge.as_ref(),
    };

    let address = gather(global, &state, &incident).await?;
    print::line(&format!("Réuni dans `{}`.", incident.folder.display()));
    if let Some(address) = address {
        print::line(&format!("Ticket ouvert : {address}"));
    }
    Ok(())
}

/// The folder of an incident of the state.
pub(super) fn folder(state: &StateFolder, name: &str) -> PathBuf {
    state.root().join("incidents").join(name)
}

/// Gathers the evidence, or goes on with what a gathering cut short has left to do.
pub(super) async fn gather_once(
    global: &GlobalArgs,
    state: &StateFolder,
    incident: &Incident<'_>,
) -> Result<()> {
    let folder = &incident.folder;
    if let Ok(text) = fs::read_to_string(folder.join(ISSUE)) {
        if !folder.join(ISSUE_ADDRESS).exists() {
            post(incident, &text).await?;
        }
        return Ok(());
    }
    gather(global, state, incident).await.map(drop)
}

/// Gathers the evidence; gives the address of the issue, when a forge received it.
// Preuve: C20.4 la preuve d’un incident vient des métriques et de la disponibilité de chaque service
pub(super) async fn gather(
    global: &GlobalArgs,
    state: &StateFolder,
    incident: &Incident<'_>,
) -> Result<Option<String>> {
    let services = evidence::services(global).await;
    let data = evidence::data_window(state).await;
    let model = evidence::model(state);
    let (title, alarm) = (incident.title, incident.alarm.as_deref());
    let text = issue::text(title, alarm, SystemClock.now(), &services, &data, &model);

    let folder = &incident.folder;
    keep_json(folder, "versions.json", &evidence::versions(state))?;
    keep_json(folder, "services.json", &serde_json::to_value(&services)?)?;
    keep_json(folder, "data.json", &data)?;
    keep_json(folder, "model.json", &model)?;
    for one in &services {
        if let Ok(metrics) = &one.metrics {
            keep(folder, &format!("metrics-{}.txt", one.service), metrics)?;
        }
    }
    for (number, log) in (1..).zip(incident.logs) {
        let tail = evidence::log_tail(log)?;
        keep(folder, &format!("log-{number}.jsonl"), &tail)?;
    }
    keep(folder, ISSUE, &text)?;
    post(incident, &text).await
}

/// Posts the issue where there is a forge to receive it; gives its address.
async fn post(incident: &Incident<'_>, text: &str) -> Result<Option<String>> {
    let Some(forge) = incident.forge else {
        return Ok(None);
    };
    let address = forge::post(forge, incident.title, text).await?;
    keep(&incident.folder, ISSUE_ADDRESS, &address)?;
    Ok(Some(address))
}

pub(super) fn keep_json(folder: &Path, name: &str, value: &Value) -> Result<()> {
    keep(folder, name, &serde_json::to_string_pretty(value)?)
}

fn keep(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name);
    write_private(&path, text.as_bytes())
        .with_context(|| format!("`{}` ne peut être écrit", path.display()))
}
