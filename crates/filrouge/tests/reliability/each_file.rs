//! Each file of a real state, damaged in each way, one at a time.

use std::fs;
use std::path::Path;

use crate::damages::{DAMAGES, Damage};
use crate::program::Program;
use crate::real::{last_run, real_state};
use crate::roles::{DamageOutcome, FileRole, ROLES, role_of};
use crate::service::{Served, check, free_ports};
use crate::state::walk;

/// The files of a state, by their path in it; the last collection is called `LAST`.
fn files(program: &Program) -> Vec<String> {
    let (state, last) = (program.state(), last_run(program));
    let files = walk(&state).into_iter().filter(|path| path.is_file());
    let named = files.map(|path| {
        let path = path.strip_prefix(&state).unwrap().to_str().unwrap();
        path.replace(&format!("raw/{last}/"), "raw/LAST/")
    });
    named.collect()
}

#[test]
fn every_file_of_a_real_state_has_a_role() {
    let program = real_state();
    let files = files(&program);

    for file in &files {
        assert!(role_of(file).is_some(), "`{file}` has no role in roles.rs");
    }
    for role in ROLES {
        let is_there = files
            .iter()
            .any(|file| role_of(file).is_some_and(|found| found.file == role.file));
        // Services fold the write-ahead log back into the database when they end well.
        let may_be_absent = ["filrouge.sqlite-*", "accounts.sqlite*"].contains(&role.file);
        assert!(
            is_there || may_be_absent,
            "no file of the state is `{}`",
            role.file
        );
    }
}

/// Plays the roles whose outcome is chosen, with each damage, on a file of each.
fn play(is_chosen: impl Fn(&DamageOutcome) -> bool) {
    let whole = real_state();
    let files = files(&whole);

    for role in ROLES.iter().filter(|role| is_chosen(&role.outcome)) {
        let found = files
            .iter()
            .find(|file| role_of(file).is_some_and(|found| found.file == role.file));
        let file = found.unwrap_or_else(|| panic!("no `{}`", role.file));
        for (name, damage) in DAMAGES {
            play_one(role, file, name, damage);
        }
    }
}

fn play_one(role: &FileRole, file: &str, name: &str, damage: Damage) {
    let program = real_state();
    let path = program
        .state()
        .join(file.replace("LAST", &last_run(&program)));
    let (case, before) = (format!("{file}, {name}"), fs::read(&path).unwrap());
    damage(&path);
    if fs::read(&path).unwrap() == before {
        // A lock may be empty, and an empty list has no third to lose.
        assert!(before.len() < 64, "{case}: nothing was damaged");
        return;
    }

    match role.outcome {
        DamageOutcome::GoesOn(command) => {
            succeed(&program, command, &case);
        }
        DamageOutcome::Refused(first, second) => {
            let told = refuse(&program, first, &case);
            assert!(names(&told, &path), "{case}: {told}");
            succeed(&program, second, &case);
            succeed(&program, first, &case);
        }
        DamageOutcome::Named(command) => {
            let told = refuse(&program, command, &case);
            assert!(names(&told, &path), "{case}: {told}");
        }
        DamageOutcome::Told(command) => {
            refuse(&program, command, &case);
        }
        DamageOutcome::Serves(service) => serve(&program, service, &case),
        DamageOutcome::Elsewhere(_) | DamageOutcome::Unread => {}
    }
}

fn names(told: &str, path: &Path) -> bool {
    told.contains(path.file_name().unwrap().to_str().unwrap())
}

fn succeed(program: &Program, command: &[&str], case: &str) {
    let output = program.run(command);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{case}: {command:?}: {told}");
}

/// Runs a command that must fail by itself: no signal ends it.
fn refuse(program: &Program, command: &[&str], case: &str) -> String {
    let base = free_ports().to_string();
    let output = program.run(&[command, &["--port-base", &base]].concat());
    let told = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{case}: {command:?}: {told}");
    told
}

/// The service answers; for the model API, a version forecasts.
fn serve(program: &Program, service: &str, case: &str) {
    let base = free_ports();
    let _data_api = (service == "model-api").then(|| Served::start(program, "data-api", base));
    let served = Served::start(program, service, base);
    let body = served.until(200);

    let checked = if service == "model-api" {
        "model"
    } else {
        "read"
    };
    assert_ne!(check(&body, checked), "failed", "{case}: {body}");
}

#[test]
fn a_step_goes_on_without_what_is_damaged() {
    play(|outcome| matches!(outcome, DamageOutcome::GoesOn(_)));
}

#[test]
fn a_step_names_what_is_damaged_and_the_step_before_makes_it_again() {
    play(|outcome| matches!(outcome, DamageOutcome::Refused(..)));
}

#[test]
fn a_service_goes_on_with_the_last_good_version() {
    play(|outcome| matches!(outcome, DamageOutcome::Serves(_)));
}

#[test]
fn a_key_or_a_signature_that_is_damaged_is_told_by_its_name() {
    play(|outcome| matches!(outcome, DamageOutcome::Named(_) | DamageOutcome::Told(_)));
}
