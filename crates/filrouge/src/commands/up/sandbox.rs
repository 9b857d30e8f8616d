//! `up --sandbox`: the same case on a state and ports of its own, in a city where things change.

use std::path::PathBuf;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use filrouge_city::{Incident, IncidentKind};
use filrouge_storage::replace_file;
use filrouge_types::Hour;

use crate::cli::Place;
use crate::state::State;

/// Added to the name of the state's folder.
const SUFFIX: &str = "-bac";

/// Added to the ports, so that the case beside it goes on.
const PORTS_FURTHER: u16 = 1_000;

/// A day each, one after the other.
const HOURS_EACH: i64 = 24;

/// The place of the sandbox. Its incidents are drawn up once, in `city/incidents.json`, which a
/// person may edit: the first began a day before, so that monitoring has something to show at once.
pub(super) fn prepare(place: &Place, now: DateTime<Utc>) -> Result<Place> {
    let sandbox = beside(place);
    let path = State::open(&sandbox.state)?.city().join("incidents.json");
    if !path.exists() {
        let incidents = serde_json::to_vec_pretty(&incidents(Hour::containing(now)))?;
        replace_file(&path, incidents)
            .with_context(|| format!("`{}` ne peut être écrit", path.display()))?;
    }
    Ok(sandbox)
}

fn beside(place: &Place) -> Place {
    let mut name = place.state.clone().into_os_string();
    name.push(SUFFIX);
    Place {
        state: PathBuf::from(name),
        port_base: place.port_base.saturating_add(PORTS_FURTHER),
        ..place.clone()
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
mod tests {
    use super::*;

    // Preuve: C11.5 le bac à sable a son dossier et ses ports, et la ville y joue un changement par jour
    #[test]
    fn a_sandbox_is_apart_and_plays_one_change_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path().join("var"));
        let now: DateTime<Utc> = "2026-03-01T08:20:00Z".parse().unwrap();
        let sandbox = prepare(&place, now).unwrap();
        assert_eq!(
            (sandbox.state.clone(), sandbox.port_base),
            (folder.path().join("var-bac"), 9080)
        );
        assert!(!place.state.exists(), "the case beside it is not touched");
        let path = sandbox.state.join("city/incidents.json");
        let read =
            || serde_json::from_slice::<Vec<Incident>>(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(read().len(), 4);
        assert_eq!(read()[0].from.to_string(), "2026-02-28T08:00:00Z");
        assert!(
            read()
                .windows(2)
                .all(|pair| pair[0].until == Some(pair[1].from))
        );
        std::fs::write(&path, "[]").unwrap();
        prepare(&place, now).unwrap();
        assert_eq!(read(), [], "what a person wrote stays");
    }
}
