//! `filrouge lineage`: from one station-hour back to the files and the rows it came from.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use filrouge_aggregate::{Lineage, Options, Summary, TripOrigin};
use filrouge_collect::{FileEntry, Manifest};
use filrouge_dataset::read_dataset;
use filrouge_lake::{IngestedFile, ingested};
use filrouge_storage::StateFolder;
use filrouge_types::{Hour, StationHour, StationId};
use serde::Serialize;

use crate::cli::{GlobalArgs, HabitsArguments};
use crate::commands::train::time_zone;
use crate::print;
use crate::progress::table;
use crate::state;

/// All that is known of where one row of the data set comes from.
#[derive(Debug, Serialize)]
struct Ancestry {
    row: StationHour,
    run_id: String,
    program_version: String,
    trips: Vec<TripOrigin>,
    /// The files that hold these rows, by name.
    files: BTreeMap<String, Origin>,
    /// The files that the conditions come from.
    conditions: Vec<FileEntry>,
}

/// A file as it was received.
#[derive(Debug, Clone, Serialize)]
struct Origin {
    place: String,
    sha256: String,
}

pub(crate) fn run(
    global: &GlobalArgs,
    hour: Hour,
    station: &StationId,
    json: bool,
    habits: &HabitsArguments,
) -> Result<()> {
    let state = state::open(&global.state)?;
    let options = Options::new(time_zone(global, &state, habits)?);
    let ancestry = Ancestry::trace(&state, hour, station, &options)?;

    let text = if json {
        serde_json::to_string_pretty(&ancestry)?
    } else {
        ancestry.describe()
    };

    print::line(&text);
    Ok(())
}

impl Ancestry {
    fn trace(
        state: &StateFolder,
        hour: Hour,
        station: &StationId,
        options: &Options,
    ) -> Result<Self> {
        let row = find_row(state, hour, station)?;
        let run_id = cleaned_run(&state.clean())?;
        let folder = state.root().join("raw").join(&run_id);

        ensure!(
            folder.is_dir(),
            "la collecte {run_id} n'est plus là : seules les dernières sont gardées"
        );
        let manifest = Manifest::read(&folder)?;
        let lineage = filrouge_aggregate::lineage(&folder, station, hour, options)?;
        let counted = lineage.departures();

        // The trace applies the rules anew: another count says that files or rules have changed.
        ensure!(
            counted == row.departures as usize,
            "{counted} lignes retrouvées pour {} départs : la collecte {run_id} a changé depuis le nettoyage",
            row.departures
        );

        Ok(Self {
            row,
            run_id,
            program_version: manifest.program_version.clone(),
            files: origins(&lineage, &manifest, &folder, &ingested(&state.lake())?),
            trips: lineage.trips,
            conditions: conditions(&manifest),
        })
    }

    fn describe(&self) -> String {
        let StationHour {
            conditions,
            departures,
        } = &self.row;
        let mut lines = vec![format!(
            "{} à {} : {departures} départs, d'après la collecte {} (version {})",
            conditions.station_id, conditions.hour, self.run_id, self.program_version
        )];

        let trips: Vec<Vec<String>> = self.trips.iter().map(describe_trip).collect();
        lines.push(table(&["Source", "Fichier", "Ligne", "Sort"], &trips));

        let file = |(name, origin): (&String, &Origin)| {
            vec![
                name.clone(),
                origin.place.clone(),
                origin.sha256.chars().take(16).collect(),
            ]
        };

        lines.push(table(
            &["Fichier", "Reçu de", "SHA-256"],
            &self.files.iter().map(file).collect::<Vec<_>>(),
        ));

        let condition = |file: &FileEntry| {
            let from = file.address.clone().unwrap_or_default();
            vec![
                file.path.clone(),
                from,
                file.sha256.chars().take(16).collect(),
            ]
        };

        let conditions: Vec<Vec<String>> = self.conditions.iter().map(condition).collect();

        lines.push(table(
            &["Météo, calendrier, agenda", "Reçu de", "SHA-256"],
            &conditions,
        ));

        lines.join("\n\n")
    }
}

fn describe_trip(trip: &TripOrigin) -> Vec<String> {
    let outcome = match (trip.is_kept, trip.found_by()) {
        (true, None) => "compté".to_owned(),
        (true, Some(rule)) => format!("compté, réparé par {} {}", rule.code, rule.name),
        (false, Some(rule)) => format!("écarté par {} {}", rule.code, rule.name),
        (false, None) => "écarté".to_owned(),
    };
    vec![
        trip.source.clone(),
        trip.source_file.clone(),
        trip.source_line.to_string(),
        outcome,
    ]
}

fn find_row(state: &StateFolder, hour: Hour, station: &StationId) -> Result<StationHour> {
    let dataset = read_dataset(&state::station_hours(state)?)
        .context("rien n'a été nettoyé : lancez `filrouge aggregate`")?;
    let row = dataset
        .table
        .iter()
        .find(|row| row.conditions.hour == hour && row.conditions.station_id == *station);
    row.with_context(|| {
        format!("le jeu de données n'a pas de ligne pour la station `{station}` à {hour}")
    })
}

/// The run that the clean data come from.
fn cleaned_run(clean: &Path) -> Result<String> {
    let summary = Summary::read(clean).context("le résumé du nettoyage ne peut être lu")?;
    summary.run_id.context(
        "le jeu nettoyé ne dit pas de quelle collecte il vient : relancez `filrouge aggregate`",
    )
}

/// Origin of each file of trips: the run, or the lake.
fn origins(
    lineage: &Lineage,
    manifest: &Manifest,
    folder: &Path,
    lake: &[IngestedFile],
) -> BTreeMap<String, Origin> {
    let of_run = |name: &str| {
        let files = manifest.sources.iter().flat_map(|source| &source.files);
        let file = files
            .into_iter()
            .find(|file| file.path.ends_with(&format!("/trips/{name}")))?;
        Some(Origin {
            place: folder.join(&file.path).display().to_string(),
            sha256: file.sha256.clone(),
        })
    };

    let of_lake = |name: &str| {
        let file = lake
            .iter()
            .find(|file| file.place.file_name().is_some_and(|known| known == name))?;
        Some(Origin {
            place: file.place.display().to_string(),
            sha256: file.sha256.clone(),
        })
    };

    let origin = |trip: &TripOrigin| {
        let name = &trip.source_file;
        let known = if trip.source == "lake" {
            of_lake(name)
        } else {
            of_run(name)
        };
        Some((name.clone(), known?))
    };

    lineage.trips.iter().filter_map(origin).collect()
}

/// The files of a run that weather, holidays and events come from.
fn conditions(manifest: &Manifest) -> Vec<FileEntry> {
    const FROM: [&str; 5] = [
        "web_service/weather_archive.json",
        "web_service/weather_forecast.json",
        "web_page/public_holidays.jsonl",
        "web_page/school_holidays.jsonl",
        "web_page/events.jsonl",
    ];
    let files = manifest.sources.iter().flat_map(|source| &source.files);
    files
        .filter(|file| FROM.contains(&file.path.as_str()))
        .cloned()
        .collect()
}
