//! `filrouge incident play`: a known fault, brought into a demonstration that runs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use filrouge_city::{Incident, IncidentKind};
use filrouge_model::champion;
use filrouge_storage::{StateFolder, replace_file};
use filrouge_types::{Clock, Hour, SystemClock};

use super::faults::{FAULTS, PlayedFault, PlayedKind};
use crate::cli::{GlobalArgs, PlayArguments};
use crate::interruption::interrupted;
use crate::progress::table;
use crate::services::{incidents_file, read_incidents};
use crate::{print, state};

/// A fault that nobody stops ends by itself.
const HOURS: i64 = 48;

/// Added to the name of the model's file that is kept.
const KEPT: &str = ".before-incident";

pub(super) async fn run(global: &GlobalArgs, arguments: &PlayArguments) -> Result<()> {
    let Some(name) = &arguments.name else {
        print::line(&list());
        return Ok(());
    };
    let fault = FAULTS.iter().find(|fault| fault.name == name);
    let fault = fault.with_context(|| format!("aucune panne `{name}` : voyez --list"))?;
    let state = state::open(&global.state)?;
    // A fault must never be played on people's real trips.
    ensure!(
        state.city().is_dir(),
        "`{}` n’est pas une démonstration : aucune ville simulée n’y publie",
        state.root().display()
    );

    match &fault.kind {
        PlayedKind::City(kind) => play_in_city(&state, kind(), arguments.stop)?,
        PlayedKind::TruncatedModel => play_on_model(&state, arguments.stop)?,
        PlayedKind::HeldWriting => return hold_writing(&state, fault).await,
    }
    print::line(&told(fault, arguments.stop));
    Ok(())
}

fn list() -> String {
    let rows: Vec<Vec<String>> = FAULTS
        .iter()
        .map(|fault| {
            [fault.name, fault.says, fault.seen]
                .map(str::to_owned)
                .into()
        })
        .collect();
    table(&["Panne", "Ce qui arrive", "Où cela se voit"], &rows)
}

fn told(fault: &PlayedFault, is_over: bool) -> String {
    match is_over {
        true => format!("Terminé : {}.", fault.says),
        false => format!(
            "Depuis maintenant : {}.\nÀ voir : {}.\nPour finir : filrouge incident play {} --stop",
            fault.says, fault.seen, fault.name
        ),
    }
}

/// The city that runs reads the list again as soon as it changes.
fn play_in_city(state: &StateFolder, kind: IncidentKind, is_over: bool) -> Result<()> {
    let path = incidents_file(state);
    let now = Hour::containing(SystemClock.now());
    let mut incidents = read_incidents(state)?;

    incidents.retain(|incident| incident.kind != kind);
    if !is_over {
        incidents.push(Incident::since(now, kind).until(now + HOURS));
    }
    replace_file(&path, serde_json::to_vec_pretty(&incidents)?)
        .with_context(|| format!("`{}` ne peut être écrit", path.display()))
}

fn play_on_model(state: &StateFolder, is_over: bool) -> Result<()> {
    let models = state.demand_models();
    let version = champion::read(&models).context("l’état n’a pas de modèle à lui")?;
    let file = models.join(version).join("model.onnx");
    let kept = with_end(&file, KEPT);

    if is_over {
        return fs::rename(&kept, &file).context("aucun modèle n’a été tronqué");
    }
    ensure!(!kept.exists(), "le modèle est déjà tronqué");
    fs::copy(&file, &kept).context("le modèle ne peut être gardé")?;
    let bytes = fs::read(&file)?;
    replace_file(&file, &bytes[..bytes.len() / 2]).context("le modèle ne peut être tronqué")
}

/// Holds the right until Ctrl-C.
async fn hold_writing(state: &StateFolder, fault: &PlayedFault) -> Result<()> {
    let _writing = state::lock_writing(state, "filrouge incident play").await?;
    print::line(&format!(
        "Depuis maintenant : {}.\nÀ voir : {}.\nPour finir : Ctrl-C.",
        fault.says, fault.seen
    ));
    interrupted().await
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}
