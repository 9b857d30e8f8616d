//! Where the files of each shape are.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use filrouge_prerequisites as prerequisites;
use polars::prelude::{Column, DataFrame, DataType, NamedFrom, ParquetWriter, Series, TimeUnit};

/// Hours of weather of the samples: from 2021 to May 2025, as the real files.
const HOURS: i64 = 38_688;

/// The first hour of 2021, in seconds.
const START: i64 = 1_609_459_200;

/// One file, or folder of files, of each shape.
pub(super) struct Files {
    pub(super) trips: PathBuf,
    pub(super) counters: PathBuf,
    pub(super) observations: PathBuf,
    pub(super) calendar: PathBuf,
    pub(super) counted_by_hour: PathBuf,
    pub(super) weather: PathBuf,
    pub(super) other_weather: PathBuf,
    pub(super) gbfs: PathBuf,
    pub(super) agenda: PathBuf,
    /// Pages with headings, of one folder.
    pub(super) pages: Vec<PathBuf>,
    pub(super) snapshots: PathBuf,
}

impl Files {
    /// Those that the project carries; Parquet is written in `folder`.
    pub(super) fn samples(folder: &Path) -> Self {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples");

        Self {
            trips: samples.join("trips"),
            counters: samples.join("counters/comptage.csv"),
            observations: samples.join("counters/synop.csv"),
            calendar: samples.join("calendar-fr"),
            counted_by_hour: write_counters(folder),
            weather: write_weather(folder, TimeUnit::Microseconds),
            other_weather: write_weather(folder, TimeUnit::Milliseconds),
            gbfs: samples.join("gbfs/odd"),
            agenda: samples.join("html/agenda.html"),
            pages: vec![samples.join("html/headings.html")],
            snapshots: samples.join("gbfs/snapshots"),
        }
    }

    /// The real ones, where they are at hand; an archive is unpacked in `folder`.
    pub(super) fn real(folder: &Path) -> Option<Self> {
        let html = prerequisites::real_data("html")?;
        let pages = entries(&html).into_iter();
        let is_headings = |page: &PathBuf| name(page).starts_with("readability_wikipedia");
        let data = prerequisites::real_data;

        Some(Self {
            trips: data("trips-edinburgh")?,
            counters: data("counters-paris/comptage-velo-donnees-compteurs.head.csv")?,
            observations: data("counters-paris/synop_orly_3h_external_data.csv")?,
            calendar: data("calendar-fr")?,
            counted_by_hour: data("counters-paris/train_2020-09_2021-08.parquet")?,
            weather: data("weather/openmeteo_paris_2021_2025.parquet")?,
            other_weather: data("weather/openmeteo_lyon_2021_2025.parquet")?,
            gbfs: data("gbfs/velib-metropole-2024-11-19")?,
            agenda: html.join("stade-de-france_events.html"),
            pages: pages.filter(is_headings).collect(),
            snapshots: unpack(
                &data("gbfs/history/oslo_v2.3_status_2024-11-24_30.tar.zst")?,
                folder,
            )?,
        })
    }

    pub(super) fn public_holidays(&self) -> PathBuf {
        self.calendar.join("metropole.json")
    }
}

/// The content of a folder, in order.
pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();

    paths
}

pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn unpack(archive: &Path, folder: &Path) -> Option<PathBuf> {
    let mut tar = Command::new("tar");
    tar.arg("--zstd")
        .arg("-xf")
        .arg(archive)
        .arg("-C")
        .arg(folder);
    let is_unpacked = tar.status().is_ok_and(|status| status.success());

    prerequisites::optional(
        is_unpacked.then(|| folder.join("oslo")),
        "tar --zstd",
        "apt-get install tar zstd",
    )
}

fn write_counters(folder: &Path) -> PathBuf {
    let hours: Vec<i64> = (0..240)
        .map(|hour| (START + 3_600 * hour) * 1_000_000)
        .collect();
    let counts: Vec<f64> = (0..240).map(|hour| f64::from(hour % 17)).collect();
    let columns = vec![
        Series::new("counter_id".into(), vec!["9001-1"; 240]).into(),
        instants("date", &hours, TimeUnit::Microseconds),
        Series::new("bike_count".into(), counts).into(),
    ];

    write(&folder.join("counters.parquet"), columns)
}

/// Hours whose instants are in this unit: the archives of two cities differ there.
fn write_weather(folder: &Path, unit: TimeUnit) -> PathBuf {
    let a_second = if unit == TimeUnit::Milliseconds {
        1_000
    } else {
        1_000_000
    };
    let hours: Vec<i64> = (0..HOURS)
        .map(|hour| (START + 3_600 * hour) * a_second)
        .collect();
    let measured = |name: &str, low: f64| {
        let values: Vec<f64> = (0..HOURS).map(|hour| low + (hour % 24) as f64).collect();
        Column::from(Series::new(name.into(), values))
    };
    let columns = vec![
        instants("time", &hours, unit),
        measured("temperature_2m", 2.0),
        measured("apparent_temperature", 1.0),
        measured("relative_humidity_2m", 60.0),
        measured("wind_speed_10m", 5.0),
        measured("precipitation", 0.0),
        measured("weather_code", 0.0),
    ];

    write(&folder.join(format!("weather-{unit:?}.parquet")), columns)
}

fn instants(name: &str, values: &[i64], unit: TimeUnit) -> Column {
    let instants = Series::new(name.into(), values);

    instants
        .cast(&DataType::Datetime(unit, None))
        .unwrap()
        .into()
}

fn write(path: &Path, columns: Vec<Column>) -> PathBuf {
    let mut table = DataFrame::new(columns[0].len(), columns).unwrap();
    ParquetWriter::new(File::create(path).unwrap())
        .finish(&mut table)
        .unwrap();

    path.to_owned()
}
