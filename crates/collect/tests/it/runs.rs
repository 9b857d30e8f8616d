use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use filrouge_collect::{
    CollectOptions, Profile, SourceKind, SourceState, collect, collect_status, latest_run,
};
use sha2::{Digest, Sha256};

use crate::server::Fault;
use crate::world::{World, failed, operator};

// Preuve principale: C1.4 tout ce qui est visé est récupéré, source par source [code : crates/collect/src/run.rs#collect]
// Preuve principale: C1.7 service web, page web, fichier, base de données et système big data en une seule collecte [code : crates/collect/src/profile.rs#sources]
// Preuve principale: C2.1 les requêtes ramènent les données visées, de la base et du lac [code : crates/collect/src/source/sql/query.rs#QUERIES]
#[tokio::test]
async fn a_run_holds_what_every_source_gave() {
    let world = World::new().await;
    let report = world.collect().await;
    assert!(report.succeeded(), "{report}");
    assert_eq!(report.run.run_id, "20260301T080000Z");
    assert!(
        world
            .read("web_service/station_information.json")
            .contains("Gare")
    );
    assert!(
        world
            .read("web_service/weather_archive.json")
            .contains("temperature_2m")
    );
    assert!(
        world
            .read("web_page/pages/events-002.html")
            .contains("Marché")
    );
    let events = world.read("web_page/events.jsonl");
    assert!(events.starts_with(
        r#"{"event_id":"e1","title":"Fête","place":null,"starts_at":"2026-03-01T19:00:00Z""#
    ));
    assert_eq!(events.lines().count(), 2);
    assert_eq!(
        world.read("web_page/public_holidays.jsonl"),
        "{\"date\":\"2026-05-01\",\"name\":\"Fête du Travail\"}\n"
    );
    assert_eq!(
        world.read("file/counters.jsonl"),
        "{\"counter_id\":\"Été\",\"hour_local\":\"2026-03-01T07:00:00\",\"count\":1200}\n"
    );
    assert!(world.read("file/trips/2026-03.csv").starts_with("ride_id,"));
    assert!(
        world
            .read("sql/subscribers.jsonl")
            .contains(r#""subscriber_number":"7""#)
    );
    for path in ["file/trips.parquet", "lake/trips.parquet"] {
        let files = world
            .manifest()
            .sources
            .into_iter()
            .flat_map(|entry| entry.files);
        assert_eq!(
            files
                .into_iter()
                .find(|file| file.path == path)
                .unwrap()
                .rows,
            Some(1),
            "{path}"
        );
    }
}

// Preuve: C1.5 fin et sauvegarde : le manifeste dit tout de chaque fichier
#[tokio::test]
async fn the_manifest_lists_every_file_with_its_hash_and_its_decisions() {
    let world = World::new().await;
    let report = world.collect().await;
    let manifest = world.manifest();
    let sources: Vec<_> = manifest.sources.iter().map(|entry| entry.source).collect();
    assert_eq!(sources, SourceKind::ALL);

    let files = manifest.sources.iter().flat_map(|entry| &entry.files);
    for file in files.clone() {
        let content = fs::read(report.run.folder.join(&file.path)).unwrap();
        let sha256: String = Sha256::digest(&content)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();

        assert_eq!(
            (content.len() as u64, sha256),
            (file.bytes, file.sha256.clone()),
            "{}",
            file.path
        );
    }

    let counters = files
        .clone()
        .find(|file| file.path == "file/counters/2026-03.csv")
        .unwrap();
    assert_eq!(counters.columns, ["Compteur", "Heure", "Passages"]);

    let events = files
        .clone()
        .find(|file| file.path == "web_page/events.jsonl")
        .unwrap();

    assert!(
        events.columns.contains(&"starts_at".to_owned()),
        "{:?}",
        events.columns
    );

    assert!(
        counters
            .decisions
            .contains(&"encoding: ISO-8859-1".to_owned()),
        "{:?}",
        counters.decisions
    );
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let world = World::new().await;
    world.collect().await;
    let first = world.read("web_service/station_information.json");
    world.clock.advance(chrono::TimeDelta::hours(1));
    assert!(world.collect().await.succeeded());
    let requests = world.server.requests("/gbfs/station_information.json");
    assert!(
        requests[0].get("if-none-match").is_none() && requests[1].get("if-none-match").is_some()
    );
    assert_eq!(requests[0]["accept-encoding"], "gzip,br");
    assert!(
        requests[0]["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("filrouge/")
    );
    assert_eq!(world.read("web_service/station_information.json"), first);
}

#[tokio::test]
async fn a_feed_is_not_asked_for_again_before_its_ttl_is_over() {
    let world = World::new().await;
    let status = r#"{"last_updated": "2026-03-01T08:00:00Z", "ttl": 60, "version": "3.0", "data": {"stations": [
        {"station_id": "RIV-001"}]}}"#;
    world.server.misbehave(
        "/gbfs/station_status.json",
        Fault::Content("application/json", status),
    );
    let mut requests = Vec::new();
    for seconds in [0, 59, 2] {
        world.clock.advance(chrono::TimeDelta::seconds(seconds));
        collect_status(&world.profile, &world.options())
            .await
            .unwrap();
        requests.push(world.server.requests("/gbfs/station_status.json").len());
    }
    assert_eq!(requests, [1, 1, 2]);
}

#[tokio::test]
async fn a_feed_kept_by_a_clock_that_was_ahead_is_asked_for_again() {
    let world = World::new().await;
    let status = r#"{"last_updated": "2026-03-04T08:00:00Z", "ttl": 60, "version": "3.0", "data": {"stations": [
        {"station_id": "RIV-001"}]}}"#;
    world.server.misbehave(
        "/gbfs/station_status.json",
        Fault::Content("application/json", status),
    );

    let mut requests = Vec::new();
    // Three days ahead, then back; a publisher's clock may be ahead too.
    for days in [3, -3] {
        world.clock.advance(TimeDelta::days(days));
        collect_status(&world.profile, &world.options())
            .await
            .unwrap();
        requests.push(world.server.requests("/gbfs/station_status.json").len());
    }
    world.clock.advance(TimeDelta::minutes(6));
    collect_status(&world.profile, &world.options())
        .await
        .unwrap();
    requests.push(world.server.requests("/gbfs/station_status.json").len());

    assert_eq!(requests, [1, 2, 3]);
}

#[tokio::test]
async fn a_secret_comes_from_the_environment_and_shows_nowhere() {
    let mut world = World::new().await;
    // Cargo sets this variable when it runs a test: it stands for a secret here.
    let authentication =
        "[web_service.gbfs.authentication]\nenvironment = \"CARGO_PKG_DESCRIPTION\"\n";
    let text = format!("{}{authentication}", include_str!("profile.toml"));
    world.profile = Profile::parse(&text, Path::new("profile.toml"), &world.places()).unwrap();

    assert!(world.collect().await.succeeded());

    let secret = env!("CARGO_PKG_DESCRIPTION");
    let header = world.server.requests("/gbfs/station_status.json")[0]["authorization"].clone();
    assert_eq!(header, format!("Bearer {secret}"));
    assert!(!world.read("manifest.json").contains(secret));

    let absent = text.replace("CARGO_PKG_DESCRIPTION", "FILROUGE_SECRET_ABSENT");
    world.profile = Profile::parse(&absent, Path::new("profile.toml"), &world.places()).unwrap();
    world.collect().await;
    let error = world.entry(SourceKind::WebService).error.unwrap();

    assert!(
        error.starts_with("the environment variable FILROUGE_SECRET_ABSENT is not set"),
        "{error}"
    );
}

#[tokio::test]
async fn a_state_folder_that_cannot_be_written_is_named() {
    let world = World::new().await;
    let file = world.state.path().join("un-fichier");
    fs::write(&file, "").unwrap();
    let options = CollectOptions {
        state_dir: file,
        ..world.options()
    };
    let error = collect(&world.profile, &options, &()).await.unwrap_err();
    assert!(error.to_string().contains("un-fichier/raw"), "{error}");
}

#[tokio::test]
async fn a_run_that_was_killed_leaves_no_trace_after_the_next() {
    let world = World::new().await;
    let killed = world
        .state
        .path()
        .join("raw/.unfinished-20260228T080000Z/web_service");
    fs::create_dir_all(&killed).unwrap();
    assert_eq!(latest_run(world.state.path()).unwrap(), None);
    assert!(world.collect().await.succeeded());
    assert!(!killed.exists());
}

#[tokio::test]
async fn a_run_that_is_stopped_half_way_leaves_nothing_that_a_reader_could_take_for_complete() {
    let world = Arc::new(World::new().await);
    world
        .server
        .misbehave("/gbfs/station_status.json", Fault::Slow);
    let running = tokio::spawn({
        let world = Arc::clone(&world);
        async move { world.collect().await }
    });
    while world
        .server
        .requests("/gbfs/station_status.json")
        .is_empty()
    {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert_eq!(latest_run(world.state.path()).unwrap(), None);
    world.server.behave();
    assert!(world.collect().await.succeeded());
}

#[tokio::test]
async fn two_collections_at_once_are_refused() {
    let world = World::new().await;
    world.server.misbehave("/gbfs/gbfs.json", Fault::TooMany(1));
    let (options, other) = (world.options(), world.options());
    let (one, two) = tokio::join!(
        collect(&world.profile, &options, &()),
        collect(&world.profile, &other, &())
    );

    assert!(one.is_ok());
    assert!(
        two.unwrap_err()
            .to_string()
            .starts_with("another collection is at work in ")
    );
}

#[tokio::test]
async fn the_sources_not_asked_for_keep_their_last_files() {
    let world = World::new().await;
    let first = world.collect().await;
    world.clock.advance(chrono::TimeDelta::hours(1));
    let second = world.collect_only(&[SourceKind::Sql]).await;
    assert_eq!(second.sources.len(), 1);
    assert!(world.read("web_page/events.jsonl").contains("Fête"));
    assert_eq!(
        world.entry(SourceKind::WebPage).files_from,
        Some(first.run.run_id)
    );
    assert_eq!(world.entry(SourceKind::Sql).files_from, None);
}

#[tokio::test]
async fn only_the_last_runs_are_kept_and_what_they_share_stays() {
    let mut world = World::new().await;
    world.profile.keep_runs = NonZero::new(2).unwrap();
    let mut folders = Vec::new();

    for _ in 0..3 {
        world.clock.advance(chrono::TimeDelta::hours(1));
        folders.push(world.collect().await.run.folder);
    }

    assert_eq!(
        folders
            .iter()
            .map(|folder| folder.exists())
            .collect::<Vec<_>>(),
        [false, true, true]
    );

    assert!(world.read("sql/stations.jsonl").contains("RIV-001"));
}

#[tokio::test]
async fn a_source_that_the_profile_does_not_have_is_named() {
    let mut world = World::new().await;

    world.profile = Profile::parse(
        "name = \"Vide\"\ntime_zone = \"UTC\"",
        Path::new("vide.toml"),
        &world.places(),
    )
    .unwrap();

    let options = CollectOptions {
        sources: vec![SourceKind::Lake],
        ..world.options()
    };
    let error = collect(&world.profile, &options, &()).await.unwrap_err();

    assert_eq!(
        error.to_string(),
        "the profile of Vide has no section `lake`"
    );
    assert_eq!(latest_run(world.state.path()).unwrap(), None);
}

#[tokio::test]
async fn the_operator_sends_only_what_is_new_or_has_changed() {
    let world = World::new().await;
    world.collect().await;
    let mut writer = operator(world.state.path()).await;
    let changes = "UPDATE maintenance SET closed_at = '2026-02-01T09:00:00Z' WHERE maintenance_id = 1;
                   INSERT INTO maintenance VALUES (2, 'RIV-001', 'power', '', '2025-12-01T08:00:00Z', NULL);
                   INSERT INTO maintenance VALUES (3, 'RIV-001', 'dock', '', '2025-01-01T08:00:00Z', '2025-01-02T08:00:00Z');";

    sqlx::raw_sql(changes).execute(&mut writer).await.unwrap();
    assert!(world.collect().await.succeeded());

    let maintenance = world.read("sql/maintenance.jsonl");

    assert_eq!(
        maintenance.lines().count(),
        2,
        "a row older than all that is known is not asked for: {maintenance}"
    );

    assert!(
        maintenance
            .lines()
            .next()
            .unwrap()
            .contains("2026-02-01T09:00:00Z")
    );

    let entry = world.entry(SourceKind::Sql);
    let file = entry
        .files
        .iter()
        .find(|file| file.path == "sql/maintenance.jsonl")
        .unwrap();

    assert_eq!(
        file.decisions,
        ["incremental: 2 rows since 2026-01-01, 1 were known"]
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_did_not_change_takes_no_place_twice() {
    use std::os::unix::fs::MetadataExt;

    let world = World::new().await;
    let inodes = [world.collect().await, world.collect().await].map(|report| {
        ["lake/trips.parquet", "file/counters/2026-03.csv"]
            .map(|path| fs::metadata(report.run.folder.join(path)).unwrap().ino())
    });
    assert_eq!(inodes[0], inodes[1]);

    fs::write(
        world.state.path().join("city/counters/2026-03.csv"),
        "Compteur;Heure;Passages\n",
    )
    .unwrap();
    let third = world.collect().await;
    let changed = fs::metadata(third.run.folder.join("file/counters/2026-03.csv"))
        .unwrap()
        .ino();

    assert_ne!(changed, inodes[1][1]);
}

#[tokio::test]
async fn the_status_alone_is_collected_without_a_run() {
    let world = World::new().await;
    let statuses = collect_status(&world.profile, &world.options())
        .await
        .unwrap();
    assert_eq!(statuses.len(), 1);
    assert_eq!(
        (statuses[0].station_id.as_str(), statuses[0].bikes_available),
        ("RIV-001", Some(5))
    );

    assert!(
        world
            .state
            .path()
            .join("raw/live/station_status.json")
            .is_file()
    );

    assert_eq!(latest_run(world.state.path()).unwrap(), None);
    assert!(
        world
            .server
            .requests("/gbfs/station_information.json")
            .is_empty()
    );
}

#[tokio::test]
async fn robots_txt_is_obeyed_and_its_absence_allows_everything() {
    let world = World::new().await;

    world.server.misbehave(
        "/robots.txt",
        Fault::Content("text/plain", "User-agent: filrouge\nDisallow: /agenda\n"),
    );
    let report = world.collect().await;
    assert_eq!(failed(&report), [SourceKind::WebPage]);

    let error = world.entry(SourceKind::WebPage).error.unwrap();

    assert!(
        error.contains("robots.txt of 127.0.0.1") && error.contains("forbids"),
        "{error}"
    );
    assert!(world.server.requests("/agenda").is_empty());

    world.server.misbehave("/robots.txt", Fault::Status(404));
    assert!(world.collect().await.succeeded());

    world.server.misbehave("/robots.txt", Fault::Status(500));
    assert_eq!(failed(&world.collect().await), [SourceKind::WebPage]);
}

#[tokio::test]
async fn an_optional_feed_may_be_absent() {
    let world = World::new().await;
    world.collect().await;
    let entry = world.entry(SourceKind::WebService);
    assert_eq!(entry.state, SourceState::Ok);
    assert!(
        entry
            .notes
            .iter()
            .any(|note| note.contains("vehicle_types") && note.contains("404")),
        "{:?}",
        entry.notes
    );
}

#[tokio::test]
async fn the_latest_run_is_the_one_completed_last_whatever_the_clock_said() {
    let world = World::new().await;
    world.clock.advance(TimeDelta::days(3));
    let ahead = world.collect().await.run.run_id;
    world.clock.advance(TimeDelta::days(-3));

    let back = world.collect().await.run.run_id;

    assert!(back < ahead, "{back} {ahead}");
    assert_eq!(
        latest_run(world.state.path()).unwrap().unwrap().run_id,
        back
    );
    // The next run builds on it as well.
    world.clock.advance(TimeDelta::hours(1));
    let entry = world.collect_only(&[SourceKind::Sql]).await;
    assert!(entry.succeeded());
    assert_eq!(world.entry(SourceKind::File).files_from, Some(back));
}

#[tokio::test]
async fn a_damaged_manifest_is_set_aside_and_the_run_before_serves() {
    let world = World::new().await;
    let good = world.collect().await.run.run_id;
    world.clock.advance(TimeDelta::hours(1));
    let damaged = world.collect().await.run;
    fs::write(damaged.folder.join("manifest.json"), "{\"run_id\":").unwrap();

    for _ in 0..2 {
        let latest = latest_run(world.state.path()).unwrap().unwrap();
        assert_eq!(latest.run_id, good);
    }

    assert!(!damaged.folder.exists());
    let raw = fs::read_dir(world.state.path().join("raw")).unwrap();
    let aside = raw.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy()
            .starts_with(&format!("{}.damaged-", damaged.run_id))
    });
    assert_eq!(aside.count(), 1, "set aside once, and kept");
    world.clock.advance(TimeDelta::hours(1));
    assert!(world.collect().await.succeeded());
}

#[tokio::test]
async fn a_damaged_file_of_the_run_before_is_not_shared_with_the_next() {
    let world = World::new().await;
    let first = world.collect().await.run;
    let path = first.folder.join("file/trips/2026-03.csv");
    let good = fs::read(&path).unwrap();
    // A new file under the old name, as a disk that lies or a hand would leave it.
    fs::remove_file(&path).unwrap();
    fs::write(&path, vec![0; good.len()]).unwrap();
    world.clock.advance(TimeDelta::hours(1));

    world.collect().await;

    assert_eq!(world.read("file/trips/2026-03.csv").as_bytes(), good);
}

#[tokio::test]
async fn a_damaged_file_is_not_taken_over_and_the_manifest_says_so() {
    let world = World::new().await;
    let first = world.collect().await.run;
    fs::write(first.folder.join("sql/stations.jsonl"), "").unwrap();
    world.clock.advance(TimeDelta::hours(1));

    world.collect_only(&[SourceKind::Lake]).await;

    let entry = world.entry(SourceKind::Sql);
    assert!(
        entry
            .notes
            .iter()
            .any(|note| note.contains("sql/stations.jsonl is damaged"))
    );
    assert!(
        entry
            .files
            .iter()
            .all(|file| file.path != "sql/stations.jsonl")
    );
    assert!(
        entry
            .files
            .iter()
            .any(|file| file.path == "sql/maintenance.jsonl")
    );
}
