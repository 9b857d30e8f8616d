//! `cargo dossier verify` as a shell sees it: its exit codes, told apart, and the file that it
//! keeps.

use std::path::Path;
use std::process::{Command, Output};

use filrouge_prerequisites as prerequisites;

/// A proof of C4.4 by a command that needs a tool.
const PROOF: &str = "# Preuve: C4.4 l'installation rejouée [commande : sh install.sh]\ninstall:\n";
const INSTALL: &str = "[ -e tool ] || { echo 'not played: tool; touch tool' >&2; exit 77; }\n";

fn git(root: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]);
    let status = command.args(arguments).current_dir(root).status().unwrap();
    assert!(status.success(), "{arguments:?}");
}

fn repository() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in [("proofs.yml", PROOF), ("install.sh", INSTALL)] {
        std::fs::write(root.path().join(name), text).unwrap();
    }
    git(root.path(), &["init", "-q"]);
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-qm", "t"]);
    root
}

fn verify(root: &Path, scope: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_filrouge-dossier"))
        .args(["verify", scope, "--root"])
        .arg(root)
        .env_remove("FILROUGE_STATE")
        .output()
        .unwrap()
}

/// The state of C4.4 in the file of the last verification.
fn kept(root: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(root.join("var/verify.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut criteria = report["criteria"].as_array().unwrap().iter();
    let found = criteria.find(|criterion| criterion["id"] == "C4.4");
    found.unwrap()["state"].clone()
}

#[test]
fn what_holds_what_is_not_played_what_fails_and_what_cannot_be_verified_have_their_own_code() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let repository = repository();
    let root = repository.path();
    let tool = root.join("tool");

    std::fs::write(&tool, "").unwrap();
    assert_eq!(verify(root, "C4").status.code(), Some(0));
    assert_eq!(kept(root), "holds");

    std::fs::remove_file(&tool).unwrap();
    let output = verify(root, "C4");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(77), "{errors}");
    assert_eq!(errors.lines().last(), Some("not played: tool; touch tool"));
    assert_eq!(kept(root), "not_played");

    std::fs::write(root.join("install.sh"), "").unwrap();
    assert_eq!(verify(root, "C4").status.code(), Some(1));
    assert_eq!(kept(root), "does_not_hold");

    assert_eq!(verify(root, "C22").status.code(), Some(2));
}
