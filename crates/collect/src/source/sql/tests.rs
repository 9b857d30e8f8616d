use std::fs;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row};

use super::*;

async fn operator(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    let scripts = [
        include_str!("../../../tests/it/operator/sqlite.sql"),
        include_str!("../../../tests/it/operator/rows.sql"),
    ];

    for script in scripts {
        sqlx::raw_sql(script)
            .execute(&mut connection)
            .await
            .unwrap();
    }

    connection
}

fn source(path: &Path) -> SqlSource {
    SqlSource {
        address: Some(format!("sqlite:{}", path.display())),
        address_environment: None,
        timeout_seconds: 0.05,
    }
}

/// The queries as a first run on 1 March 2026 asks them.
fn queries() -> Vec<BoundQuery> {
    let bound = |query: &'static Query| BoundQuery {
        query,
        value: match query.parameter {
            Parameter::None => None,
            Parameter::Today => Some("2026-03-01".to_owned()),
            Parameter::LastKnownDay => Some("0001-01-01".to_owned()),
        },
    };
    QUERIES.iter().map(bound).collect()
}

// Preuve: C2.1 les requêtes ramènent les données visées depuis la base de l'opérateur, et rien qui nomme une personne [code : data/queries/operator/subscribers.sql]
#[tokio::test]
async fn the_queries_bring_what_is_needed_and_nothing_that_names_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("operator.sqlite");
    operator(&path).await.close().await.unwrap();
    let tables = source(&path).extract(&queries()).await.unwrap();
    let text = serde_json::to_string(&tables).unwrap();

    let expected = serde_json::json!([
        [{"station_id": "RIV-001", "name": "Gare", "district": "Centre", "latitude": 45.6, "longitude": 4.1,
          "capacity": 20, "installed_on": "2024-01-01"}],
        [{"maintenance_id": "1", "station_id": "RIV-001", "kind": "dock", "started_at": "2026-01-01T08:00:00Z",
          "ended_at": null}],
        [{"subscriber_number": "7", "district": "Centre", "plan": "annual"},
         {"subscriber_number": "8", "district": "Port", "plan": "monthly"}],
    ]);

    assert_eq!(serde_json::to_value(&tables).unwrap(), expected);

    for personal in ["Prénom", "Nom", "@", "1991"] {
        assert!(!text.contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn a_missing_base_a_locked_base_and_a_renamed_column_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("operator.sqlite");
    let error =
        |result: Result<Vec<_>>| format!("{:#}", result.map(|_: Vec<Vec<Record>>| ()).unwrap_err());

    assert!(
        error(source(&path).extract(&queries()).await).ends_with("operator.sqlite does not exist")
    );

    let mut writer = operator(&path).await;

    sqlx::raw_sql("BEGIN EXCLUSIVE")
        .execute(&mut writer)
        .await
        .unwrap();
    let locked = error(source(&path).extract(&queries()).await);
    assert!(locked.contains("locked"), "{locked}");

    sqlx::raw_sql("ROLLBACK; ALTER TABLE maintenance RENAME COLUMN kind TO sort")
        .execute(&mut writer)
        .await
        .unwrap();
    let renamed = error(source(&path).extract(&queries()).await);

    assert!(
        renamed.contains("maintenance.sql") && renamed.contains("no such column: kind"),
        "{renamed}"
    );
}

#[test]
fn an_address_is_shown_without_its_secrets() {
    for (address, shown) in [
        (
            "postgres://lecteur:secret@base.invalid/operateur?password=secret",
            "postgres://base.invalid/operateur",
        ),
        // A socket has no host: the secret is in the parameters all the same.
        (
            "postgres:///operateur?host=/run/pg&user=lecteur&password=secret",
            "postgres:///operateur",
        ),
        (
            "postgres://lecteur:secret@base.invalid:port/operateur",
            "(address hidden)",
        ),
        (
            "sqlite:var/city/operator.sqlite",
            "sqlite:var/city/operator.sqlite",
        ),
    ] {
        assert_eq!(without_password(address), shown);
    }
}

#[tokio::test]
async fn an_address_that_is_not_in_the_environment_is_named() {
    let address_environment = Some("FILROUGE_BASE_ABSENTE".to_owned());
    let source = SqlSource {
        address: None,
        address_environment,
        timeout_seconds: 1.0,
    };
    let error = format!("{:#}", source.extract(&queries()).await.unwrap_err());
    assert!(
        error.starts_with("FILROUGE_BASE_ABSENTE is not in the environment"),
        "{error}"
    );
}

/// The steps of SQLite's plan for a query.
async fn plan(connection: &mut SqliteConnection, bound: &BoundQuery) -> Vec<String> {
    let explained = format!("EXPLAIN QUERY PLAN {}", bound.query.sql);
    let mut statement = sqlx::query(sqlx::AssertSqlSafe(explained));
    if let Some(value) = &bound.value {
        statement = statement.bind(value);
    }
    statement
        .fetch_all(connection)
        .await
        .unwrap()
        .iter()
        .map(|row| row.get("detail"))
        .collect()
}

// Preuve: C2.3 le plan d'exécution montre l'optimisation que chaque requête annonce
#[tokio::test]
async fn the_plans_follow_the_indexes_that_the_queries_rely_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = operator(&folder.path().join("operator.sqlite")).await;
    let mut plans = Vec::new();
    for bound in queries() {
        plans.push(plan(&mut connection, &bound).await.join("; "));
    }
    let [stations, maintenance, subscribers] = &plans[..] else {
        panic!("{plans:?}")
    };
    assert_eq!(
        stations,
        "SCAN stations USING INDEX sqlite_autoindex_stations_1"
    );
    assert_eq!(maintenance, "SCAN maintenance");
    assert!(
        subscribers.contains("SCAN subscriptions USING INDEX subscriptions_subscriber"),
        "{subscribers}"
    );
    assert!(
        subscribers.contains("SEARCH subscribers USING INTEGER PRIMARY KEY"),
        "{subscribers}"
    );
    assert!(
        !subscribers.contains("GROUP BY"),
        "the groups need no sort: {subscribers}"
    );
}

// Preuve: C2.2 chaque requête dit son but, ses colonnes, ses filtres, ses jointures, son regroupement
// Preuve: C2.3 chaque requête dit l'optimisation sur laquelle elle s'appuie
#[test]
fn every_query_is_a_file_that_documents_itself_and_every_file_is_run() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/queries/operator");
    let mut files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let mut known: Vec<_> = QUERIES.iter().map(|query| query.name.to_owned()).collect();
    files.sort();
    known.sort();
    assert_eq!(files, known);
    for query in &QUERIES {
        for heading in [
            "But",
            "Colonnes",
            "Filtres",
            "Jointures",
            "Regroupement",
            "Optimisation",
        ] {
            assert!(
                query.sql.contains(&format!("-- {heading:<13} :")),
                "{}: {heading}",
                query.name
            );
        }
        assert!(!query.sql.contains("SELECT *"), "{}", query.name);
    }
}
