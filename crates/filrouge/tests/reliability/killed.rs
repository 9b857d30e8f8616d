//! `kill -9` at ten moments of a command, then the same command again.

use std::fs;
use std::time::{Duration, Instant};

use filrouge_database::{Database, HourFilter};

use crate::program::Program;
use crate::real::real_state;
use crate::state::small_state;

/// Shares of a command's own duration, in percent: each names a moment at which it is killed.
const MOMENTS: [u32; 10] = [3, 10, 20, 30, 40, 50, 60, 70, 80, 95];

/// Runs a command on a copy made by `state`; gives its duration.
fn duration(state: impl Fn() -> Program, arguments: &[&str]) -> Duration {
    let program = state();
    let start = Instant::now();
    program.succeed(arguments);
    start.elapsed()
}

/// Starts the command, and kills it at this share of `whole`. It may have ended by itself, which is
/// a case too.
fn kill(program: &Program, arguments: &[&str], whole: Duration, percent: u32) {
    let mut child = program.start(arguments);
    std::thread::sleep(whole * percent / 100);
    let _ = child.kill();
    child.wait().unwrap();
}

async fn rows(program: &Program) -> Vec<String> {
    let path = program.state().join("filrouge.sqlite");
    let database = Database::open_file(&path).await.unwrap();
    assert_eq!(
        database.check_integrity().await.unwrap(),
        Vec::<String>::new()
    );
    let all = HourFilter::default();
    let rows = database.station_hours(&all, None, u32::MAX).await.unwrap();
    database.close().await;
    rows.iter().map(|row| format!("{row:?}")).collect()
}

// Preuve: C4.5 un import tué à dix instants ne laisse rien à moitié et finit comme un autre
#[tokio::test]
async fn an_import_killed_at_ten_moments_leaves_all_or_nothing() {
    let whole = small_state();
    whole.succeed(&["import"]);
    let expected = rows(&whole).await;
    let lasts = duration(small_state, &["import"]);
    let killed = small_state();

    for percent in MOMENTS {
        kill(&killed, &["import"], lasts, percent);

        let rows = rows(&killed).await;
        assert!(rows.is_empty() || rows == expected, "killed at {percent} %");
    }

    killed.succeed(&["import"]);
    assert!(rows(&killed).await == expected);
}

/// The versions of the state, whole ones alone, and the one that is named champion.
fn versions(program: &Program) -> (Vec<String>, String) {
    let models = program.state().join("models/demand");
    let versions = filrouge_model::champion::versions(&models).unwrap();
    (versions, filrouge_model::champion::read(&models).unwrap())
}

/// Another model than the one that the state has.
const TRAIN: [&str; 5] = ["train", "--time-zone", "UTC", "--budget", "2000"];

#[test]
fn a_training_killed_at_ten_moments_leaves_a_champion_and_no_half_version() {
    let program = real_state();
    let lasts = duration(real_state, &TRAIN);
    let (before, champion) = versions(&program);

    for percent in MOMENTS {
        kill(&program, &TRAIN, lasts, percent);

        let (versions, named) = versions(&program);
        let is_kept = |version| versions.contains(version);
        assert!(before.iter().all(is_kept), "killed at {percent} %");
        // Trying it out loads it whole.
        program.succeed(&["model", "promote", &named]);
        program.succeed(&["model", "promote", &champion]);
    }

    program.succeed(&TRAIN);
    let (after, named) = versions(&program);
    assert_eq!(after.len(), before.len() + 1);
    assert!(named != champion && after.contains(&named));
    let drafts = fs::read_dir(program.state().join("models/demand")).unwrap();
    let drafts = drafts.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with(".draft-")
    });
    assert_eq!(drafts.count(), 0, "what was half written is gone");
}

fn promote(version: &str) -> [&str; 3] {
    ["model", "promote", version]
}

#[test]
fn a_promotion_killed_at_ten_moments_leaves_the_one_or_the_other() {
    let program = real_state();
    let (_, first) = versions(&program);
    program.succeed(&TRAIN);
    let (_, second) = versions(&program);
    let start = Instant::now();
    program.succeed(&promote(&second));
    let lasts = start.elapsed();

    for (number, percent) in MOMENTS.into_iter().enumerate() {
        let version = [&first, &second][number % 2];
        kill(&program, &promote(version), lasts, percent);

        let (_, named) = versions(&program);
        assert!([&first, &second].contains(&&named), "killed at {percent} %");
        program.succeed(&["model", "list"]);
    }

    program.succeed(&promote(&first));
    assert_eq!(versions(&program).1, first);
}
