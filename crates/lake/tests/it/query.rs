use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use filrouge_lake::{
    LakeError, OutputFormat, QueryEngine, best_seconds, explain, print_query, read_query,
    run_query_file,
};
use filrouge_prerequisites as prerequisites;

use crate::files::{Folder, LYFT};

fn queries() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/queries/lake")
}

fn lake() -> Folder {
    let folder = Folder::new();
    let april = LYFT.replace("2021-03-01", "2021-04-01").replace("A1", "B1");
    folder
        .ingest(&[
            folder.file("march.csv", LYFT),
            folder.file("april.csv", april),
        ])
        .unwrap();
    folder
}

// Preuve: C2.1 la requête du système big data ramène les trajets des mois voulus [code : data/queries/lake/trips.sql]
#[test]
fn the_extraction_query_writes_the_canonical_trips_of_the_months_asked_for() {
    let folder = lake();
    let target = folder.path("trips.parquet");

    let report = run_query_file(
        &folder.lake(),
        &queries().join("trips.sql"),
        &[],
        &QueryEngine::InProcess,
        &target,
    )
    .unwrap();

    assert_eq!(report.rows, 6);
    assert_eq!(report.bytes, target.metadata().unwrap().len());

    let months = [("first_month", "202104"), ("last_month", "202104")];
    let report = run_query_file(
        &folder.lake(),
        &queries().join("trips.sql"),
        &months,
        &QueryEngine::InProcess,
        &target,
    )
    .unwrap();

    assert_eq!(
        report.rows, 3,
        "one trip in April, two whose start is unreadable"
    );
}

#[test]
fn departures_are_counted_in_the_lake() {
    let folder = lake();
    let query = read_query(
        &queries().join("departures_by_station_hour.sql"),
        &[("last_month", "202103")],
    )
    .unwrap();
    let mut table = Vec::new();
    let rows = print_query(
        &folder.lake(),
        &query,
        &QueryEngine::InProcess,
        OutputFormat::Csv,
        &mut table,
    )
    .unwrap();
    assert_eq!(rows, 2);
    assert_eq!(
        String::from_utf8(table).unwrap(),
        "station_id,hour,departures,mean_duration_seconds\n\
         7,2021-02-28T23:00:00Z,2,\n7,2021-03-01T08:00:00Z,1,\n"
    );
}

// Preuve: C2.3 le plan montre l'élagage des partitions et la projection des colonnes [code : data/queries/lake/departures_by_station_hour.sql]
#[test]
fn the_optimised_plan_reads_only_the_months_and_the_columns_asked_for() {
    let folder = lake();
    let april = [("first_month", "202104"), ("last_month", "202104")];

    // As the header of each file says: the columns of the plan, the year and the month included.
    for (file, parameters, columns) in [
        ("departures_by_station_hour.sql", &april[..], "5/18"),
        ("flows_by_month.sql", &april[..1], "4/18"),
        ("trips.sql", &april[..], "18/18"),
    ] {
        let query = read_query(&queries().join(file), parameters).unwrap();
        let plan = |optimised| explain(&folder.lake(), &query, optimised).unwrap();
        let (written, optimised) = (plan(false), plan(true));

        assert!(written.contains("FILTER"), "{file}\n{written}");
        assert!(
            optimised.contains(&format!("PROJECT {columns} COLUMNS")),
            "{file}\n{optimised}"
        );
        assert!(!optimised.contains("month=03"), "{file}\n{optimised}");
    }
}

#[test]
fn a_result_is_printed_as_a_table() {
    let folder = lake();
    let query = "SELECT trip_id, start_station_name FROM trips WHERE trip_id IN ('A1', 'B1') ORDER BY trip_id";
    let mut table = Vec::new();

    print_query(
        &folder.lake(),
        query,
        &QueryEngine::InProcess,
        OutputFormat::Table,
        &mut table,
    )
    .unwrap();

    assert_eq!(
        String::from_utf8(table).unwrap(),
        "trip_id  start_station_name\nA1       Gare, nord\nB1       Gare, nord\n"
    );
}

#[test]
fn an_empty_lake_and_a_wrong_query_are_clear_errors_that_leave_the_result_alone() {
    let folder = Folder::new();
    let target = folder.file("result.parquet", "before");
    let error = run_query_file(
        &folder.lake(),
        &queries().join("trips.sql"),
        &[],
        &QueryEngine::InProcess,
        &target,
    )
    .unwrap_err();
    assert!(matches!(error, LakeError::Empty(_)), "{error}");
    let folder = lake();
    let wrong = folder.file("wrong.sql", "SELECT colour FROM trips");
    let error = run_query_file(
        &folder.lake(),
        &wrong,
        &[],
        &QueryEngine::InProcess,
        &target,
    )
    .unwrap_err()
    .to_string();
    assert!(
        error.contains("wrong.sql: ") && error.contains("colour"),
        "{error}"
    );
    let unbound = folder.file("unbound.sql", "SELECT * FROM trips WHERE year = :year");
    let error = run_query_file(
        &folder.lake(),
        &unbound,
        &[],
        &QueryEngine::InProcess,
        &target,
    )
    .unwrap_err()
    .to_string();
    assert!(
        error.ends_with("unbound.sql: parameter `:year` has no value"),
        "{error}"
    );
    assert!(
        print_query(
            &folder.lake(),
            "SELEC 1",
            &QueryEngine::InProcess,
            OutputFormat::Csv,
            &mut Vec::new()
        )
        .is_err()
    );
}

#[test]
fn a_query_is_timed_as_written_and_as_optimised() {
    let folder = lake();
    for optimised in [false, true] {
        let seconds = best_seconds(
            &folder.lake(),
            "SELECT COUNT(*) FROM trips WHERE month = 4",
            optimised,
        )
        .unwrap();
        assert!(seconds > 0.0 && seconds.is_finite());
    }
    assert!(best_seconds(&folder.lake(), "SELECT colour FROM trips", true).is_err());
}

/// A file that is mapped into memory and cut by another hand ends the whole process (SIGBUS).
#[test]
fn a_query_maps_no_part_of_the_lake_into_memory() {
    const QUERIES: usize = 20;

    let Some(maps) = prerequisites::path("/proc/self/maps", "a system with proc(5), such as Linux")
    else {
        return;
    };
    let folder = lake();
    let lake = folder.lake();
    let mut mapped = BTreeSet::new();

    thread::scope(|scope| {
        let queries = scope.spawn(|| {
            for _ in 0..QUERIES {
                folder.query("SELECT COUNT(DISTINCT trip_id) FROM trips");
            }
        });
        while !queries.is_finished() {
            let maps = fs::read_to_string(&maps).unwrap();
            let files = maps.lines().filter_map(|line| line.split(' ').next_back());
            let parts = files.filter(|file| Path::new(file).starts_with(&lake));
            mapped.extend(parts.map(str::to_owned));
        }
        queries.join().unwrap();
    });

    assert!(mapped.is_empty(), "{mapped:?}");
}

#[cfg(not(feature = "spark"))]
#[test]
fn a_server_is_refused_by_a_program_that_was_built_without_its_client() {
    let folder = lake();
    let server = "sc://127.0.0.1:15002".parse().unwrap();

    let error = print_query(
        &folder.lake(),
        "SELECT 1",
        &server,
        OutputFormat::Csv,
        &mut Vec::new(),
    )
    .unwrap_err();

    assert!(
        error
            .to_string()
            .contains("built without the feature `spark`"),
        "{error}"
    );
}
