//! `up --sandbox`: the same case on a state and ports of its own, in a city where things change.

use std::path::PathBuf;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use filrouge_city::{Incident, IncidentKind};
use filrouge_storage::replace_file;
use filrouge_types::Hour;

use crate::cli::GlobalArgs;
use crate::state;

/// Added to the name of the state's folder.
const SUFFIX: &str = "-bac";

/// Added to the ports, so that the case beside it goes on.
const PORTS_FURTHER: u16 = 1_000;

/// A day each, one after the other.
const HOURS_EACH: i64 = 24;

/// The place of the sandbox. Its incidents are drawn up once, in `city/incidents.json`, which a
/// person may edit: the first began a day before, so that monitoring has something to show at once.
pub(super) fn prepare(global: &GlobalArgs, now: DateTime<Utc>) -> Result<GlobalArgs> {
    let sandbox = beside(global);
    let path = state::open(&sandbox.state)?.city().join("incidents.json");
    // Incidents that a person edited stay.
    if !path.exists() {
        let incidents = serde_json::to_vec_pretty(&incidents(Hour::containing(now)))?;
        replace_file(&path, incidents)
            .with_context(|| format!("`{}` ne peut être écrit", path.display()))?;
    }
    Ok(sandbox)
}

fn beside(global: &GlobalArgs) -> GlobalArgs {
    let mut name = global.state.clone().into_os_string();
    name.push(SUFFIX);
    GlobalArgs {
        state: PathBuf::from(name),
        port_base: global.port_base.saturating_add(PORTS_FURTHER),
        ..global.clone()
    }
}

fn incidents(now: Hour) -> Vec<Incident> {
    let kinds = [
        IncidentKind::DemandShift { factor: 1.3 },
        IncidentKind::NewHabit,
        IncidentKind::FrozenSensor,
        IncidentKind::UnitChange,
    ];
    let begin = |index: i64| now + HOURS_EACH * (index - 1);
    let play = |(index, kind): (i64, IncidentKind)| {
        Incident::since(begin(index), kind).until(begin(index + 1))
    };
    (0..).zip(kinds).map(play).collect()
}

#[cfg(test)]
mod tests;
