//! Files in every shape that is read, by the program itself: by its collection, its lake and its
//! cleaning. What cannot be read is in the counts too. The samples that the project carries are read
//! everywhere, the real files where they are at hand.

mod files;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path as UrlPath, Query};
use axum::response::Html;
use axum::routing::get;
use filrouge_aggregate::{Options, aggregate};
use filrouge_collect::{
    CollectOptions, Forgotten, Manifest, Placeholders, Profile, SourceKind, collect, collect_status,
};
use filrouge_dataset::read_dataset;
use filrouge_lake::{ReadOptions, convert};
use filrouge_types::FixedClock;
use polars::prelude::{
    DataType, IntoLazy, ParquetReader, ParquetWriter, SerReader, TimeUnit, TimeZone, col,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use files::{Files, entries, name};

const PARIS: &str = include_str!("../../../../data/profiles/paris.toml");

/// Everything the weather files hold is in the past.
const NOW: &str = "2025-06-01T00:00:00Z";

/// Items read of each file or set of files, and items that there were to read.
struct Count {
    what: String,
    read: u64,
    there: u64,
}

// Preuve: C1.4 des fichiers de toutes les formes sont lus par le programme, chaque ligne et chaque élément compté
#[tokio::test(flavor = "multi_thread")]
async fn every_sample_is_read_and_every_row_or_item_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();

    every_file_is_read(&Files::samples(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_real_file_is_read_and_every_row_or_item_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();

    if let Some(files) = Files::real(folder.path()) {
        every_file_is_read(&files).await;
    }
}

async fn every_file_is_read(files: &Files) {
    let state = tempfile::tempdir().unwrap();
    let state = state.path();
    let mut counts = Vec::new();

    trips(files, state, &mut counts);
    tables(files, state, &mut counts).await;
    counted_by_hour(files, state, &mut counts);
    weather_of_another_city(files, state, &mut counts).await;
    services_and_pages(files, state, &mut counts).await;
    snapshots(files, state, &mut counts).await;

    for Count { what, read, there } in &counts {
        println!("{what:<60} {read:>8} read of {there:>8}");
        assert!(read == there && *read > 0, "{what}");
    }
}

fn trips(files: &Files, state: &Path, counts: &mut Vec<Count>) {
    let mut files = entries(&files.trips);

    for file in converted(&files, &state.join("all.parquet")) {
        let what = format!(
            "trips {} ({}, {})",
            file.source_file,
            file.encoding,
            file.date_formats.join(" ")
        );

        counts.push(Count {
            what,
            read: file.kept + file.rejected,
            there: file.read,
        });
    }

    // The months that the real weather covers too, for the cleaning.
    files.retain(|path| path.to_string_lossy().contains("/2021"));
    fs::create_dir_all(state.join("lake")).unwrap();
    converted(&files, &state.join("lake/trips.parquet"));
}

fn converted(files: &[PathBuf], target: &Path) -> Vec<filrouge_lake::FileReport> {
    convert(files, target, ReadOptions::default())
        .unwrap()
        .files
}

/// French tables of other kinds, through the reader of counters: its columns are those that the
/// profile names.
async fn tables(files: &Files, state: &Path, counts: &mut Vec<Count>) {
    let calendar = |name: &str| files.calendar.join(name);

    for (address, [id, hour, count]) in [
        (
            files.counters.clone(),
            [
                "Identifiant du compteur",
                "Date et heure de comptage",
                "Comptage horaire",
            ],
        ),
        (files.observations.clone(), ["numer_sta", "date", "t"]),
        (
            calendar("jours_feries.csv"),
            ["zones", "date", "nom_jour_ferie"],
        ),
        (
            calendar("jours_feries_metropole.csv"),
            ["zone", "date", "annee"],
        ),
        (
            calendar("vacances_scolaires.csv"),
            ["nom_vacances", "date", "vacances_zone_a"],
        ),
    ] {
        let text = format!(
            "name = \"Table\"\ntime_zone = \"Europe/Paris\"\n[file.counters]\naddress = \"{}\"\n\
             [file.counters.columns]\ncounter_id = \"{id}\"\nhour_local = \"{hour}\"\ncount = \"{count}\"\n",
            address.display()
        );
        let manifest = collected(&state.join("tables"), &text, "").await;
        let file = &manifest.entry(SourceKind::File).unwrap().files[0];
        let lines = fs::read_to_string(&address)
            .unwrap()
            .lines()
            .skip(1)
            .filter(|line| !line.is_empty())
            .count();
        let what = format!("{} ({})", name(&address), file.decisions[..2].join(", "));
        counts.push(Count {
            what,
            read: file.rows.unwrap(),
            there: lines as u64,
        });
    }
}

/// Counters by the hour, which are a station-hour data set once their columns bear the names of the
/// contract.
fn counted_by_hour(files: &Files, state: &Path, counts: &mut Vec<Count>) {
    let table = ParquetReader::new(File::open(&files.counted_by_hour).unwrap())
        .finish()
        .unwrap();
    let instant = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    let contract = [
        col("counter_id").cast(DataType::String).alias("station_id"),
        col("date")
            .cast(DataType::Int64)
            .cast(instant)
            .alias("hour"),
        col("bike_count").cast(DataType::Int64).alias("departures"),
    ];
    let mut renamed = table.clone().lazy().select(contract).collect().unwrap();
    let path = state.join("counters.parquet");
    ParquetWriter::new(File::create(&path).unwrap())
        .finish(&mut renamed)
        .unwrap();
    let read = read_dataset(&path).unwrap().table.departures.len() as u64;
    counts.push(Count {
        what: name(&files.counted_by_hour),
        read,
        there: table.height() as u64,
    });
}

/// Another city's weather, which its file gives in another unit of time.
async fn weather_of_another_city(files: &Files, state: &Path, counts: &mut Vec<Count>) {
    let there = read_weather(&files.other_weather).len() as u64;
    let city = serve(files, &files.other_weather).await;
    let profile = paris_at_home();
    let kept = profile.split("[web_page]").next().unwrap();
    let manifest = collected(&state.join("other"), kept, &city).await;
    let files = &manifest.entry(SourceKind::WebService).unwrap().files;
    let archives = files
        .iter()
        .filter(|file| file.path.starts_with("web_service/weather_archive"));

    let read = archives.filter_map(|file| file.rows).sum();

    counts.push(Count {
        what: "weather, hours of another city".to_owned(),
        read,
        there,
    });
}

/// The profile of Paris, whose services are those of the server of this test.
fn paris_at_home() -> String {
    PARIS
        .replace(
            "https://velib-metropole-opendata.smovengo.cloud/opendata/Velib_Metropole",
            "{city}/gbfs",
        )
        .replace(
            "https://archive-api.open-meteo.com/v1/archive",
            "{city}/v1/archive",
        )
        .replace(
            "https://api.open-meteo.com/v1/forecast",
            "{city}/v1/archive",
        )
        .replace(
            "https://calendrier.api.gouv.fr/jours-feries/metropole.json",
            "{city}/jours-feries",
        )
        .replace(
            "https://billets.stadefrance.com/list/events?lang=fr",
            "{city}/agenda",
        )
        .replace("history_months = 24", "history_months = 53")
        .replace("pause_seconds = 2.0", "pause_seconds = 0.0")
}

/// A server of real content: GBFS, five years of weather, an agenda, encyclopaedia pages.
async fn services_and_pages(files: &Files, state: &Path, counts: &mut Vec<Count>) {
    let city = serve(files, &files.weather).await;
    let profile = paris_at_home();
    let manifest = collected(state, &profile, &city).await;
    let rows = |path: &str| {
        let file = manifest
            .sources
            .iter()
            .flat_map(|source| &source.files)
            .find(|file| file.path == path);
        file.and_then(|file| file.rows).unwrap_or_default()
    };
    for name in ["station_information", "station_status"] {
        let there = fs::read_to_string(files.gbfs.join(format!("{name}.json"))).unwrap();
        let there = there.matches("\"station_id\"").count() as u64;
        counts.push(Count {
            what: format!("GBFS {name}"),
            read: rows(&format!("web_service/{name}.json")),
            there,
        });
    }
    let there = fs::read_to_string(files.public_holidays())
        .unwrap()
        .matches("\": \"")
        .count() as u64;
    counts.push(Count {
        what: "public holidays, days".to_owned(),
        read: rows("web_service/public_holidays.jsonl"),
        there,
    });
    let page = fs::read_to_string(&files.agenda).unwrap();
    let there = page.matches("product_EVENT").count() as u64;
    counts.push(Count {
        what: "agenda of a stadium".to_owned(),
        read: rows("web_page/events.jsonl"),
        there,
    });
    let hours = read_weather(&files.weather).len() as u64;
    weather(state, &manifest, hours, counts);

    for page in &files.pages {
        let file = name(page);
        let there = fs::read_to_string(page).unwrap().matches("<h2").count() as u64;
        let text = format!(
            "name = \"Page\"\ntime_zone = \"Europe/Paris\"\n[web_page.public_holidays]\naddress = \"{city}/page/{file}\"\n\
             item = \"h2\"\n[web_page.public_holidays.fields]\ndate = \"span@id\"\nname = \"*\"\n"
        );
        let manifest = collected(&state.join("pages"), &text, &city).await;
        let read = manifest.entry(SourceKind::WebPage).unwrap().rows;
        counts.push(Count {
            what: format!("{file}, titles"),
            read,
            there,
        });
    }
}

/// The cleaning of the weather, beside the trips of its months.
fn weather(state: &Path, manifest: &Manifest, there: u64, counts: &mut Vec<Count>) {
    let run = state.join("raw").join(&manifest.run_id);
    fs::create_dir_all(run.join("lake")).unwrap();
    fs::copy(
        state.join("lake/trips.parquet"),
        run.join("lake/trips.parquet"),
    )
    .unwrap();

    // The stations are those of another city: without them the trips make their own.
    fs::remove_file(run.join("web_service/station_information.json")).unwrap();
    let summary = aggregate(
        &run,
        &state.join("clean"),
        &Options::new(chrono_tz::Europe::Paris),
    )
    .unwrap();
    println!("{summary}");
    let archive = summary
        .sources
        .iter()
        .find(|source| source.source == "weather_archive")
        .unwrap();

    counts.push(Count {
        what: "weather, hours, cleaned".to_owned(),
        read: archive.kept,
        there,
    });

    assert_eq!(
        summary.departures + summary.departures_after,
        summary.trips_kept()
    );
}

/// Snapshots in their order: each one is asked for as the present status.
async fn snapshots(files: &Files, state: &Path, counts: &mut Vec<Count>) {
    let files = entries(&files.snapshots);
    let snapshot = Arc::new(Mutex::new(String::new()));
    let shown = Arc::clone(&snapshot);
    let feed = get(move || async move { shown.lock().unwrap().clone() });
    let city = listen(
        Router::new()
            .route("/gbfs/gbfs.json", get(discovery))
            .route("/gbfs/station_status.json", feed),
    )
    .await;
    let text = format!(
        "name = \"Ville\"\ntime_zone = \"Europe/Oslo\"\n[web_service.gbfs]\naddress = \"{city}/gbfs/gbfs.json\"\n"
    );
    let profile = Profile::parse(&text, Path::new("oslo.toml"), &places(&city, state)).unwrap();
    let (mut read, mut there) = (0, 0);
    for file in &files {
        let body = fs::read_to_string(file).unwrap();
        there += body.matches("\"station_id\"").count() as u64;
        *snapshot.lock().unwrap() = body;
        read += collect_status(&profile, &options(&state.join("status")))
            .await
            .unwrap()
            .len() as u64;
    }
    counts.push(Count {
        what: format!("{} snapshots", files.len()),
        read,
        there,
    });
}

fn places(city: &str, state: &Path) -> Placeholders {
    Placeholders {
        city: city.to_owned(),
        state: state.to_owned(),
    }
}

fn options(state: &Path) -> CollectOptions {
    let clock = Arc::new(FixedClock::at(NOW.parse().unwrap()));
    CollectOptions {
        state_dir: state.to_owned(),
        sources: Vec::new(),
        clock,
        seed: 1,
        forgotten: Forgotten::default(),
    }
}

/// A run of the sources that a profile keeps for this test.
async fn collected(state: &Path, profile: &str, city: &str) -> Manifest {
    let profile = profile
        .split("[file.counters]\naddress = \"https")
        .next()
        .unwrap();
    let profile = Profile::parse(profile, Path::new("real.toml"), &places(city, state)).unwrap();
    let report = collect(&profile, &options(state), &()).await.unwrap();
    assert!(report.succeeded(), "{report}");
    Manifest::read(&report.run.folder).unwrap()
}

async fn listen(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A server of all that the profile of Paris asks for.
async fn serve(files: &Files, weather: &Path) -> String {
    let hours = Arc::new(read_weather(weather));
    let archive = get(
        move |Query(query): Query<BTreeMap<String, String>>| async move { answer(&hours, &query) },
    );
    let feeds = files.gbfs.clone();
    let feed = get(|UrlPath(name): UrlPath<String>| async move {
        fs::read_to_string(feeds.join(name)).unwrap()
    });
    let pages = files.pages[0].with_file_name("");
    let page = get(|UrlPath(name): UrlPath<String>| async move {
        Html(fs::read_to_string(pages.join(name)).unwrap())
    });
    let agenda = fs::read_to_string(&files.agenda).unwrap();
    let public_holidays = fs::read_to_string(files.public_holidays()).unwrap();

    let router = Router::new()
        .route("/gbfs/gbfs.json", get(discovery))
        .route(
            "/gbfs/system_information.json",
            get(|| async { r#"{"data": {"system_id": "velib"}}"# }),
        )
        .route("/gbfs/{name}", feed)
        .route("/v1/archive", archive)
        .route("/jours-feries", get(|| async { public_holidays }))
        .route("/agenda", get(|| async { Html(agenda) }))
        .route("/page/{name}", page);

    listen(router).await
}

async fn discovery(headers: axum::http::HeaderMap) -> String {
    let host = headers["host"].to_str().unwrap();
    let feeds = [
        "system_information",
        "station_information",
        "station_status",
    ]
    .map(|name| json!({"name": name, "url": format!("http://{host}/gbfs/{name}.json")}));
    json!({"data": {"en": {"feeds": feeds}}}).to_string()
}

/// The hours of a Parquet file, in the words of the service that it came from: `None` for what it
/// does not hold.
type RealHours = BTreeMap<String, [Option<f64>; 6]>;

const VARIABLES: [&str; 6] = [
    "temperature_2m",
    "apparent_temperature",
    "relative_humidity_2m",
    "wind_speed_10m",
    "precipitation",
    "weather_code",
];

fn read_weather(path: &Path) -> RealHours {
    let frame = ParquetReader::new(File::open(path).unwrap())
        .finish()
        .unwrap();
    let micros = col("time")
        .cast(DataType::Datetime(TimeUnit::Microseconds, None))
        .cast(DataType::Int64);
    let times = frame.clone().lazy().select([micros]).collect().unwrap();

    let values = VARIABLES.map(|name| {
        let column = frame
            .column(name)
            .and_then(|column| column.cast(&DataType::Float64));
        column.ok().map(|column| column.f64().unwrap().clone())
    });

    let time = |micros: i64| {
        chrono::DateTime::from_timestamp_micros(micros)
            .unwrap()
            .format("%Y-%m-%dT%H:%M")
            .to_string()
    };

    let row = |at: usize| values.each_ref().map(|column| column.as_ref()?.get(at));

    times
        .column("time")
        .unwrap()
        .i64()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(at, micros)| (time(micros.unwrap()), row(at)))
        .collect()
}

/// The answer that Open-Meteo would have given.
fn answer(hours: &RealHours, query: &BTreeMap<String, String>) -> String {
    let [from, to] = ["start_date", "end_date"]
        .map(|name| query.get(name).cloned().unwrap_or("2025-05-31".to_owned()));
    let asked: Vec<_> = hours
        .range(format!("{from}T00:00")..=format!("{to}T23:00"))
        .collect();
    let mut hourly = serde_json::Map::new();

    hourly.insert(
        "time".to_owned(),
        asked
            .iter()
            .map(|(time, _)| Value::from(time.as_str()))
            .collect(),
    );

    for (at, name) in VARIABLES.into_iter().enumerate() {
        hourly.insert(
            name.to_owned(),
            asked
                .iter()
                .map(|(_, values)| Value::from(values[at]))
                .collect(),
        );
    }

    json!({"utc_offset_seconds": 0, "hourly": hourly}).to_string()
}
