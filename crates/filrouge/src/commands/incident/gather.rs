//! `filrouge incident gather`: evidence in `incidents/<name>` of the state, and the text of an issue.

use std::path::Path;

use anyhow::{Context, Result};
use filrouge_storage::write_private;
use filrouge_types::{Clock, SystemClock};
use serde_json::Value;

use super::{evidence, forge, issue};
use crate::cli::{GatherArguments, GlobalArgs};
use crate::{print, state};

// Preuve: C20.4 la preuve d’un incident vient des métriques et de la disponibilité de chaque service
pub(super) async fn run(global: &GlobalArgs, arguments: &GatherArguments) -> Result<()> {
    let state = state::open(&global.state)?;
    let folder = state.root().join("incidents").join(&arguments.name);
    let services = evidence::services(global).await;
    let data = evidence::data_window(&state).await;
    let model = evidence::model(&state);
    let text = issue::text(
        &arguments.title,
        SystemClock.now(),
        &services,
        &data,
        &model,
    );

    keep_json(&folder, "versions.json", &evidence::versions(&state))?;
    keep_json(&folder, "services.json", &serde_json::to_value(&services)?)?;
    keep_json(&folder, "data.json", &data)?;
    keep_json(&folder, "model.json", &model)?;
    for one in &services {
        if let Ok(metrics) = &one.metrics {
            keep(&folder, &format!("metrics-{}.txt", one.service), metrics)?;
        }
    }
    for (number, log) in (1..).zip(&arguments.logs) {
        keep(
            &folder,
            &format!("log-{number}.jsonl"),
            &evidence::log_tail(log)?,
        )?;
    }
    keep(&folder, "issue.md", &text)?;
    print::line(&format!("Réuni dans `{}`.", folder.display()));

    if let Some(forge) = &arguments.forge {
        let address = forge::post(forge, &arguments.title, &text).await?;
        print::line(&format!("Ticket ouvert : {address}"));
    }
    Ok(())
}

fn keep_json(folder: &Path, name: &str, value: &Value) -> Result<()> {
    keep(folder, name, &serde_json::to_string_pretty(value)?)
}

fn keep(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name);
    write_private(&path, text.as_bytes())
        .with_context(|| format!("`{}` ne peut être écrit", path.display()))
}
