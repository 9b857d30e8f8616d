//! `kill -9` in the middle, then the same command again: the result of an uninterrupted run.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use filrouge_database::{Database, HourFilter};

use crate::program::{Program, dataset, text, write_clean_files};

/// Moments at which the program is killed, in milliseconds after its start.
const MOMENTS: [u64; 4] = [20, 60, 150, 400];

fn kill_at_each_moment(program: &Program, arguments: &[&str]) {
    for moment in MOMENTS {
        let mut child = program.start(arguments);
        sleep(Duration::from_millis(moment));
        // It may have ended by itself: the next start then has nothing to do, which is a case too.
        let _ = child.kill();
        child.wait().unwrap();
    }
}

#[test]
fn a_training_that_was_killed_gives_the_same_model() {
    let train = |program: &Program, killed: bool| {
        let data = program.write("jeu.csv", dataset(100));
        let model = program.path("model");
        let arguments = ["train", "--dataset", text(&data), "--out", text(&model)];
        if killed {
            kill_at_each_moment(program, &arguments);
        }
        program.succeed(&arguments);
        fs::read(model.join("model.onnx")).unwrap()
    };
    let (killed, whole) = (Program::new(), Program::new());
    assert!(
        train(&killed, true) == train(&whole, false),
        "the two models differ"
    );
}

// Preuve: C4.5 un import tué en route puis relancé donne la base d'un import sans interruption
#[tokio::test]
async fn an_import_that_was_killed_gives_the_same_database() {
    let (killed, whole) = (Program::new(), Program::new());
    for program in [&killed, &whole] {
        write_clean_files(program);
    }
    kill_at_each_moment(&killed, &["import"]);
    killed.succeed(&["import"]);
    whole.succeed(&["import"]);
    let (killed, whole) = (rows(&killed).await, rows(&whole).await);
    assert_eq!(whole.len(), 3 * 60 * 24);
    assert!(killed == whole, "the two databases differ");
}

async fn rows(program: &Program) -> Vec<String> {
    let database = Database::open_file(&program.state().join("filrouge.sqlite"))
        .await
        .unwrap();
    assert_eq!(
        database.check_integrity().await.unwrap(),
        Vec::<String>::new()
    );
    let all = HourFilter::default();
    let rows = database.station_hours(&all, None, u32::MAX).await.unwrap();
    rows.iter().map(|row| format!("{row:?}")).collect()
}
