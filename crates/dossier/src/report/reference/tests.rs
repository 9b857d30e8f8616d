use std::path::Path;

use super::{CriterionState, Reference};

/// The reference by the usual state folder.
fn load(root: &Path) -> Reference {
    Reference::load(root, Path::new("var"))
}

fn project(report: Option<&str>) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    if let Some(report) = report {
        std::fs::create_dir(root.path().join("var")).unwrap();
        std::fs::write(root.path().join("var/verify.json"), report).unwrap();
    }
    root
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = std::process::Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn report(commit: &str) -> String {
    format!(
        r#"{{"format":1,"commit":"{commit}","at":"2026-11-29T10:00:00Z","criteria":[{{"id":"C5.1","state":"holds"}},{{"id":"C5.4","state":"does_not_hold"}},{{"id":"C6.1","state":"to_judge"}}]}}"#
    )
}

#[test]
fn a_project_that_was_not_verified_is_not_played_and_names_the_command() {
    let root = project(None);
    let reference = load(root.path());
    assert_eq!(reference.state("C5.4"), CriterionState::NotPlayed);
    assert_eq!(reference.note, "non joué : lancer `cargo dossier verify`");
}

#[test]
fn a_report_that_cannot_be_read_says_so() {
    for broken in [
        "{",
        r#"{"format":2,"commit":"a","at":"2026-11-29T10:00:00Z","criteria":[]}"#,
    ] {
        let reference = load(project(Some(broken)).path());
        assert!(
            reference.note.starts_with("non joué (var/verify.json "),
            "{}",
            reference.note
        );
        assert!(reference.note.ends_with("lancer `cargo dossier verify`"));
    }
}

#[test]
fn each_criterion_has_the_state_of_the_last_run_and_a_competency_the_worst_of_them() {
    let reference = load(project(Some(&report("a"))).path());
    for (id, state) in [
        ("C5.1", CriterionState::Holds),
        ("C5.4", CriterionState::DoesNotHold),
        ("C6.1", CriterionState::ToJudge),
        ("C7.1", CriterionState::NotPlayed),
    ] {
        assert_eq!(reference.state(id), state, "{id}");
    }
    let c5 = reference.state_of_all(["C5.1", "C5.4"].into_iter());
    assert_eq!(c5, CriterionState::DoesNotHold);
}

#[test]
fn the_state_folder_that_is_named_holds_the_last_run() {
    let root = project(Some(&report("a")));
    let elsewhere = root.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let load = |state: &Path| Reference::load(root.path(), state);

    assert_eq!(load(&elsewhere).state("C5.1"), CriterionState::NotPlayed);

    std::fs::rename(
        root.path().join("var/verify.json"),
        elsewhere.join("verify.json"),
    )
    .unwrap();
    for state in [Path::new("elsewhere"), &elsewhere] {
        assert_eq!(load(state).state("C5.1"), CriterionState::Holds);
    }
    std::fs::write(elsewhere.join("verify.json"), "{").unwrap();
    let note = load(Path::new("elsewhere")).note;
    assert!(
        note.starts_with("non joué (elsewhere/verify.json "),
        "{note}"
    );
}

#[test]
fn a_report_of_another_commit_is_said_so() {
    let root = project(None);
    git(root.path(), &["init", "-q"]);
    git(root.path(), &["commit", "-q", "--allow-empty", "-m", "a"]);
    let head = git(root.path(), &["rev-parse", "HEAD"]);
    std::fs::create_dir(root.path().join("var")).unwrap();
    let write = |commit: &str| {
        std::fs::write(root.path().join("var/verify.json"), report(commit)).unwrap();
        load(root.path()).note
    };

    let same = write(&format!("{head} (fichiers modifiés depuis)"));
    assert_eq!(
        same,
        format!("vérifié le 2026-11-29 10:00 UTC, commit {head:.12}")
    );
    let other = write(&"a".repeat(40));
    assert!(
        other.contains(&format!("le projet est au commit {head:.12} : relancer")),
        "{other}"
    );
}
