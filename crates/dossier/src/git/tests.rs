use std::process::Command;

use filrouge_prerequisites as prerequisites;

use super::*;

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]);
    command.args(arguments).current_dir(folder);
    assert!(command.status().unwrap().success(), "{arguments:?}");
}

/// A repository of one commit; the test is not played without git.
fn repository() -> Option<tempfile::TempDir> {
    prerequisites::program("git", "apt-get install git")?;
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    std::fs::write(folder.path().join("a.rs"), "fn a() {}\n").unwrap();
    std::fs::write(folder.path().join(".gitignore"), "target\n").unwrap();
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-qm", "a"]);
    Some(folder)
}

#[test]
fn files_commit_and_changes_are_those_of_the_repository() {
    let Some(folder) = repository() else { return };
    let write = |name: &str| std::fs::write(folder.path().join(name), "fn b() {}\n").unwrap();
    let git = Git::open(folder.path()).unwrap();

    assert_eq!(git.head().unwrap().len(), 40);
    assert!(!git.is_modified().unwrap());
    for name in ["b.rs", "target", "kept-apart"] {
        write(name);
    }
    std::fs::write(folder.path().join(".git/info/exclude"), "kept-apart\n").unwrap();

    let git = Git::open(folder.path()).unwrap();
    assert_eq!(git.files().unwrap(), [".gitignore", "a.rs", "b.rs"]);
    assert!(git.is_modified().unwrap());
    std::fs::remove_file(folder.path().join("a.rs")).unwrap();
    assert!(git.tracks("a.rs") && !git.tracks("b.rs"));
}

#[test]
fn a_second_working_tree_is_read_through_the_file_that_names_its_repository() {
    let Some(folder) = repository() else { return };
    let second = tempfile::tempdir().unwrap();
    let place = second.path().join("tree");
    git(
        folder.path(),
        &[
            "worktree",
            "add",
            "-q",
            "-b",
            "second",
            place.to_str().unwrap(),
        ],
    );

    let second = Git::open(&place).unwrap();

    assert_eq!(second.run(&["branch", "--show-current"]).unwrap(), "second");
    assert!(!second.is_modified().unwrap());
}

#[test]
fn a_folder_without_a_repository_is_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = Git::open(folder.path()).err().unwrap().to_string();
    assert!(error.ends_with(" n'est pas un dépôt git"), "{error}");
}

#[test]
fn no_program_that_a_repository_names_is_run() {
    let Some(folder) = repository() else { return };
    let root = folder.path();
    let witness = root.join("ran");
    let command = format!("touch {}", witness.display());

    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "credential.helper",
        "diff.external",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "gpg.program",
        "pager.log",
    ] {
        git(root, &["config", key, &command]);
    }
    git(root, &["config", "filter.x.required", "true"]);
    git(root, &["config", "log.showSignature", "true"]);
    git(root, &["config", "core.hooksPath", "."]);
    std::fs::write(root.join(".gitattributes"), "* filter=x diff=x\n").unwrap();
    std::fs::write(root.join("a.rs"), "fn b() {}\n").unwrap();

    let read = Git::open(root).unwrap();
    read.files().unwrap();
    read.head().unwrap();
    assert!(read.is_modified().unwrap());
    read.run(&["log", "-1", "--format=%H", "--", "a.rs"])
        .unwrap();
    read.run(&["for-each-ref", "--contains", "HEAD"]).unwrap();

    assert!(!witness.exists());
}
