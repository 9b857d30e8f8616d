use filrouge_database::{Database, DatabaseError};

use crate::engines::on_each_engine;
use crate::samples::{now, station};

// Preuve principale: C4.2 le modèle physique s’exécute sans erreur à la création de la base, sur les deux moteurs [code : crates/database/src/migrations.rs#migrate]
#[tokio::test]
async fn the_schema_goes_up_and_down_and_up_again() {
    on_each_engine(|setting| async move {
        let database = &setting.database;

        database
            .save_stations(&[station("A")], now())
            .await
            .unwrap();
        database.revert_to(0).await.unwrap();

        assert!(
            database.list_stations(None, 10).await.is_err(),
            "the tables are gone"
        );

        database.migrate().await.unwrap();
        assert_eq!(database.list_stations(None, 10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn programs_that_open_a_new_file_at_once_all_find_its_schema() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new.sqlite");

        let mut programs = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let file = file.clone();
            programs.spawn(async move { Database::open_file(&file).await.map(drop) });
        }
        for opened in programs.join_all().await {
            opened.expect("a schema that is up to date");
        }
    }
}

#[tokio::test]
async fn opening_again_changes_nothing() {
    on_each_engine(|setting| async move {
        setting
            .database
            .save_stations(&[station("A")], now())
            .await
            .unwrap();
        let again = Database::open(&setting.address).await.unwrap();
        assert_eq!(again.list_stations(None, 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_a_database_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");

    std::fs::write(
        &path,
        "this file is not a database, whatever its length may be",
    )
    .unwrap();
    let error = Database::open_file(&path).await.unwrap_err();

    assert!(error.to_string().contains("notes.txt"), "{error}");
    assert_eq!(
        std::fs::read_to_string(&path).unwrap().len(),
        55,
        "left untouched"
    );

    let error = Database::open("mysql://root:secret@localhost")
        .await
        .unwrap_err();
    assert!(matches!(error, DatabaseError::UnknownEngine) && !error.to_string().contains("secret"));
}
