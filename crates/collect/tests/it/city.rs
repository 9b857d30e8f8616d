use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use filrouge_city::{City, WriteOptions, serve, write_files};
use filrouge_collect::{
    CollectOptions, Forgotten, Placeholders, Profile, RunReport, SourceKind, collect,
};
use filrouge_lake::{ReadOptions, ingest};
use filrouge_types::FixedClock;
use tokio::net::TcpListener;

/// The simulated city on loopback, with its files and its lake, in `state`.
async fn rivemont(state: &Path, clock: &FixedClock) -> Profile {
    let city = City::new(1);

    write_files(&city, &state.join("city"), clock, &WriteOptions::default())
        .await
        .unwrap();
    let mut trips: Vec<PathBuf> = fs::read_dir(state.join("city/trips"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();

    trips.sort();
    trips.pop();

    // The lake joins small files with an engine that blocks: it has a thread of its own, as in the
    // program.
    let lake = state.join("lake");

    tokio::task::spawn_blocking(move || ingest(&lake, &trips, ReadOptions::default()))
        .await
        .unwrap()
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());

    tokio::spawn(serve(
        city,
        Arc::new(clock.clone()),
        listener,
        std::future::pending(),
    ));

    Profile::rivemont(&Placeholders {
        city: address,
        state: state.to_owned(),
    })
    .unwrap()
}

async fn collect_all(profile: &Profile, state: &Path, clock: FixedClock) -> RunReport {
    let options = CollectOptions {
        state_dir: state.to_owned(),
        sources: Vec::new(),
        clock: Arc::new(clock),
        seed: 1,
        forgotten: Forgotten::default(),
    };
    let report = collect(profile, &options, &()).await.unwrap();
    println!("{report}");
    report
}

fn rows(report: &RunReport, source: SourceKind) -> u64 {
    report
        .sources
        .iter()
        .find(|report| report.source == source)
        .unwrap()
        .rows
}

// Preuve: C1.4 les sources de Rivemont sont récupérées par le profil livré, sans aucune remarque
// Preuve: C1.7 les cinq sortes de source, par le profil livré de Rivemont [code : data/profiles/rivemont.toml]
#[tokio::test]
async fn the_five_sources_of_rivemont_are_collected_with_the_embedded_profile() {
    let state = tempfile::tempdir().unwrap();
    let clock = FixedClock::at("2026-03-15T08:00:00Z".parse().unwrap());
    let profile = rivemont(state.path(), &clock).await;
    let report = collect_all(&profile, state.path(), clock).await;
    assert!(report.succeeded(), "{report}");

    let read = |path: &str| fs::read_to_string(report.run.folder.join(path)).unwrap();
    let stations = City::new(1).stations().len();
    assert_eq!(read("sql/stations.jsonl").lines().count(), stations);

    for records in [
        "web_page/events.jsonl",
        "web_page/public_holidays.jsonl",
        "web_page/school_holidays.jsonl",
    ] {
        assert!(
            read(records).lines().count() > 10 && !read(records).contains("null"),
            "{records}"
        );
    }

    assert!(!read("file/counters.jsonl").contains("null"));

    let sources = [
        SourceKind::WebService,
        SourceKind::File,
        SourceKind::Sql,
        SourceKind::Lake,
    ];

    assert!(
        sources.iter().all(|source| rows(&report, *source) > 1_000),
        "{report}"
    );

    let notes: Vec<_> = report
        .sources
        .iter()
        .flat_map(|report| &report.notes)
        .collect();
    assert!(notes.is_empty(), "{notes:?}");
}
