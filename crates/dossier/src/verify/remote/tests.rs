use std::path::Path;
use std::process::Command;

use filrouge_prerequisites as prerequisites;

use super::*;

fn look(root: &Path, file: &str) -> Finding {
    super::look(&Git::open(root).unwrap(), &[file])
}

fn described(root: &Path) -> Option<String> {
    super::described(&Git::open(root).unwrap())
}

fn git_in(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]);
    let status = command
        .args(arguments)
        .current_dir(folder)
        .status()
        .unwrap();
    assert!(status.success(), "{arguments:?}");
}

/// A repository with one commit, and an empty one to publish it in.
fn repositories() -> (tempfile::TempDir, tempfile::TempDir) {
    let (clone, forge) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    git_in(forge.path(), &["init", "-q", "--bare"]);
    git_in(clone.path(), &["init", "-q", "-b", "main"]);
    std::fs::write(clone.path().join("a.rs"), "fn a() {}\n").unwrap();
    git_in(clone.path(), &["add", "."]);
    git_in(clone.path(), &["commit", "-qm", "a"]);
    (clone, forge)
}

#[test]
fn a_file_is_published_when_a_remote_branch_holds_its_last_commit() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let (clone, forge) = repositories();
    let (root, address) = (clone.path(), forge.path().to_str().unwrap());
    let missing = |file: &str| match look(root, file) {
        Finding::NotPlayed(reason) => reason,
        other => panic!("{other:?}"),
    };

    assert_eq!(
        look(root, "b.rs"),
        Finding::DoesNotHold("aucun commit ne porte b.rs".to_owned())
    );
    assert_eq!(
        missing("a.rs"),
        "ce clone n'a pas de dépôt distant ; git remote add origin ADRESSE && git push -u origin main"
    );
    assert_eq!(described(root), None);

    git_in(root, &["remote", "add", "origin", address]);
    assert!(missing("a.rs").ends_with(" ; git push, ou git fetch"));

    git_in(root, &["push", "-q", "-u", "origin", "main"]);
    assert_eq!(look(root, "a.rs"), Finding::Holds);
    let both = super::look(&Git::open(root).unwrap(), &["a.rs", "b.rs"]);
    assert_eq!(both, look(root, "b.rs"));
    git_in(root, &["tag", "v1"]);
    assert_eq!(
        described(root).unwrap(),
        format!("origin/main, {address}, étiquette v1")
    );
}

#[test]
fn an_address_is_told_without_its_secret() {
    let told = [
        (
            "https://me:secret@forge.example/a/b",
            "https://forge.example/a/b",
        ),
        ("git@forge.example:a/b.git", "git@forge.example:a/b.git"),
        ("/srv/git/b.git", "/srv/git/b.git"),
    ];
    for (address, expected) in told {
        assert_eq!(without_user(address), expected);
    }
}
