//! A state that is saved, lost and given back; and the ways in which it must not be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use filrouge_database::{Database, HourFilter};

use crate::damages::DAMAGES;
use crate::postgres::Server;
use crate::program::{Program, text};
use crate::real::real_state;
use crate::service::{Served, check, free_ports};
use crate::state::{small_state, walk};

/// Of the two subscribers of a real state, the one who was not erased.
const PERSON: &str = "770041";

fn archive(program: &Program) -> PathBuf {
    program.path("etat.zip")
}

fn save(program: &Program) -> String {
    program.succeed(&["backup", text(&archive(program))])
}

fn restore<'a>(archive: &'a Path, options: &[&'a str]) -> Vec<&'a str> {
    [&["restore", text(archive)], options].concat()
}

/// Files of the state that hold the text.
fn files_with(program: &Program, wanted: &str) -> Vec<PathBuf> {
    let files = walk(&program.state())
        .into_iter()
        .filter(|path| path.is_file());
    let holds = |path: &PathBuf| {
        let content = fs::read(path).unwrap();
        content
            .windows(wanted.len())
            .any(|window| window == wanted.as_bytes())
    };
    files.filter(holds).collect()
}

/// The files and folders of the state, without the locks that each command takes.
fn kept(program: &Program) -> Vec<PathBuf> {
    let mut paths = walk(&program.state());
    paths.retain(|path| !text(path).ends_with("lock"));
    paths
}

async fn rows(database: &Database) -> Vec<String> {
    let all = HourFilter::default();
    let rows = database.station_hours(&all, None, u32::MAX).await.unwrap();
    rows.iter().map(|row| format!("{row:?}")).collect()
}

async fn rows_of(program: &Program) -> Vec<String> {
    let path = program.state().join("filrouge.sqlite");
    let database = Database::open_file(&path).await.unwrap();
    let rows = rows(&database).await;
    database.close().await;
    rows
}

/// Both services are ready; gives the time that they took.
fn serve(program: &Program) -> Duration {
    let (start, base) = (Instant::now(), free_ports());
    let data_api = Served::start(program, "data-api", base);
    let model_api = Served::start(program, "model-api", base);

    assert_eq!(check(&data_api.until(200), "integrity"), "ok");
    assert_ne!(check(&model_api.until(200), "model"), "failed");
    start.elapsed()
}

// Preuve: C4.10 une personne effacée depuis la sauvegarde ne revient pas avec elle
// Preuve: C21.5 le retour à un état d’avant la panne, répété, avec son temps et son point de reprise
#[tokio::test]
async fn a_state_that_was_lost_comes_back_without_who_was_erased_since() {
    let program = real_state();
    let (archive, list) = (archive(&program), program.path("effacements.json"));
    let before = rows_of(&program).await;
    save(&program);
    let saved_at = Instant::now();
    assert!(!files_with(&program, PERSON).is_empty());
    program.succeed(&["gdpr", "erase", PERSON]);
    program.succeed(&["gdpr", "erasures", "--out", text(&list)]);

    let point = saved_at.elapsed();
    fs::remove_dir_all(program.state()).unwrap();
    let start = Instant::now();
    let refusal = program.fail(&restore(&archive, &[]));
    assert!(refusal.contains("--erasures"), "{refusal}");
    let told = program.succeed(&restore(&archive, &["--erasures", text(&list)]));
    let restored = start.elapsed();
    let ready = serve(&program);

    assert!(told.contains("effacées de nouveau : 1"), "{told}");
    assert_eq!(rows_of(&program).await, before);
    assert_eq!(files_with(&program, PERSON), [""; 0].map(PathBuf::from));
    program.fail(&["gdpr", "export", PERSON]);
    program.succeed(&["gdpr", "audit"]);
    println!(
        "temps de reprise : {:.1} s (restauration {:.1} s, services prêts {:.1} s) ; point de reprise : {:.1} s",
        (restored + ready).as_secs_f64(),
        restored.as_secs_f64(),
        ready.as_secs_f64(),
        point.as_secs_f64()
    );
}

#[test]
fn the_list_of_the_state_that_is_replaced_is_applied_even_after_a_rotation_of_the_keys() {
    let program = real_state();
    save(&program);
    program.succeed(&["gdpr", "rotate-key"]);
    program.succeed(&["gdpr", "erase", PERSON]);

    let told = program.succeed(&restore(&archive(&program), &["--replace"]));

    assert!(told.contains("effacées de nouveau : 1"), "{told}");
    program.fail(&["gdpr", "export", PERSON]);
    program.succeed(&["import"]);
    program.fail(&["gdpr", "export", PERSON]);
    assert!(!program.state().join("replaced").exists());
}

#[test]
fn a_state_that_is_not_empty_is_replaced_only_when_asked() {
    let program = small_state();
    program.succeed(&["import"]);
    save(&program);
    let before = fs::read(program.state().join("credentials.json")).ok();

    let refusal = program.fail(&restore(&archive(&program), &["--no-erasures"]));

    assert!(refusal.contains("--replace"), "{refusal}");
    assert_eq!(
        fs::read(program.state().join("credentials.json")).ok(),
        before
    );
}

#[test]
fn a_damaged_archive_is_refused_before_the_state_moves() {
    let program = small_state();
    program.succeed(&["import"]);
    save(&program);
    let whole = fs::read(archive(&program)).unwrap();
    let before = kept(&program);

    for (name, damage) in DAMAGES {
        fs::write(archive(&program), &whole).unwrap();
        damage(&archive(&program));
        for options in [&["--verify"][..], &["--replace", "--no-erasures"]] {
            let refusal = program.fail(&restore(&archive(&program), options));
            assert!(refusal.contains("sauvegarde"), "{name}: {refusal}");
        }
        assert_eq!(kept(&program), before, "{name}");
    }
}

#[test]
fn nothing_is_restored_under_a_service() {
    let program = small_state();
    program.succeed(&["import"]);
    save(&program);
    let served = Served::start(&program, "data-api", free_ports());

    let refusal = program.fail(&restore(
        &archive(&program),
        &["--replace", "--no-erasures"],
    ));

    assert!(refusal.contains("API de données"), "{refusal}");
    served.until(200);
}

#[tokio::test]
async fn a_restoration_killed_at_five_moments_leaves_one_state_or_a_mark() {
    let program = small_state();
    program.succeed(&["import"]);
    save(&program);
    let expected = rows_of(&program).await;
    let archive = archive(&program);
    let arguments = restore(&archive, &["--replace", "--no-erasures"]);
    let start = Instant::now();
    program.succeed(&arguments);
    let whole = start.elapsed();

    for percent in [10, 30, 50, 70, 90] {
        let mut child = program.start(&arguments);
        std::thread::sleep(whole * percent / 100);
        let _ = child.kill();
        child.wait().unwrap();

        if program.state().join("restore.unfinished").exists() {
            let refusal = program.fail(&["import"]);
            assert!(refusal.contains("filrouge restore"), "{percent}: {refusal}");
        }
        program.succeed(&arguments);
        assert_eq!(rows_of(&program).await, expected, "{percent}");
    }
}

#[tokio::test]
async fn a_state_on_postgresql_comes_back_as_well() {
    let Some(server) = Server::shared() else {
        return;
    };
    let (program, address) = (small_state(), server.create_database());
    let run = |arguments: &[&str]| {
        let output = program
            .command(arguments)
            .env("DATABASE_URL", &address)
            .output();
        let output = output.unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), told)
    };
    assert_eq!(run(&["import"]), (true, String::new()));
    let database = Database::open(&address).await.unwrap();
    let before = rows(&database).await;

    let archive = archive(&program);
    assert_eq!(run(&["backup", text(&archive)]), (true, String::new()));
    database.revert_to(0).await.unwrap();
    database.close().await;
    fs::remove_dir_all(program.state()).unwrap();
    let (is_restored, told) = run(&restore(&archive, &["--no-erasures"]));

    assert!(is_restored, "{told}");
    let database = Database::open(&address).await.unwrap();
    assert_eq!(rows(&database).await, before);
    let (is_refused, told) = run(&restore(&archive, &["--no-erasures"]));
    assert!(!is_refused && told.contains("--replace"), "{told}");
}

// Preuve: C4.7 la procédure de sauvegarde et de restauration, suivie pas à pas
#[test]
fn the_document_of_backups_is_followed_step_by_step() {
    let program = real_state();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = fs::read_to_string(root.join("docs/sauvegarde.md")).unwrap();
    let blocks = document.split("```sh\n").skip(1);
    let script: String = blocks
        .map(|block| block.split("```").next().unwrap())
        .collect();
    fs::create_dir(program.path("sauvegardes")).unwrap();

    let mut shell = Command::new("sh");
    shell
        .args([
            "-euc",
            &format!("cargo() {{ shift 2; \"$FILROUGE\" \"$@\"; }}\n{script}"),
        ])
        .env("FILROUGE", env!("CARGO_BIN_EXE_filrouge"))
        .env("FILROUGE_STATE", program.state())
        .env("SAUVEGARDES", program.path("sauvegardes"))
        .env_remove("DATABASE_URL")
        .current_dir(root);
    let output = shell.output().unwrap();

    let told = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{complained}");
    for expected in ["Bonne sauvegarde", "Restauré en"] {
        assert!(told.contains(expected), "{expected}\n{told}");
    }
}
