//! `cargo dossier verify` as a shell sees it: its exit codes, told apart, the file that it keeps,
//! and what `.ci/count` makes of its words.

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use filrouge_prerequisites as prerequisites;

/// A proof of C4.4 by a command that needs a tool.
const PROOF: &str = "# Preuve: C4.4 l'installation rejouée [commande : ./install.sh]\ninstall:\n";
const INSTALL: &str =
    "#!/bin/sh\n[ -e tool ] || { echo 'not played: tool; touch tool' >&2; exit 77; }\n";
/// A document that declares its own proof of C4.8.
const REGISTER: &str = "# RGPD\n\n<!-- Preuve: C4.8 le registre -->\n## Registre\n\n\
    Chaque traitement, sa finalité, sa base légale et sa durée de conservation.\n";

fn git(root: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]);
    let status = command.args(arguments).current_dir(root).status().unwrap();
    assert!(status.success(), "{arguments:?}");
}

/// A repository of these files and of the pages of its proofs; the test is not played without git.
fn repository(files: &[(&str, &str)]) -> Option<tempfile::TempDir> {
    prerequisites::program("git", "apt-get install git")?;
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("data/referential")).unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        let mode = if text.starts_with("#!") { 0o755 } else { 0o644 };
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    git(root.path(), &["init", "-q"]);
    assert!(door(root.path(), &["index"]).status.success());
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-qm", "t"]);
    Some(root)
}

/// Runs `cargo dossier` on a repository.
fn door(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_filrouge-dossier"))
        .args(arguments)
        .arg("--root")
        .arg(root)
        .env_remove("FILROUGE_STATE")
        .output()
        .unwrap()
}

/// Verifies a repository that the test has written, and that it trusts.
fn verify(root: &Path, scope: &str) -> Output {
    door(root, &["verify", scope, "--no-sandbox"])
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
    let Some(repository) = repository(&[("proofs.yml", PROOF), ("install.sh", INSTALL)]) else {
        return;
    };
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

/// The words of `.ci/count` on a log under strict mode, and whether it is content.
fn count(log: &[u8]) -> (String, bool) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/count");
    let mut child = Command::new(program)
        .env("FILROUGE_STRICT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();

    child.stdin.take().unwrap().write_all(log).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (text, output.status.success())
}

/// A verification as JUnit: its numbers of failures and of skipped tests.
fn junit(root: &Path) -> String {
    let file = root.join("junit.xml");
    let path = file.to_str().unwrap();
    door(root, &["verify", "C4", "--no-sandbox", "--junit", path]);

    let text = std::fs::read_to_string(file).unwrap();
    let (_, numbers) = text.split_once("failures=").unwrap();
    numbers.split(" timestamp").next().unwrap().to_owned()
}

#[test]
fn a_tool_taken_away_and_a_file_emptied_are_told_alike_by_verify_by_the_count_and_by_junit() {
    let files = [
        ("proofs.yml", PROOF),
        ("install.sh", INSTALL),
        ("tool", "present\n"),
        ("docs/rgpd.md", REGISTER),
    ];
    let Some(repository) = repository(&files) else {
        return;
    };
    let root = repository.path();
    let told = || {
        let output = verify(root, "C4");
        let (counted, is_content) = count(&output.stdout);
        let proofs = counted.lines().next().unwrap().to_owned();
        (
            output.status.code().unwrap(),
            proofs,
            is_content,
            junit(root),
        )
    };
    let expected = |code: i32, proofs: &str, is_content: bool, junit: &str| {
        (code, proofs.to_owned(), is_content, junit.to_owned())
    };

    // One holds, and a person has to read the other one.
    assert_eq!(
        told(),
        expected(
            0,
            "proofs: 1 hold, 0 not played, 0 do not hold, 1 for a person to judge",
            true,
            "\"0\" skipped=\"1\""
        )
    );

    std::fs::remove_file(root.join("tool")).unwrap();
    assert_eq!(
        told(),
        expected(
            77,
            "proofs: 0 hold, 1 not played, 0 do not hold, 1 for a person to judge",
            false,
            "\"0\" skipped=\"2\""
        )
    );

    // The proof goes with its declaration; the pages that tell it are refused too, both of them.
    std::fs::write(root.join("docs/rgpd.md"), "").unwrap();
    let (code, proofs, is_content, junit) = told();
    assert_eq!(
        (code, proofs.as_str(), is_content),
        (
            1,
            "proofs: 0 hold, 1 not played, 1 do not hold, 0 for a person to judge",
            false
        )
    );
    assert!(
        junit.ends_with(" skipped=\"1\"") && !junit.starts_with("\"0\""),
        "{junit}"
    );
}

#[test]
fn what_index_refuses_verify_refuses() {
    let Some(repository) = repository(&[("proofs.yml", PROOF), ("install.sh", INSTALL)]) else {
        return;
    };
    let root = repository.path();
    std::fs::write(root.join("tool"), "").unwrap();
    std::fs::write(root.join("a.rs"), "// Preuve: C5.9 rien\nfn a() {}\n").unwrap();

    let output = verify(root, "C4");

    assert_eq!(door(root, &["index", "--check"]).status.code(), Some(1));
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("Refusé par `cargo dossier index --check` : a.rs:2: le critère « C5.9 »"),
        "{text}"
    );
}

/// Proofs by a command and by a test of a repository that somebody else wrote.
const STRANGER: &str = "# Preuve: C4.4 l'installation [commande : ./install.sh]\ninstall:\n";
const STRANGER_TEST: &str = "#[cfg(test)]\nmod tests {\n    // Preuve: C4.2 la base\n    #[test]\n    fn created() {\n        \
    assert!(std::fs::write(concat!(env!(\"OUTSIDE\"), \"/test\"), \"\").is_err());\n    }\n}\n";

#[test]
fn a_repository_of_somebody_else_is_played_in_a_sandbox_or_not_at_all() {
    let outside = tempfile::tempdir().unwrap();
    let place = outside.path().display();
    let install = format!("#!/bin/sh\n! touch {place}/command\n");
    let configuration = format!("[env]\nOUTSIDE = \"{place}\"\n");
    let workspace = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n";
    let manifest = "[package]\nname = \"small\"\nedition = \"2024\"\n";
    let files = [
        ("proofs.yml", STRANGER),
        ("install.sh", &install),
        ("Cargo.toml", workspace),
        ("crates/small/Cargo.toml", manifest),
        ("crates/small/src/lib.rs", STRANGER_TEST),
        (".cargo/config.toml", &configuration),
    ];
    let bwrap = prerequisites::program("bwrap", "apt-get install bubblewrap");
    let (Some(repository), Some(_)) = (repository(&files), bwrap) else {
        return;
    };
    let root = repository.path();

    let output = door(root, &["verify", "C4"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("Preuves : tient 2, non joué 0"), "{output:?}");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);

    // The same on a machine without the sandbox.
    let mut command = Command::new(env!("CARGO_BIN_EXE_filrouge-dossier"));
    command.args(["verify", "C4", "--root"]).arg(root);
    let output = command
        .env("PATH", without_bwrap(outside.path()))
        .env_remove("FILROUGE_STATE")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Preuves : tient 0, non joué 2"), "{output:?}");
    assert!(text.contains("le bac à sable bwrap manque ; apt-get install bubblewrap"));
    assert_eq!(output.status.code(), Some(77));
}

/// A folder with the few programs that a verification needs, and no sandbox.
fn without_bwrap(folder: &Path) -> std::path::PathBuf {
    for name in ["git", "sh", "timeout", "setpriv", "true"] {
        if let Some(program) = prerequisites::program(name, "apt-get install coreutils git") {
            std::os::unix::fs::symlink(program, folder.join(name)).unwrap();
        }
    }
    folder.to_owned()
}

#[test]
fn what_a_verification_starts_dies_with_it() {
    let setpriv = prerequisites::program("setpriv", "apt-get install util-linux");
    let waiting = "#!/bin/sh\nsleep 300 & echo $$ $! end > processes; wait\n";
    let files = [("proofs.yml", PROOF), ("install.sh", waiting)];
    let (Some(repository), Some(_)) = (repository(&files), setpriv) else {
        return;
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_filrouge-dossier"));
    command.args(["verify", "C4", "--no-sandbox", "--root"]);
    command.arg(repository.path()).env_remove("FILROUGE_STATE");
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());

    let mut verification = quiet.spawn().unwrap();
    let started = crate::processes::written_in(&repository.path().join("processes"));
    // Killed without a chance to clean up.
    verification.kill().unwrap();
    verification.wait().unwrap();

    assert!(crate::processes::all_end(&started), "{started:?}");
}

#[test]
fn a_failure_is_one_sentence_in_french_without_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent");
    let output = Command::new(env!("CARGO_BIN_EXE_filrouge-dossier"))
        .arg("compare")
        .arg(&absent)
        // A workshop often has it.
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("erreur : "), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert_eq!(told.matches("No such file").count(), 1, "{told}");
}
