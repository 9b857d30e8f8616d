//! Outputs that are closed or full: `filrouge … | head -1`.

use std::process::{Command, Stdio};

use crate::program::Program;

/// Runs a command whose reader goes away before its first line; gives its exit code and what it
/// wrote on the other output.
fn without_reader(mut command: Command, is_output: bool) -> (Option<i32>, String) {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    if is_output {
        drop(child.stdout.take());
    } else {
        drop(child.stderr.take());
    }

    let output = child.wait_with_output().unwrap();
    let rest = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&rest).into_owned(),
    )
}

#[test]
fn a_reader_that_has_seen_enough_stops_nothing() {
    let program = Program::new();
    let calendar = program.command(&["feeds", "calendar", "--from", "2026-11-02"]);
    assert_eq!(without_reader(calendar, true), (Some(0), String::new()));

    // Its complaint has nobody to go to: it still fails as it would.
    let unknown = program.command(&["model", "diff", "a", "b"]);
    assert_eq!(without_reader(unknown, false), (Some(1), String::new()));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_under_the_result_is_a_failure() {
    let program = Program::new();
    let mut calendar = program.command(&["feeds", "calendar", "--from", "2026-11-02"]);
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = calendar.stdout(full).output().unwrap();

    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.starts_with("erreur : la sortie ne s’écrit pas"),
        "{told}"
    );
}
