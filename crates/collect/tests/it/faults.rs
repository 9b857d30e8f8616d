use std::fs;

use filrouge_collect::{SourceKind, SourceState};

use crate::server::Fault;
use crate::world::{World, failed, operator};

/// One misbehaviour, and what must be told of it.
struct Case {
    path: &'static str,
    fault: Fault,
    source: SourceKind,
    says: &'static [&'static str],
}

const fn case(
    path: &'static str,
    fault: Fault,
    source: SourceKind,
    says: &'static [&'static str],
) -> Case {
    Case {
        path,
        fault,
        source,
        says,
    }
}

const STATUS: &str = "/gbfs/station_status.json";

const CASES: [Case; 19] = [
    case(
        STATUS,
        Fault::Truncated,
        SourceKind::WebService,
        &["station_status.json", "could not be received"],
    ),
    case(
        STATUS,
        Fault::Status(500),
        SourceKind::WebService,
        &["station_status.json", "answered 500"],
    ),
    case(
        STATUS,
        Fault::TooMany(3600),
        SourceKind::WebService,
        &["answered 429", "asks to wait 3600 s"],
    ),
    case(
        STATUS,
        Fault::RedirectLoop,
        SourceKind::WebService,
        &["redirects more than 5 times"],
    ),
    case(
        STATUS,
        Fault::Endless,
        SourceKind::WebService,
        &["larger than 1000000 bytes"],
    ),
    case(
        STATUS,
        Fault::Bomb,
        SourceKind::WebService,
        &["larger than 1000000 bytes once decompressed"],
    ),
    case(
        STATUS,
        Fault::Content("text/html", "<p>oups</p>"),
        SourceKind::WebService,
        &["is not JSON", "text/html"],
    ),
    case(
        STATUS,
        Fault::Content("application/json", r#"{"data": {"docks": []}}"#),
        SourceKind::WebService,
        &["no `data.stations`"],
    ),
    // A wrong type: a number where the list of stations is expected.
    case(
        STATUS,
        Fault::Content("application/json", r#"{"data": {"stations": 12}}"#),
        SourceKind::WebService,
        &["no `data.stations`"],
    ),
    // Renamed fields.
    case(
        STATUS,
        Fault::Content(
            "application/json",
            r#"{"data": {"stations": [{"station_id": "RIV-001", "bikes": 5}]}}"#,
        ),
        SourceKind::WebService,
        &["station_status.json has `num_vehicles_available` nor `num_bikes_available`"],
    ),
    case(
        "/gbfs/station_information.json",
        Fault::Content(
            "application/json",
            r#"{"data": {"stations": [{"id": "RIV-001", "name": "Gare"}]}}"#,
        ),
        SourceKind::WebService,
        &["no item of", "station_information.json has `station_id`"],
    ),
    // A wrong encoding: UTF-16 that says it is JSON.
    case(
        "/gbfs/station_information.json",
        Fault::Content("application/json", "\u{feff}\0{\0}\0"),
        SourceKind::WebService,
        &["station_information.json is not JSON"],
    ),
    case(
        "/v1/forecast",
        Fault::Content(
            "application/json",
            r#"{"hourly": {"time": ["2026-02-28T00:00"], "temperature_2m": "doux"}}"#,
        ),
        SourceKind::WebService,
        &["/v1/forecast", "no `hourly.temperature_2m`"],
    ),
    case(
        "/gbfs/gbfs.json",
        Fault::Content("application/json", "{}"),
        SourceKind::WebService,
        &["gbfs.json", "no `data`"],
    ),
    case(
        "/v1/archive",
        Fault::Content("application/json", r#"{"hourly": {}}"#),
        SourceKind::WebService,
        &["/v1/archive", "no `hourly.time`"],
    ),
    case(
        "/feries.json",
        Fault::Content("application/json", r#"{"demain": "Fête"}"#),
        SourceKind::WebService,
        &[
            "/feries.json does not list public holidays",
            "`demain` is not a day",
        ],
    ),
    case(
        "/agenda",
        Fault::Content("text/html", "<h1>Refonte</h1>"),
        SourceKind::WebPage,
        &["`article` matches nothing", "/agenda?page=1"],
    ),
    case(
        "/agenda",
        Fault::Content("text/html", "<article><h3>A</h3></article>"),
        SourceKind::WebPage,
        &["`h2` (title) matches nothing", "/agenda?page=1"],
    ),
    case(
        "/agenda",
        Fault::Content(
            "text/html",
            r#"<article><h2>A</h2><time datetime="2026-03-01"></time></article><a rel="next" href="?page=1">"#,
        ),
        SourceKind::WebPage,
        &["go round"],
    ),
];

// Preuve: C1.5 gestion des erreurs : chaque panne est nommée, les autres sources sont collectées, rien n'est perdu [code : crates/collect/src/fetch.rs]
#[tokio::test]
async fn every_misbehaviour_is_named_stops_no_other_source_and_loses_nothing() {
    let world = World::with_limits("attempts = 1").await;
    assert!(world.collect().await.succeeded());
    for Case {
        path,
        fault,
        source,
        says,
    } in CASES
    {
        world.server.misbehave(path, fault);
        let report = world.collect().await;
        let entry = world.entry(source);
        let error = entry
            .error
            .clone()
            .unwrap_or_else(|| panic!("no error for {says:?}"));

        assert_eq!(failed(&report), [source], "{error}");
        assert!(
            says.iter().all(|words| error.contains(words)),
            "{error} should say {says:?}"
        );
        assert!(entry.files_from.is_some(), "{error}");
        assert!(
            world
                .read("web_service/station_status.json")
                .contains("RIV-001")
        );

        assert!(world.read("web_page/events.jsonl").contains("Marché"));

        world.server.behave();
    }
    let report = world.collect().await;
    assert!(report.succeeded(), "{report}");
    assert_eq!(world.entry(SourceKind::WebService).files_from, None);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_left_after_the_time_out() {
    let world = World::with_limits("attempts = 1\ntimeout_seconds = 1.0").await;
    world.server.misbehave(STATUS, Fault::Slow);
    let report = world
        .collect_only(&[SourceKind::WebService, SourceKind::File, SourceKind::Sql])
        .await;
    assert_eq!(failed(&report), [SourceKind::WebService]);
    let error = world.entry(SourceKind::WebService).error.unwrap();
    assert!(
        error.contains("station_status.json did not answer within 1 s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_failure_that_passes_is_tried_again() {
    let world = World::new().await;
    world.server.misbehave(STATUS, Fault::Recovers(1));
    assert!(world.collect().await.succeeded());
    assert_eq!(world.server.requests(STATUS).len(), 2);
}

#[tokio::test]
async fn pages_without_end_are_bounded() {
    let world = World::new().await;
    let page = r#"<article><h2>A</h2><time datetime="2026-03-01"></time></article><a rel="next" href="/agenda/suite/">"#;
    world
        .server
        .misbehave("/agenda", Fault::Content("text/html", page));
    let mut path = "/agenda/suite/".to_owned();
    for _ in 0..4 {
        let next = r#"<article><h2>A</h2><time datetime="2026-03-01"></time></article><a rel="next" href="suite/">"#;
        world
            .server
            .misbehave(&path, Fault::Content("text/html", next));
        path.push_str("suite/");
    }
    world.collect().await;
    let error = world.entry(SourceKind::WebPage).error.unwrap();
    assert!(
        error.ends_with("/agenda?page=1 has more than 3 pages"),
        "{error}"
    );
}

#[tokio::test]
async fn a_page_whose_shape_changed_is_kept_for_study() {
    let world = World::new().await;
    world
        .server
        .misbehave("/agenda", Fault::Content("text/html", "<h1>Refonte</h1>"));
    world.collect().await;
    assert_eq!(
        world.read("failed/web_page/pages/events-001.html"),
        "<h1>Refonte</h1>"
    );
    let entry = world.entry(SourceKind::WebPage);
    assert_eq!(entry.files[0].path, "failed/web_page/pages/events-001.html");
    assert_eq!(entry.files_from, None);
}

#[tokio::test]
async fn a_database_that_is_locked_or_missing_fails_alone() {
    let world = World::new().await;
    let mut writer = operator(world.state.path()).await;

    sqlx::raw_sql("BEGIN EXCLUSIVE")
        .execute(&mut writer)
        .await
        .unwrap();

    assert_eq!(failed(&world.collect().await), [SourceKind::Sql]);

    let error = world.entry(SourceKind::Sql).error.unwrap();

    assert!(
        error.contains("operator.sqlite") && error.contains("locked"),
        "{error}"
    );

    sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
    assert!(world.collect().await.succeeded());

    drop(writer);
    fs::remove_file(world.state.path().join("city/operator.sqlite")).unwrap();

    assert_eq!(failed(&world.collect().await), [SourceKind::Sql]);

    let entry = world.entry(SourceKind::Sql);

    assert!(
        entry
            .error
            .unwrap()
            .ends_with("operator.sqlite does not exist")
    );

    assert!(world.read("sql/stations.jsonl").contains("RIV-001"));
}

#[tokio::test]
async fn a_file_that_is_missing_or_renamed_its_columns_fails_alone() {
    let world = World::new().await;
    let counters = world.state.path().join("city/counters/2026-03.csv");
    fs::write(&counters, "Compteur;Heure;Nombre\nA;01/03/2026 07:00;3\n").unwrap();

    assert_eq!(failed(&world.collect().await), [SourceKind::File]);

    let error = world.entry(SourceKind::File).error.unwrap();

    assert!(
        error.contains(
            "2026-03.csv: the header has no column `Passages`, only: Compteur, Heure, Nombre"
        ),
        "{error}"
    );

    fs::remove_file(&counters).unwrap();
    world.collect().await;
    let error = world.entry(SourceKind::File).error.unwrap();
    assert!(error.contains("city/counters holds no .csv"), "{error}");
}

#[tokio::test]
async fn everything_down_is_still_a_run_with_the_last_good_files() {
    let world = World::with_limits("attempts = 1").await;
    world.collect().await;

    for path in ["/gbfs/gbfs.json", "/robots.txt"] {
        world.server.misbehave(path, Fault::Status(503));
    }

    fs::remove_dir_all(world.state.path().join("city")).unwrap();
    fs::remove_dir_all(world.state.path().join("lake")).unwrap();
    let report = world.collect().await;
    assert_eq!(failed(&report), SourceKind::ALL);

    assert!(
        world
            .manifest()
            .sources
            .iter()
            .all(|entry| entry.state == SourceState::Failed)
    );

    assert!(world.read("file/counters.jsonl").contains("Été"));
    assert!(
        report
            .to_string()
            .contains("les fichiers de la collecte 20260301T080000Z sont repris"),
        "{report}"
    );
}
