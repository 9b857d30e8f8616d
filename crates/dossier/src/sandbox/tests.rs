use filrouge_prerequisites as prerequisites;

use super::*;

/// The output and the success of a shell line in the sandbox of a repository; the test is not
/// played without bubblewrap.
fn run(root: &Path, line: &str) -> Option<(String, bool)> {
    prerequisites::program("bwrap", "apt-get install bubblewrap")?;
    let confinement = Confinement::of_a_stranger(root);
    assert!(
        matches!(confinement, Confinement::Sandboxed(_)),
        "{confinement:?}"
    );

    let mut program = Command::new("sh");
    program
        .args(["-c", line])
        .current_dir(root)
        .env("GIVEN", "1");
    let output = confinement.confine(&program).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    Some((text.trim().to_owned(), output.status.success()))
}

#[test]
fn a_stranger_changes_its_own_files_and_no_others() {
    let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::create_dir(root.path().join(".git")).unwrap();
    std::fs::write(outside.path().join("secret"), "secret").unwrap();
    let line = format!(
        "touch own; touch .git/hook; cat {0}/secret; touch {0}/written; touch /usr/written; pwd",
        outside.path().display()
    );

    let Some((output, _)) = run(root.path(), &line) else {
        return;
    };

    assert_eq!(Path::new(&output), root.path().canonicalize().unwrap());
    assert!(root.path().join("own").exists() && !root.path().join(".git/hook").exists());
    assert!(!outside.path().join("written").exists());
}

#[test]
fn a_stranger_reaches_no_network_and_no_process_of_the_person() {
    let root = tempfile::tempdir().unwrap();
    let line = "tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; ls -d /proc/[0-9]* | wc -l; echo $GIVEN";

    let Some((output, _)) = run(root.path(), line) else {
        return;
    };

    let lines: Vec<&str> = output.lines().collect();
    assert_eq!((lines[0], lines[2]), ("lo", "1"));
    // Those of the line itself.
    assert!(lines[1].parse::<usize>().unwrap() < 8, "{output}");
}

#[test]
fn a_stranger_finds_the_tools_and_none_of_the_secrets_of_a_home() {
    let root = tempfile::tempdir().unwrap();
    let line = "cargo --version >/dev/null && ls -A $HOME | tr '\\n' ' '; echo; ls $CARGO_HOME | grep -c credentials";

    let Some((output, _)) = run(root.path(), line) else {
        return;
    };

    let mut lines = output.lines();
    let home = lines.next().unwrap_or_default();
    let known = [".cache", ".cargo", ".rustup"];
    assert!(
        home.split_whitespace().all(|name| known.contains(&name)),
        "{output}"
    );
    assert_eq!(lines.next(), Some("0"));
}
