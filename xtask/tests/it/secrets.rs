//! `.ci/secrets`, on a repository made for the test.

use std::path::Path;
use std::process::{Command, Output};

use filrouge_prerequisites as prerequisites;
use tempfile::TempDir;

#[test]
fn a_secret_is_refused_even_when_the_next_commit_removes_it() {
    if !can_play() {
        return;
    }
    // Two halves, so that this very file holds no token.
    let token = ["ghp_", "hVGsyT4wRBE1WJ8pqNnCoLrZ2dXm6KuQaF9i"].concat();
    let repository = repository_of(&format!("token = \"{token}\"\n"));

    let output = scan(repository.path());

    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("settings.toml:1"), "{told}");
    assert!(!told.contains(&token), "the token is told again: {told}");
}

#[test]
fn a_comment_does_not_let_a_secret_through() {
    if !can_play() {
        return;
    }
    let token = ["ghp_", "hVGsyT4wRBE1WJ8pqNnCoLrZ2dXm6KuQaF9i"].concat();

    for comment in ["gitleaks:allow", "betterleaks:allow"] {
        let repository = repository_of(&format!("token = \"{token}\" # {comment}\n"));
        assert_eq!(scan(repository.path()).status.code(), Some(1), "{comment}");
    }
}

#[test]
fn what_the_baseline_lists_passes() {
    if !can_play() {
        return;
    }
    let repository = repository_of("url = \"postgres://lecteur:secret@base.invalid/velos\"\n");

    let output = scan(repository.path());

    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn each_line_of_the_baseline_has_its_reason() {
    let baseline = std::fs::read_to_string(super::repository().join(".ci/secrets.baseline"));
    let baseline = baseline.expect("the baseline is committed");
    let lines: Vec<&str> = baseline.lines().collect();

    for pair in lines.windows(2) {
        let is_digest = !pair[1].is_empty() && !pair[1].starts_with('#');
        assert!(
            !is_digest || pair[0].starts_with("# "),
            "no reason above {}",
            pair[1]
        );
    }
}

fn can_play() -> bool {
    prerequisites::program("git", "apt-get install git").is_some()
        && prerequisites::program("betterleaks", ".ci/install").is_some()
}

/// A repository of two commits: one adds `settings.toml` with this text, the other removes it.
fn repository_of(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let status = Command::new("git")
            .args(["-c", "user.name=essai", "-c", "user.email=essai@localhost"])
            .args(arguments)
            .current_dir(&folder)
            .status();
        assert!(status.unwrap().success(), "{arguments:?}");
    };

    git(&["init", "--quiet"]);
    std::fs::write(folder.path().join("settings.toml"), text).unwrap();
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "-m", "add"]);
    git(&["rm", "--quiet", "settings.toml"]);
    git(&["commit", "--quiet", "-m", "remove"]);

    folder
}

fn scan(repository: &Path) -> Output {
    Command::new(super::repository().join(".ci/secrets"))
        .arg(repository)
        .output()
        .unwrap()
}
