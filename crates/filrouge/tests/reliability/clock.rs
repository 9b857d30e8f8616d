//! A clock that jumps three days ahead, then back: the program itself, under `faketime`.

use std::path::Path;
use std::process::{Command, Output};

use filrouge_prerequisites as prerequisites;

use crate::program::{Program, text};
use crate::real::{last_run, real_state};

/// Runs the program with a clock that is so far from the real one.
fn run_at(faketime: &Path, shift: &str, program: &Program, arguments: &[&str]) -> Output {
    shifted(faketime, shift, program.command(arguments))
        .output()
        .unwrap()
}

/// The same command, with such a clock.
pub(crate) fn shifted(faketime: &Path, shift: &str, plain: Command) -> Command {
    let mut command = Command::new(faketime);
    command.args(["-f", shift]).arg(plain.get_program());
    command.args(plain.get_args());
    if let Some(folder) = plain.get_current_dir() {
        command.current_dir(folder);
    }
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // Waiting goes on at its own pace: only the time of day is shifted.
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    command
}

#[test]
fn a_clock_that_jumps_stops_no_step_and_the_last_collection_is_the_last_one_made() {
    let Some(faketime) = prerequisites::program("faketime", "apt-get install faketime") else {
        return;
    };

    for shift in ["+3d", "-3d"] {
        let program = real_state();
        let profile = program.path("essai.toml");
        let collect = ["collect", "--profile", text(&profile)];
        let succeed = |shift: &str, arguments: &[&str]| {
            let output = run_at(&faketime, shift, &program, arguments);
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{shift}: {arguments:?}: {told}");
            String::from_utf8(output.stdout).unwrap()
        };

        succeed(shift, &collect);
        for step in [&["aggregate"][..], &["import"], &["gdpr", "purge"]] {
            succeed(shift, step);
        }
        let before = runs(&program);
        succeed("+0d", &collect);
        for step in [
            &["aggregate"][..],
            &["import"],
            &["gdpr", "purge"],
            &["gdpr", "audit"],
        ] {
            succeed("+0d", step);
        }

        let last = runs(&program).into_iter().find(|run| !before.contains(run));
        assert_eq!(cleaned_run(&program), last, "{shift}");
        if shift == "+3d" {
            assert_ne!(
                last.as_ref(),
                Some(&last_run(&program)),
                "the greatest name is another"
            );
        }
    }
}

fn runs(program: &Program) -> Vec<String> {
    let entries = std::fs::read_dir(program.state().join("raw")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with('.')).collect()
}

fn cleaned_run(program: &Program) -> Option<String> {
    let text = std::fs::read(program.state().join("clean/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&text).unwrap();
    summary["run_id"].as_str().map(str::to_owned)
}
