//! The same `.sql` files on a cluster: two workers of Sail, two executors of Apache Spark. Needs
//! the feature `spark`, and a Python that has `pysail` and `pyspark`, named by
//! `FILROUGE_SPARK_PYTHON`: not played without.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]

mod server;
mod trips;

use std::path::{Path, PathBuf};
use std::time::Duration;

use filrouge_lake::{
    LakeError, OutputFormat, QueryEngine, print_query, read_query, run_query_file,
};
use server::Server;
use trips::{TRIPS, lake};

fn queries() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/queries/lake");
    let mut files: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// The rows of an answer as CSV, in one order: a query need not ask for any.
fn rows(lake: &Path, query: &str, engine: &QueryEngine) -> Result<Vec<String>, LakeError> {
    let mut bytes = Vec::new();
    print_query(lake, query, engine, OutputFormat::Csv, &mut bytes)?;
    let mut rows: Vec<String> = String::from_utf8(bytes)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    rows[1..].sort_unstable();
    Ok(rows)
}

fn every_query_gives_the_rows_of_the_engine_in_the_process(lake: &Path, server: &QueryEngine) {
    for file in queries() {
        let query = read_query(&file, &[]).unwrap();
        let expected = rows(lake, &query, &QueryEngine::InProcess).unwrap();

        assert!(
            expected.len() > 20,
            "{} gives {} lines",
            file.display(),
            expected.len()
        );

        assert_eq!(
            rows(lake, &query, server).unwrap(),
            expected,
            "{}",
            file.display()
        );
    }
}

#[test]
fn the_same_queries_give_the_same_rows_on_two_workers_of_sail() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder);
    let Some(server) = Server::sail() else { return };
    every_query_gives_the_rows_of_the_engine_in_the_process(&lake, &server.engine());

    let target = folder.path().join("trips.parquet");
    let query = queries().pop().unwrap();
    let months = [("first_month", "202602"), ("last_month", "202602")];
    let report = run_query_file(&lake, &query, &months, &server.engine(), &target).unwrap();
    let here = run_query_file(
        &lake,
        &query,
        &months,
        &QueryEngine::InProcess,
        &folder.path().join("here"),
    )
    .unwrap();
    assert_eq!(report.rows, here.rows);

    let error = rows(&lake, "SELECT colour FROM trips", &server.engine())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("query: sc://127.0.0.1:") && error.contains("colour"),
        "{error}"
    );
}

#[test]
fn the_same_queries_give_the_same_rows_on_apache_spark_and_both_executors_work() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder);
    let Some(server) = Server::apache_spark(folder.path()) else {
        return;
    };
    every_query_gives_the_rows_of_the_engine_in_the_process(&lake, &server.engine());
    let tasks = server.tasks_of_executors();
    assert!(
        tasks.len() == 2 && tasks.iter().all(|&done| done > 0),
        "tasks of the executors: {tasks:?}"
    );
}

// Preuve: C2.3 les plans de Spark, avant et après optimisation, sont ceux que la page montre
#[test]
fn the_plans_of_apache_spark_are_those_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder);
    let Some(server) = Server::apache_spark(folder.path()) else {
        return;
    };
    let months = [("first_month", "202602"), ("last_month", "202602")];
    let sections = queries().into_iter().map(|file| {
        let text = std::fs::read_to_string(&file).unwrap();
        let asked: Vec<_> = months.into_iter().filter(|(name, _)| text.contains(&format!("-- :{name} ="))).collect();
        let query = read_query(&file, &asked).unwrap();
        let [written, optimised] = plans(&lake, &query, &server.engine());
        format!(
            "### `data/queries/lake/{}`, un mois, Spark\n\nTel qu'écrit :\n\n```text\n{written}\n```\n\n\
             Optimisé :\n\n```text\n{optimised}\n```\n\nÀ voir : {}\n",
            file.file_name().unwrap().display(),
            seen(&optimised)
        )
    });
    insta::assert_snapshot!("plans_of_spark", sections.collect::<Vec<_>>().join("\n"));
}

/// The thing to see in an optimised plan of Spark.
fn seen(plan: &str) -> &'static str {
    if plan.contains("PushedFilters: []") {
        "`PartitionFilters` choisit les dossiers à ouvrir. `PushedFilters` est vide et `ReadSchema` a toutes les \
         colonnes : la requête les demande toutes, et aucune autre condition n’écarte de lignes."
    } else {
        "`PartitionFilters` choisit les dossiers à ouvrir, `PushedFilters` écarte des lignes pendant la lecture, et \
         `ReadSchema` n’a que les colonnes utiles."
    }
}

/// What Spark understands of a query, and what it will do, without what changes from one run to the
/// next: the numbers that it gives to columns and steps, the folder of the lake.
fn plans(lake: &Path, query: &str, server: &QueryEngine) -> [String; 2] {
    let mut bytes = Vec::new();

    print_query(
        lake,
        &format!("EXPLAIN EXTENDED {query}"),
        server,
        OutputFormat::Csv,
        &mut bytes,
    )
    .unwrap();

    let text = String::from_utf8(bytes).unwrap();
    let folder = lake.canonicalize().unwrap().display().to_string();
    let text = without_numbers(&text.replace(&folder, "/lake"));

    ["Analyzed Logical Plan", "Physical Plan"].map(|title| {
        let (_, after) = text.split_once(&format!("== {title} ==\n")).unwrap();

        after
            .split("\n== ")
            .next()
            .unwrap()
            .trim_end()
            .trim_end_matches('"')
            .trim_end()
            .to_owned()
    })
}

/// `started_hour#12L` without `#12L`, `Exchange …, [plan_id=28]` without `, [plan_id=28]`.
fn without_numbers(text: &str) -> String {
    let mut kept = text.to_owned();
    for (before, after) in [("#", "L"), (", [plan_id=", "]")] {
        let mut pieces = kept.split(before);
        let first = pieces.next().unwrap_or_default().to_owned();
        kept = pieces.fold(first, |kept, piece| {
            let piece = piece.trim_start_matches(|letter: char| letter.is_ascii_digit());
            kept + piece.strip_prefix(after).unwrap_or(piece)
        });
    }
    kept
}

#[test]
fn an_executor_that_dies_in_the_middle_never_makes_the_answer_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder);
    let Some(server) = Server::apache_spark(folder.path()) else {
        return;
    };
    // Long enough to die in: every pair of trips, some work for each.
    let query = "SELECT SUM(CASE WHEN md5(concat(a.trip_id, b.trip_id)) < '8' THEN 1 ELSE 1 END) AS pairs \
                 FROM trips a CROSS JOIN trips b";
    let answer = std::thread::scope(|scope| {
        let asked = scope.spawn(|| rows(&lake, query, &server.engine()));
        std::thread::sleep(Duration::from_secs(4));
        server.kill_an_executor();
        asked.join().unwrap()
    });
    match answer {
        Ok(rows) => assert_eq!(rows, ["pairs".to_owned(), (TRIPS * TRIPS).to_string()]),
        Err(error) => assert!(
            error.to_string().starts_with("query: sc://127.0.0.1:"),
            "{error}"
        ),
    }
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let engine = QueryEngine::SparkConnect(format!("sc://127.0.0.1:{}", server::free_port()));
    let error = rows(&lake(&folder), "SELECT 1", &engine)
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("query: sc://127.0.0.1:"), "{error}");
}
