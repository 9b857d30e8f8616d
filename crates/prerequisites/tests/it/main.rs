//! A test whose tool was taken away, in a process of its own: this program under another name, in a
//! build folder of its own, so that its records are nobody else's.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set its scene up must fail there"
)]

mod count;
mod promtool;

use std::path::Path;
use std::process::{Command, Output};

use filrouge_prerequisites as prerequisites;

/// Plays the test `name` of this program with these variables; the records go below `target`.
fn play(target: &Path, name: &str, variables: &[(&str, &str)]) -> Output {
    let folder = target.join("debug/deps");
    let program = folder.join("it");
    std::fs::create_dir_all(&folder).unwrap();
    if !program.exists() {
        std::fs::hard_link(std::env::current_exe().unwrap(), &program).unwrap();
    }

    Command::new(program)
        .args(["--ignored", "--exact", name])
        .env("CARGO_PKG_NAME", "filrouge-prerequisites")
        .env_remove(prerequisites::STRICT)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// Beside this program: a hard link stays on its disk.
fn target() -> tempfile::TempDir {
    let program = std::env::current_exe().unwrap();

    tempfile::tempdir_in(program.parent().unwrap()).unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// Whether the text has this very line.
fn has_line(text: &str, line: &str) -> bool {
    text.lines().any(|one| one == line)
}

#[test]
#[ignore = "played by the tests below, each time on another machine"]
fn a_shell_that_counts() {
    let Some(shell) = prerequisites::program("sh", "apt-get install dash") else {
        return;
    };
    let counted = Command::new(shell).args(["-c", "echo $((1 + 2))"]).output();

    assert_eq!(counted.unwrap().stdout, b"3\n");
}

#[test]
#[ignore = "played by the tests below, each time on another machine"]
fn a_large_file() {
    let found = Path::new("/absent").exists().then_some(());

    let _ = prerequisites::optional(found, "/absent", "curl it");
}

#[test]
fn a_test_whose_tool_is_taken_away_is_not_played_under_strict_mode() {
    let target = target();

    let strict = play(
        target.path(),
        "a_shell_that_counts",
        &[("PATH", "/absent"), ("FILROUGE_STRICT", "1")],
    );

    let told = told(&strict);
    assert!(!strict.status.success(), "{told}");
    assert!(
        has_line(&told, "not played: sh; apt-get install dash"),
        "{told}"
    );
}

#[test]
fn without_strict_mode_it_says_so_in_spite_of_the_runner_and_leaves_a_record() {
    let target = target();
    let folder = target.path().join("not-played");

    let lax = play(target.path(), "a_shell_that_counts", &[("PATH", "/absent")]);

    let told = told(&lax);
    assert!(lax.status.success(), "{told}");
    assert!(
        has_line(&told, "not played: sh; apt-get install dash"),
        "{told}"
    );
    let left = prerequisites::records(&folder).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].package, "filrouge-prerequisites");
    assert_eq!(left[0].test, "a_shell_that_counts");

    let played = play(target.path(), "a_shell_that_counts", &[]);
    assert!(played.status.success());
    assert_eq!(prerequisites::records(&folder).unwrap(), []);
}

#[test]
fn what_is_optional_never_fails() {
    let target = target();

    let strict = play(target.path(), "a_large_file", &[("FILROUGE_STRICT", "1")]);

    let told = told(&strict);
    assert!(strict.status.success(), "{told}");
    assert!(
        has_line(&told, "not played (optional): /absent; curl it"),
        "{told}"
    );
}
