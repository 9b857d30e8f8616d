use std::path::Path;
use std::process::Command;

use filrouge_prerequisites as prerequisites;

use super::{Language, Role, list};
use crate::{Options, compare};

#[test]
fn a_file_has_the_role_that_its_path_gives_it() {
    for (path, role) in [
        ("app/main.py", Role::Source),
        ("tests/test_api.py", Role::Test),
        ("app/test_views.py", Role::Test),
        ("src/page.test.tsx", Role::Test),
        ("README.md", Role::Document),
        ("data/x.csv", Role::Data),
        ("e1/venv_e1/bin/x.py", Role::Vendored),
        ("node_modules/a.js", Role::Vendored),
        ("package-lock.json", Role::Vendored),
        ("rapport.pdf", Role::Binary),
        ("docker-compose.yml", Role::Configuration),
    ] {
        assert_eq!(Role::of(path), role, "{path}");
    }

    assert_eq!(
        (Language::of("Dockerfile.api"), Language::of("Makefile")),
        (Language::Dockerfile, Language::Shell)
    );
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");

    command.args([
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
        "-c",
        "init.defaultBranch=main",
    ]);

    let output = command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();

    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A repository of two commits, the second of which adds a file; the test is not played without
/// git.
fn repository() -> Option<(tempfile::TempDir, String)> {
    prerequisites::program("git", "apt-get install git")?;
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q"]);
    std::fs::write(folder.path().join("a.md"), "# A\n").unwrap();
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "first"]);
    let first = git(folder.path(), &["rev-parse", "HEAD"]);
    std::fs::write(folder.path().join("b.py"), "x = 1\n").unwrap();
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "fix: the second"]);
    Some((folder, first))
}

fn paths(path: &Path, commit: Option<&str>) -> Vec<String> {
    let tree = list(
        path,
        &Options {
            commit: commit.map(str::to_owned),
        },
    )
    .unwrap();
    tree.listing
        .entries
        .into_iter()
        .map(|entry| entry.path)
        .collect()
}

#[test]
fn a_commit_a_branch_and_a_bare_clone_are_read_through_git_objects() {
    let Some((folder, first)) = repository() else {
        return;
    };

    assert_eq!(paths(folder.path(), None), ["a.md", "b.py"]);
    assert_eq!(paths(folder.path(), Some(&first)), ["a.md"]);
    assert_eq!(paths(folder.path(), Some(&first[..8])), ["a.md"]);
    assert_eq!(paths(folder.path(), Some("main")), ["a.md", "b.py"]);

    let bare = tempfile::tempdir().unwrap();

    git(
        bare.path(),
        &[
            "clone",
            "-q",
            "--bare",
            &folder.path().display().to_string(),
            "clone.git",
        ],
    );

    assert_eq!(
        paths(&bare.path().join("clone.git"), None),
        ["a.md", "b.py"]
    );

    let read = compare(&bare.path().join("clone.git"), &Options::default()).unwrap();
    assert_eq!((read.name.as_str(), read.read.files), ("clone", 2));
}

#[test]
fn the_history_is_read_with_its_fixes() {
    let Some((folder, _)) = repository() else {
        return;
    };
    let history = list(folder.path(), &Options::default())
        .unwrap()
        .history
        .unwrap();
    let subjects: Vec<&str> = history
        .commits
        .iter()
        .map(|commit| commit.subject.as_str())
        .collect();
    assert_eq!(subjects, ["fix: the second", "first"]);
    assert!(!history.is_shallow && !history.has_remote);
}

#[test]
fn an_unknown_or_odd_revision_is_an_error_and_no_option_of_git() {
    let Some((folder, _)) = repository() else {
        return;
    };
    for revision in ["nowhere", "--output=x", "deadbeef", ""] {
        let options = Options {
            commit: Some(revision.to_owned()),
        };
        assert!(list(folder.path(), &options).is_err(), "{revision}");
    }
}

#[test]
fn a_corrupt_repository_is_said_and_its_files_are_still_read() {
    let Some((folder, _)) = repository() else {
        return;
    };
    let objects = folder.path().join(".git/objects");
    for entry in std::fs::read_dir(&objects).unwrap().flatten() {
        std::fs::remove_dir_all(entry.path()).unwrap();
    }
    let tree = list(folder.path(), &Options::default()).unwrap();
    assert_eq!(tree.listing.entries.len(), 2);
    assert!(
        tree.listing
            .skipped
            .iter()
            .any(|skipped| skipped.path == ".git"),
        "{:?}",
        tree.listing.skipped
    );
}

#[test]
fn nothing_that_the_repository_configures_is_run() {
    let Some((folder, _)) = repository() else {
        return;
    };
    let trap = folder.path().join("trap");
    let command = format!("touch {}", trap.display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "gpg.program",
        "diff.external",
        "core.alternateRefsCommand",
    ] {
        git(folder.path(), &["config", key, &command]);
    }
    git(folder.path(), &["config", "log.showSignature", "true"]);
    compare(folder.path(), &Options::default()).unwrap();
    compare(
        folder.path(),
        &Options {
            commit: Some("main".to_owned()),
        },
    )
    .unwrap();
    assert!(!trap.exists());
}

#[test]
fn what_tests_read_is_set_aside_and_what_they_run_is_not() {
    for (path, expected) in [
        ("crates/a/tests/submissions/x/app.py", Role::Fixture),
        ("tests/fixtures/page.html", Role::Fixture),
        ("tests/fixtures/clients.py", Role::Test),
        ("tests/e2e/__snapshots__/a.txt", Role::Fixture),
        ("src/testdata/rows.csv", Role::Fixture),
        ("app/fixtures/films.json", Role::Configuration),
        ("submissions/app.py", Role::Source),
        ("src/snapshots/store.py", Role::Source),
        ("data/tests/a.csv", Role::Data),
    ] {
        assert_eq!(Role::of(path), expected, "{path}");
    }
}
