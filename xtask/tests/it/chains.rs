//! The jobs of the chains, played by the program on small repositories, and the scripts around them.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use filrouge_prerequisites as prerequisites;
use serde_json::Value;
use tempfile::TempDir;

/// A repository with these jobs, and two scripts: one fails, the other lacks a tool.
fn repository(jobs: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };

    write(".ci/jobs.toml", jobs);
    for (name, text) in [("red", "echo broken >&2\nexit 3"), ("lacking", "exit 77")] {
        write(name, &format!("#!/bin/sh\n{text}\n"));
        let mode = PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path().join(name), mode).unwrap();
    }
    folder
}

fn job(steps: &str) -> String {
    format!("[[job]]\nname = \"a\"\nproves = \"b\"\npaths = [\"docs\"]\nsteps = {steps}\n")
}

fn command(folder: &TempDir, small: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["ci", "a", "--run", "7", "--root"])
        .arg(folder.path())
        .env("FILROUGE_CI_SMALL", small);
    command
}

fn play(folder: &TempDir, small: &str) -> Output {
    command(folder, small).output().unwrap()
}

fn record(folder: &TempDir) -> Value {
    let path = folder.path().join("var/runs/7/jobs.jsonl");
    let text = std::fs::read_to_string(path).unwrap();

    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

// Preuve: C18.4 un travail s’arrête à la première commande qui échoue, le dit et le garde
#[test]
fn a_job_stops_at_the_first_step_that_fails_and_keeps_what_it_printed() {
    let folder = repository(&job(
        "[[\"ls\", \"red\"], [\"./red\"], [\"touch\", \"never\"]]",
    ));

    let output = play(&folder, "0");

    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("`./red`: exit status: 3"), "{told}");
    assert!(!folder.path().join("never").exists());
    assert_eq!(record(&folder)["result"], "failed");

    let log = std::fs::read_to_string(folder.path().join("var/runs/7/a.log")).unwrap();
    assert_eq!(log, "$ ls red\nred\n$ ./red\nbroken\n");
}

#[test]
fn a_job_that_lacks_a_tool_is_not_played() {
    let folder = repository(&job("[[\"./lacking\"]]"));

    assert_eq!(play(&folder, "0").status.code(), Some(77));
    assert_eq!(record(&folder)["result"], "not played");
}

#[test]
fn the_small_profile_plays_other_steps_and_says_so() {
    let folder = repository(&(job("[[\"ls\", \"{run}\"]]") + "small = [[\"ls\", \"red\"]]\n"));

    for (small, log) in [("0", "a.log\n"), ("1", "red\n")] {
        let output = play(&folder, small);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.contains(log), "{told}");
        assert_eq!(record(&folder)["small"], small == "1");
    }
}

#[test]
fn the_small_profile_takes_the_smaller_value_of_a_parameter_that_nobody_set() {
    let parameter = "[parameters.rows]\nvariable = \"ROWS\"\ndefault = \"many\"\nsmall = \"few\"\n\
         says = \"lignes\"\n";
    let folder = repository(&(parameter.to_owned() + &job("[[\"basename\", \"{rows}\"]]")));

    for (small, set, expected) in [("0", "", "many"), ("1", "", "few"), ("1", "ten", "ten")] {
        let output = command(&folder, small).env("ROWS", set).output().unwrap();

        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.contains(&format!("\n{expected}\n")), "{told}");
        assert_eq!(record(&folder)["small"], small == "1");
    }
}

#[test]
fn the_workflows_of_this_repository_have_no_fault() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["ci", "--check"])
        .output()
        .unwrap();

    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

// Preuve: C18.1 chaque travail est joué quand un fichier qui le concerne change, et sinon compté comme non joué
#[test]
fn a_change_plays_the_jobs_that_it_concerns() {
    if prerequisites::program("git", "apt-get install git").is_none()
        || prerequisites::program("python3", "./doctor").is_none()
    {
        return;
    }
    let jobs = job("[[\"ls\"]]")
        + &job("[[\"ls\"]]")
            .replace("\"a\"", "\"all\"")
            .replace("docs", ":/");
    let folder = repository(&jobs);
    std::fs::copy(
        super::repository().join(".ci/affected"),
        folder.path().join(".ci/affected"),
    )
    .unwrap();
    git(&folder, &["init", "--quiet"]);
    commit(&folder, "red", "first");
    commit(&folder, "docs/a.md", "second");
    commit(&folder, "other.md", "third");

    for (since, told) in [
        ("HEAD~2", "jobs=[\"a\", \"all\"]\n"),
        ("HEAD~1", "jobs=[\"all\"]\n"),
        ("HEAD", "jobs=[]\n"),
        ("0000000", "jobs=[\"a\", \"all\"]\n"),
        ("", "jobs=[\"a\", \"all\"]\n"),
    ] {
        let output = Command::new(folder.path().join(".ci/affected"))
            .arg(since)
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            told,
            "since {since}"
        );
    }
}

#[test]
fn the_verdict_counts_what_was_not_played_apart_and_fails_with_one_failure() {
    if prerequisites::program("python3", "./doctor").is_none() {
        return;
    }

    for (results, code, count) in [
        (["success", "skipped"], 0, "1 passed, 0 failed, 1 skipped"),
        (["success", "failure"], 1, "1 passed, 1 failed, 0 skipped"),
        (["success", "cancelled"], 1, "1 passed, 1 failed, 0 skipped"),
        (["skipped", "skipped"], 1, "0 passed, 0 failed, 2 skipped"),
    ] {
        let [one, other] = results;
        let needs = format!(r#"{{"one":{{"result":"{one}"}},"other":{{"result":"{other}"}}}}"#);
        let output = Command::new(super::repository().join(".ci/verdict"))
            .env("NEEDS", needs)
            .output()
            .unwrap();

        assert_eq!(output.status.code(), Some(code), "{results:?}");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.ends_with(&format!("{count}\n")), "{told}");
    }
}

/// Adds a line to a file, and commits everything.
fn commit(folder: &TempDir, path: &str, line: &str) {
    let path = folder.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
    std::fs::write(path, line).unwrap();

    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "-m", line]);
}

fn git(folder: &TempDir, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=essai", "-c", "user.email=essai@localhost"])
        .args(arguments)
        .current_dir(folder)
        .status();
    assert!(status.unwrap().success(), "{arguments:?}");
}
