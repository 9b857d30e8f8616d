//! Two of everything at once. Two starts, and an import beside one: `first_start`.

use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use filrouge_model::champion;
use filrouge_storage::StateFolder;

use crate::program::Program;
use crate::real::real_state;
use crate::state::small_state;

fn start(program: &Program, arguments: &[&str]) -> Child {
    let mut command = program.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Both commands, started at once, end well; gives what they report.
fn both(program: &Program, commands: [&[&str]; 2]) -> [String; 2] {
    let children = commands.map(|arguments| start(program, arguments));
    children.map(|child| {
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        String::from_utf8(output.stdout).unwrap()
    })
}

#[test]
fn two_imports_at_once_both_end_well() {
    let program = small_state();
    for report in both(&program, [&["import"], &["import"]]) {
        assert!(report.contains("4320 en base"), "{report}");
    }
}

const TRAIN: [&str; 5] = ["train", "--time-zone", "UTC", "--budget", "2000"];

#[test]
fn two_trainings_then_two_promotions_at_once_leave_one_champion() {
    let program = real_state();
    let models = program.state().join("models/demand");
    let before = champion::versions(&models).unwrap();

    both(&program, [&TRAIN, &TRAIN]);
    let versions = champion::versions(&models).unwrap();
    assert_eq!(
        versions.len(),
        before.len() + 1,
        "the same data give one version"
    );

    let [first, second] = [&versions[0], &versions[1]];
    both(
        &program,
        [&["model", "promote", first], &["model", "promote", second]],
    );
    let named = champion::read(&models).unwrap();
    assert!(versions.contains(&named));
    program.succeed(&["model", "promote", &named]);
}

#[test]
fn training_and_promoting_wait_for_the_one_that_writes() {
    let program = real_state();
    let state = StateFolder::open(&program.state()).unwrap();
    let named = champion::read(&state.demand_models()).unwrap();

    for command in [&TRAIN[..], &["model", "promote", &named]] {
        let held = state.lock_writing("filrouge import").unwrap();
        let mut waiting = start(&program, command);
        sleep(Duration::from_secs(6));
        assert!(
            waiting.try_wait().unwrap().is_none(),
            "{command:?} did not wait"
        );

        drop(held);
        assert!(waiting.wait().unwrap().success(), "{command:?}");
    }
}
