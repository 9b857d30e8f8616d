//! A run of collection, written by hand or received from the simulated city.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use chrono::NaiveDate;
use filrouge_aggregate::{Options, Summary, aggregate};
use filrouge_city::{
    City, Defect, DefectRates, WEATHER_ARCHIVE, WriteOptions, public_holidays, router,
    school_holidays, write_files,
};
use filrouge_lake::{ReadOptions, convert};
use filrouge_types::FixedClock;
use http_body_util::BodyExt;
use polars::prelude::{DataFrame, DataType, ParquetReader, SerReader};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// A raw run folder and the clean folder beside it.
pub(crate) struct World {
    state: TempDir,
}

/// One line of `rejects.parquet`: the rule, the file, and the line or hour.
pub(crate) type Found = (String, String, String);

impl World {
    pub(crate) fn new() -> Self {
        Self {
            state: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn run(&self) -> PathBuf {
        self.state.path().join("raw/20260301T080000Z")
    }

    pub(crate) fn clean(&self) -> PathBuf {
        self.state.path().join("clean")
    }

    pub(crate) fn aggregate(&self) -> Result<Summary, filrouge_aggregate::AggregateError> {
        aggregate(
            &self.run(),
            &self.clean(),
            &Options::new(chrono_tz::Europe::Paris),
        )
    }

    /// Writes a file of the run.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.run().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn write_records(&self, path: &str, records: impl Iterator<Item = Value>) {
        self.write(
            path,
            records
                .map(|record| format!("{record}\n"))
                .collect::<String>(),
        );
    }

    /// Writes the trips of `source` from CSV files, by name.
    pub(crate) fn write_trips(&self, source: &str, files: &[(&str, String)]) {
        let paths: Vec<PathBuf> = files
            .iter()
            .map(|(name, text)| {
                self.write(&format!("{source}/trips/{name}"), text);
                self.run().join(source).join("trips").join(name)
            })
            .collect();

        convert(
            &paths,
            &self.run().join(source).join("trips.parquet"),
            ReadOptions::default(),
        )
        .unwrap();
    }

    pub(crate) fn read_json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.clean().join(name)).unwrap()).unwrap()
    }

    pub(crate) fn rejects(&self) -> DataFrame {
        let file = fs::File::open(self.clean().join("rejects.parquet")).unwrap();
        ParquetReader::new(file).finish().unwrap()
    }

    /// The rows of `rejects.parquet`.
    pub(crate) fn found(&self) -> Vec<Found> {
        let rejects = self.rejects();
        let texts = |name: &str| {
            let column = rejects
                .column(name)
                .unwrap()
                .cast(&DataType::String)
                .unwrap();
            column
                .str()
                .unwrap()
                .iter()
                .map(|text| text.unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        let hours = rejects
            .column("hour")
            .unwrap()
            .cast(&DataType::Int64)
            .unwrap();
        let hours = hours
            .i64()
            .unwrap()
            .iter()
            .map(|hour| hour.map(|hour| hour / 3_600_000_000))
            .collect::<Vec<_>>();
        let place = |line: String, hour: Option<i64>| hour.map_or(line, |hour| hour.to_string());
        let places = texts("source_line")
            .into_iter()
            .zip(hours)
            .map(|(line, hour)| place(line, hour));
        texts("rule")
            .into_iter()
            .zip(texts("source_file"))
            .zip(places)
            .map(|((rule, file), place)| (rule, file, place))
            .collect()
    }

    /// Every file of the clean folder, by name.
    pub(crate) fn clean_files(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.clean()).map_or_else(|_| Vec::new(), Iterator::collect);
        let file = |path: PathBuf| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(path).unwrap(),
            )
        };
        entries
            .into_iter()
            .map(|entry| file(entry.unwrap().path()))
            .collect()
    }
}

/// All that the city of this seed publishes on 3 November 2026 at half past nine, collected: the
/// trips of a month and of the present one, which is both in the lake and among the files, and
/// everything else.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn collected(seed: u64, rates: DefectRates) -> (World, Vec<Defect>) {
    let world = World::new();
    let city = City::with_defects(seed, rates);
    let clock = FixedClock::at(NOW.parse().unwrap());
    let folder = world.state.path().join("city");

    write_files(
        &city,
        &folder,
        &clock,
        &WriteOptions {
            months: 1,
            ..WriteOptions::default()
        },
    )
    .await
    .unwrap();

    let files = trip_files(&folder);
    convert_to(&world, "lake", &files);
    convert_to(&world, "file", &files[1..]);
    receive(&world, router(city.clone(), Arc::new(clock))).await;
    write_calendar(&world, &city);

    (world, planted(&folder, &files))
}

/// The instant of every test on the city: the night when clocks went back is in the last month but
/// one.
pub(crate) const NOW: &str = "2026-11-03T09:30:00Z";
const HISTORY_START: &str = "2026-10-01";
const YESTERDAY: &str = "2026-11-02";

fn trip_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("trips")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn convert_to(world: &World, source: &str, files: &[PathBuf]) {
    let folder = world.run().join(source);
    fs::create_dir_all(&folder).unwrap();
    convert(files, &folder.join("trips.parquet"), ReadOptions::default()).unwrap();
}

/// The files of the web service.
async fn receive(world: &World, city: Router) {
    let archive = format!("{WEATHER}&start_date={HISTORY_START}&end_date={YESTERDAY}");
    let forecast = format!("{WEATHER}&past_days=2&forecast_days=4");

    for (name, address) in [
        ("station_information", "/gbfs/3/station_information.json"),
        ("station_status", "/gbfs/3/station_status.json"),
        ("weather_archive", &format!("/v1/archive?{archive}")),
        ("weather_forecast", &format!("/v1/forecast?{forecast}")),
    ] {
        let request = Request::get(address).body(Body::empty()).unwrap();
        let answer = city.clone().oneshot(request).await.unwrap();
        assert!(answer.status().is_success(), "{address}");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        world.write(&format!("web_service/{name}.json"), body);
    }
}

const WEATHER: &str = "latitude=45.6&longitude=4.1&timezone=UTC&hourly=temperature_2m,apparent_temperature,\
                       relative_humidity_2m,wind_speed_10m,precipitation,weather_code";

/// The records that a collection makes of the city's pages and of the operator's table.
fn write_calendar(world: &World, city: &City) {
    let (first, after): (NaiveDate, NaiveDate) = (
        HISTORY_START.parse().unwrap(),
        "2026-12-01".parse().unwrap(),
    );
    let events = first
        .iter_days()
        .take_while(|date| *date < after)
        .flat_map(|date| city.events_on(date));

    let events =
        events.map(|event| json!({"place": event.place, "starts_at": event.starts_at, "ends_at": event.ends_at}));
    world.write_records("web_page/events.jsonl", events);
    let public = (2024..=2027).flat_map(public_holidays);

    world.write_records(
        "web_page/public_holidays.jsonl",
        public.map(|day| json!({"date": day.date, "name": day.name})),
    );
    let school = (2024..=2027).flat_map(school_holidays);
    let school = school
        .map(|one| json!({"starts_on": one.starts_on, "ends_on": one.ends_on, "name": one.name}));

    world.write_records("web_page/school_holidays.jsonl", school);
    let stations = city.stations().iter().map(|station| {
        let mut record = serde_json::to_value(station).unwrap();
        record["installed_on"] = json!("2023-01-01");
        record
    });

    world.write_records("sql/stations.jsonl", stations);
}

/// The manifest of defects, for these files and the weather.
fn planted(folder: &Path, files: &[PathBuf]) -> Vec<Defect> {
    let manifest = fs::read_to_string(folder.join("defects.jsonl")).unwrap();
    let defects = manifest
        .lines()
        .map(|line| serde_json::from_str::<Defect>(line).unwrap());
    let names: Vec<_> = files
        .iter()
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    defects
        .filter(|defect| defect.file == WEATHER_ARCHIVE || names.contains(&defect.file))
        .collect()
}
