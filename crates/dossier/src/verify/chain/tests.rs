use super::*;

fn read(text: &str) -> anyhow::Result<PlayedCommands> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    PlayedCommands::read(file.path(), "abc")
}

#[test]
fn a_command_was_played_by_its_whole_line_and_a_package_with_its_workspace() {
    let played = read("abc\t300\ttests/coverage/run.py\nabc\t240.5\tcargo test\n").unwrap();

    for (command, seconds) in [
        ("tests/coverage/run.py", Some(300.0)),
        ("tests/coverage/run.py --write", None),
        ("cargo test", Some(240.5)),
        ("cargo test -p filrouge-web", Some(240.5)),
        (
            "cargo test -p filrouge-model -p filrouge-train",
            Some(240.5),
        ),
        ("cargo test --features filrouge-lake/spark", None),
        ("tests/openapi/check", None),
    ] {
        assert_eq!(played.seconds(command), seconds, "{command}");
    }
}

#[test]
fn the_tests_that_passed_in_a_command_are_read_in_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("played.tsv", "abc\t1\ta\t\nabc\t9\tcargo test\ttests.log\n");
    write(
        "tests.log",
        "     Running unittests src/lib.rs (target/debug/deps/small-01)\ntest passes ... ok\n",
    );

    let read = || PlayedCommands::read(&folder.path().join("played.tsv"), "abc");
    let (played, names) = (read().unwrap(), ["fails", "passes"].into());

    assert_eq!(played.seconds("cargo test -p small"), Some(9.0));
    let passed = played.tests.of(Path::new("deps/small-01"), &names);
    assert_eq!(passed, ["passes"].into());

    std::fs::remove_file(folder.path().join("tests.log")).unwrap();
    assert!(format!("{:#}", read().unwrap_err()).contains("tests.log"));
}

#[test]
fn what_was_played_on_other_files_is_refused() {
    let error = |text: &str| format!("{:#}", read(text).unwrap_err());

    assert!(error("abc\t1\ta\ndef\t1\tb\n").ends_with(":2 : joué sur le commit def"));
    assert!(error("abc\tlong\ta\n").contains(":1"));
    assert!(error("abc\n").contains(":1"));
    assert!(PlayedCommands::read(Path::new("/absent"), "abc").is_err());
}
