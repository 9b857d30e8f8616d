//! What the API publishes beside the hours.

use chrono::TimeDelta;
use filrouge_database::disclosure::CountTable;
use filrouge_database::{
    CleanedSource, CollectedFile, CollectedSource, CollectionRun, Event, FlowFilter, FlowPosition,
    HourFilter, RuleCount,
};

use crate::engines::on_each_engine;
use crate::samples::{hour, id, import, now, rows, station};

fn flows(counts: &[(&str, &str, u64)]) -> CountTable {
    counts
        .iter()
        .map(|(origin, destination, trips)| {
            ((*origin).to_owned(), (*destination).to_owned(), *trips)
        })
        .collect()
}

#[tokio::test]
async fn a_small_flow_is_not_even_stored() {
    on_each_engine(|setting| async move {
        let database = &setting.database;

        database
            .save_stations(&["A", "B", "C"].map(station), now())
            .await
            .unwrap();

        let counts = flows(&[
            ("A", "A", 2),
            ("A", "B", 30),
            ("A", "C", 9),
            ("B", "A", 7),
            ("B", "B", 40),
            ("B", "C", 50),
            ("C", "A", 60),
            ("C", "B", 8),
            ("Z", "A", 70),
        ]);

        assert!(
            database
                .replace_trip_flows(202_603, &counts, now())
                .await
                .unwrap()
        );

        assert!(
            !database
                .replace_trip_flows(202_602, &flows(&[("A", "B", 3)]), now())
                .await
                .unwrap()
        );

        let list = |filter: FlowFilter| async move {
            let flows = database.trip_flows(&filter, None, 100).await.unwrap();
            flows
                .into_iter()
                .map(|flow| (format!("{}{}", flow.origin, flow.destination), flow.trips))
                .collect::<Vec<_>>()
        };

        let all = list(FlowFilter::default()).await;
        let hidden: Vec<_> = all
            .iter()
            .filter(|(_, trips)| trips.is_none())
            .map(|(name, _)| name.as_str())
            .collect();

        assert_eq!(hidden, ["AA", "AC", "BA", "BC"]);
        assert_eq!(
            setting.number("SELECT MIN(trips) FROM trip_flows").await,
            Some(8)
        );

        let to_b = FlowFilter {
            destination: Some(id("B")),
            month: Some(202_603),
            ..FlowFilter::default()
        };
        assert_eq!(list(to_b).await.len(), 3);

        let after = FlowPosition {
            month: 202_603,
            origin: id("B"),
            destination: id("C"),
        };
        let rest = database
            .trip_flows(&FlowFilter::default(), Some(&after), 100)
            .await
            .unwrap();

        assert_eq!(rest.len(), 2);
        assert_eq!(database.flow_months().await.unwrap(), [202_603]);
        assert!(
            !setting.tamper("UPDATE trip_flows SET trips = 4").await,
            "the schema refuses a small group too"
        );
    })
    .await;
}

#[tokio::test]
async fn events_are_those_under_way_or_to_come_page_by_page() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let event = |event_id: &str, hours: i64| Event {
            event_id: event_id.to_owned(),
            title: Some("Grand marché".to_owned()),
            place: None,
            starts_at: now() + TimeDelta::hours(hours),
            ends_at: Some(now() + TimeDelta::hours(hours + 2)),
            attendance: Some(200),
        };

        let events = [event("a", -5), event("b", -1), event("c", 3), event("d", 3)];
        database.save_events(&events, now()).await.unwrap();
        database.save_events(&events[2..], now()).await.unwrap();
        let page = database.events(Some(now()), None, None, 2).await.unwrap();
        assert_eq!(page, events[1..3]);

        let after = (page[1].starts_at.timestamp(), page[1].event_id.clone());

        assert_eq!(
            database
                .events(Some(now()), None, Some(&after), 2)
                .await
                .unwrap(),
            events[3..]
        );

        assert_eq!(
            database.events(None, Some(now()), None, 9).await.unwrap(),
            events[..2]
        );
    })
    .await;
}

#[tokio::test]
async fn weather_is_told_once_an_hour_whatever_the_number_of_stations() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let first = hour("2026-03-01T00:00:00Z");

        database
            .save_stations(&["A", "B"].map(station), now())
            .await
            .unwrap();
        import(database, "w", rows(&["A", "B"], first, 5)).await;
        let filter = HourFilter {
            from: Some(first + 1),
            ..HourFilter::default()
        };

        let weather = database.weather(&filter, Some(first + 1), 2).await.unwrap();

        assert_eq!(
            weather.iter().map(|one| one.hour).collect::<Vec<_>>(),
            [first + 2, first + 3]
        );
        assert_eq!(weather[0].weather.relative_humidity_pct, Some(55.5));
    })
    .await;
}

#[tokio::test]
async fn a_collection_is_kept_with_its_sources_and_files_and_never_changes() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let file = CollectedFile {
            path: "sql/stations.jsonl".to_owned(),
            bytes: 12,
            sha256: "0".repeat(64),
        };

        let source = CollectedSource {
            source: "sql".to_owned(),
            address: "operator.sqlite".to_owned(),
            succeeded: false,
            error: Some("down".to_owned()),
            rows: 3,
            bytes: 12,
            files: vec![file],
        };

        let run = |run_id: &str| CollectionRun {
            run_id: run_id.to_owned(),
            profile: "rivemont".to_owned(),
            program_version: "1".to_owned(),
            started_at: now(),
            ended_at: now(),
            sources: vec![source.clone()],
        };

        for run_id in ["20260301T080000Z", "20260301T090000Z", "20260301T090000Z"] {
            database.save_run(&run(run_id), now()).await.unwrap();
        }

        assert_eq!(
            database.runs(None, 1).await.unwrap(),
            [run("20260301T090000Z")]
        );
        assert_eq!(
            database.runs(Some("20260301T090000Z"), 9).await.unwrap(),
            [run("20260301T080000Z")]
        );

        assert_eq!(
            database.find_run("20260301T080000Z").await.unwrap(),
            Some(run("20260301T080000Z"))
        );
        assert_eq!(database.find_run("x").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_lost_records_is_known_as_it_is_now() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let file = |bytes, sha256: &str| CollectedFile {
            path: "sql/subscribers.jsonl".to_owned(),
            bytes,
            sha256: sha256.to_owned(),
        };
        let run = |rows, bytes, file| CollectionRun {
            run_id: "20260301T080000Z".to_owned(),
            profile: "rivemont".to_owned(),
            program_version: "1".to_owned(),
            started_at: now(),
            ended_at: now(),
            sources: vec![CollectedSource {
                source: "sql".to_owned(),
                address: "sqlite:operator.sqlite".to_owned(),
                succeeded: true,
                error: None,
                rows,
                bytes,
                files: vec![file],
            }],
        };

        let (before, after) = (file(90, &"0a".repeat(32)), file(60, &"0b".repeat(32)));
        database
            .save_run(&run(3, 100, before), now())
            .await
            .unwrap();
        for run_id in ["20260301T080000Z", "of no import"] {
            database
                .correct_file(run_id, &after, 1, now())
                .await
                .unwrap();
        }

        assert_eq!(
            database.find_run("20260301T080000Z").await.unwrap(),
            Some(run(2, 70, after))
        );
    })
    .await;
}

#[tokio::test]
async fn the_quality_of_the_last_cleaning_replaces_the_one_before_and_must_add_up() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let rules = vec![RuleCount {
            rule: "duplicate_trip".to_owned(),
            action: "rejected".to_owned(),
            rows: 1,
        }];

        let source = |name: &str, rows_read| CleanedSource {
            source: name.to_owned(),
            rows_read,
            rows_kept: 9,
            rows_rejected: 1,
            rules: rules.clone(),
        };

        database
            .replace_cleaned_sources(&[source("old", 10)], now())
            .await
            .unwrap();
        database
            .replace_cleaned_sources(&[source("lake", 10)], now())
            .await
            .unwrap();

        assert!(
            database
                .replace_cleaned_sources(&[source("lake", 11)], now())
                .await
                .is_err()
        );

        assert_eq!(
            database.cleaned_sources().await.unwrap(),
            [source("lake", 10)]
        );
    })
    .await;
}
