//! Bad input: one clear sentence that names the thing, a failure, and the previous good state
//! untouched.

use std::fs;
use std::net::TcpListener;

use crate::program::{Program, dataset, text};

/// Trains on `content` and gives the error.
fn train_on(content: impl AsRef<[u8]>) -> String {
    let program = Program::new();
    let file = program.write("jeu.csv", content);
    program.fail(&[
        "train",
        "--dataset",
        text(&file),
        "--out",
        text(&program.path("model")),
    ])
}

#[test]
fn a_column_that_is_missing_is_named_with_the_file() {
    let error = train_on("station_id,hour\nA,2026-01-01T00:00:00Z\n");
    assert!(
        error.contains("jeu.csv") && error.contains("departures"),
        "{error}"
    );
}

#[test]
fn an_unreadable_date_is_named_with_its_line() {
    let error = train_on("station_id,hour,departures\nA,2026-01-01T00:00:00Z,1\nA,hier,2\n");
    assert!(
        error.contains("jeu.csv") && error.contains("hour") && error.contains('3'),
        "{error}"
    );
}

#[test]
fn a_truncated_parquet_file_is_named() {
    let program = Program::new();
    let csv = program.write("jeu.csv", dataset(10));

    program.succeed(&[
        "split",
        "--dataset",
        text(&csv),
        "--days",
        "2",
        "--out",
        text(&program.path("parts")),
    ]);

    let whole = fs::read(program.path("parts/past.parquet")).unwrap();
    let cut = program.write("coupé.parquet", &whole[..whole.len() / 2]);

    let error = program.fail(&[
        "train",
        "--dataset",
        text(&cut),
        "--out",
        text(&program.path("model")),
    ]);

    assert!(error.contains("coupé.parquet: cannot be read"), "{error}");
}

#[test]
fn an_unknown_trip_header_lists_the_columns_found() {
    let program = Program::new();
    let file = program.write("trajets.csv", "depart,arrivee\n1,2\n");
    let error = program.fail(&["lake", "ingest", text(&file)]);
    assert!(
        error.contains("trajets.csv") && error.contains("depart"),
        "{error}"
    );
}

#[test]
fn the_lake_refuses_in_french_first() {
    let program = Program::new();
    let error = program.fail(&["lake", "sql", "SELECT 1 FROM trips"]);
    assert!(error.contains("erreur : le lac "), "{error}");
}

#[test]
fn a_dead_source_fails_alone_and_the_exit_code_says_so() {
    let program = Program::new();
    // Nothing listens on the city's port, no file was published: every source fails, none hides
    // another.
    let port = TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();

    let output = program.run(&[
        "collect",
        "--source",
        "sql",
        "--port-base",
        &port.to_string(),
    ]);

    assert_eq!(
        output.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("en échec")
    );
}

#[test]
fn a_port_in_use_is_named_with_the_way_out() {
    let program = Program::new();
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = program.fail(&["up", "--port-base", &port.to_string()]);
    assert!(
        error.contains(&port.to_string()) && error.contains("--port-base"),
        "{error}"
    );
}

#[test]
fn a_missing_champion_and_a_corrupt_model_are_told_apart() {
    let program = Program::new();
    let data = program.write("jeu.csv", dataset(10));

    let evaluate = |model: &str| {
        program.fail(&[
            "evaluate",
            "--model",
            model,
            "--history",
            text(&data),
            "--dataset",
            text(&data),
        ])
    };

    let nowhere = program.path("models/demand");
    let missing = evaluate(text(&nowhere));
    assert!(missing.contains(text(&nowhere)), "{missing}");

    program.write("models/demand/v1/model.json", "{}");
    program.write("models/demand/champion", "v1\n");
    let corrupt = evaluate(text(&nowhere));
    assert!(corrupt.contains("model.json"), "{corrupt}");
}

#[test]
fn a_training_that_fails_leaves_the_previous_model_untouched() {
    let program = Program::new();
    let model = program.write("model/model.json", "{\"previous\":true}");
    let bad = program.write("jeu.csv", "station_id,hour,departures\nA,hier,1\n");
    program.fail(&[
        "train",
        "--dataset",
        text(&bad),
        "--out",
        text(&program.path("model")),
    ]);
    assert_eq!(fs::read_to_string(model).unwrap(), "{\"previous\":true}");
}

#[test]
fn a_folder_that_is_not_a_model_is_not_overwritten() {
    let program = Program::new();
    let thesis = program.write("dossier/rapport.odt", "mon rapport");
    let data = program.write("jeu.csv", dataset(10));
    let error = program.fail(&[
        "train",
        "--dataset",
        text(&data),
        "--out",
        text(&program.path("dossier")),
    ]);
    assert!(error.contains("ni vide ni un modèle"), "{error}");
    assert_eq!(fs::read_to_string(thesis).unwrap(), "mon rapport");
}
