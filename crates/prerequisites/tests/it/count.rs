//! `.ci/count`, which tells the three states apart in the logs of the runners.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{play, target, told};

/// What it says of a log, and whether it is content.
fn count(log: &str, strict: &str) -> (String, bool) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/count");
    let mut child = Command::new(program)
        .env("FILROUGE_STRICT", strict)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();

    child
        .stdin
        .take()
        .unwrap()
        .write_all(log.as_bytes())
        .unwrap();

    let output = child.wait_with_output().unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        output.status.success(),
    )
}

const HELD: &str = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n";

const FAILED: &str = "
---- auth::refused stdout ----

thread 'auth::refused' (7) panicked at crates/http/tests/it/auth.rs:3:5:
a token was accepted

test result: FAILED. 2 passed; 1 failed; 0 ignored
";

const NOT_PLAYED_STRICT: &str = "
---- metrics::conventions stdout ----

thread 'metrics::conventions' (7) panicked at crates/model-api/tests/it/metrics.rs:3:5:
not played: promtool; apt-get install prometheus
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace

test result: FAILED. 2 passed; 1 failed; 0 ignored
";

const NOT_PLAYED: &str = "not played: promtool; apt-get install prometheus
test metrics::conventions ... ok
test result: ok. 3 passed; 0 failed; 0 ignored
";

const OPTIONAL: &str = "not played (optional): ../shared/data/a; see README
test result: ok. 3 passed; 0 failed; 0 ignored
";

/// What a tool told inside a test that failed is no closing line.
const TOLD: &str = "---- a_fuzzer_finds_nothing stdout ----
  1048 generated, 1047 passed, 1 failed
test result: FAILED. 0 passed; 1 failed; 0 ignored
";

const CHROMIUM: &str = "ok      pages are light\n12 passed, 0 failed\n";

/// Ends of two verifications.
const PROOFS: &str = "Critères : tient 3, non joué 0, ne tient pas 0, à juger 1, sans preuve 0
Preuves : tient 4, non joué 0, ne tient pas 0, à juger 2
Preuves : tient 10, non joué 0, ne tient pas 0, à juger 1
";

// Preuve: C18.4 une preuve qui n’a pas été jouée n’est comptée ni comme réussie, ni comme échouée
#[test]
fn the_three_states_are_counted_apart() {
    for (log, strict, expected, is_content) in [
        (HELD, "1", "3 passed, 0 failed, 0 skipped\n", true),
        (FAILED, "1", "2 passed, 1 failed, 0 skipped\n", false),
        (
            NOT_PLAYED_STRICT,
            "1",
            "2 passed, 0 failed, 1 skipped\n",
            false,
        ),
        (NOT_PLAYED, "0", "2 passed, 0 failed, 1 skipped\n", true),
        (NOT_PLAYED, "1", "2 passed, 0 failed, 1 skipped\n", false),
        (OPTIONAL, "1", "2 passed, 0 failed, 1 skipped\n", true),
        (CHROMIUM, "1", "12 passed, 0 failed, 0 skipped\n", true),
        (TOLD, "1", "0 passed, 1 failed, 0 skipped\n", false),
        ("", "1", "0 passed, 0 failed, 0 skipped\n", false),
    ] {
        assert_eq!(
            count(log, strict),
            (expected.to_owned(), is_content),
            "{log}"
        );
    }
}

#[test]
fn the_proofs_are_counted_before_the_tests_by_their_state() {
    let told = |hold, not_played, fail| {
        format!(
            "proofs: {hold} hold, {not_played} not played, {fail} do not hold, 3 for a person to judge\n\
             3 passed, 0 failed, 0 skipped\n"
        )
    };
    let log = |from: &str, to: &str| [HELD, &PROOFS.replacen(from, to, 1)].concat();

    let one_missing = log("tient 4, non joué 0", "tient 3, non joué 1");
    let one_false = log(
        "tient 10, non joué 0, ne tient pas 0",
        "tient 9, non joué 0, ne tient pas 1",
    );
    assert_eq!(count(&log("", ""), "1"), (told(14, 0, 0), true));
    assert_eq!(count(&one_missing, "1"), (told(13, 1, 0), false));
    assert_eq!(count(&one_missing, "0"), (told(13, 1, 0), true));
    assert_eq!(count(&one_false, "0"), (told(13, 0, 1), false));

    // A clone that has no remote says so, and the chain goes on.
    let unpublished = "       non joué     les sources ont leur dépôt (README.md:2) : ce clone n'a pas de dépôt distant ; git push\n";
    let one_unpublished = [unpublished, &one_missing].concat();
    assert_eq!(count(&one_unpublished, "1"), (told(13, 1, 0), true));
}

/// A folder with the script of the chain, and with programs that do as told in place of its own.
fn chain(programs: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ci = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci");
    std::fs::create_dir_all(folder.path().join(".ci")).unwrap();
    std::fs::create_dir_all(folder.path().join("bin")).unwrap();

    for name in ["run", "count"] {
        std::fs::copy(ci.join(name), folder.path().join(".ci").join(name)).unwrap();
    }
    for (name, line) in programs {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{line}\n")).unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(path, executable).unwrap();
    }
    folder
}

#[test]
fn a_step_that_fails_is_named_and_the_count_is_told_with_its_own_exit_code() {
    let cargo = "logs=var/runs/$FILROUGE_RUN\n\
        [ \"$3\" != tests ] || echo 'test result: ok. 3 passed; 0 failed' >$logs/tests.log\n\
        [ \"$3\" != coverage ] || exit 4";
    let own = [
        (".ci/install", ":"),
        ("bin/cargo", cargo),
        ("bin/git", "echo abc"),
    ];
    let folder = chain(&own);
    let path = format!(
        "{}:{}",
        folder.path().join("bin").display(),
        std::env::var("PATH").unwrap()
    );

    let output = Command::new(folder.path().join(".ci/run"))
        .env("PATH", path)
        .output()
        .unwrap();

    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(4), "{text}");
    assert!(
        text.ends_with("\nthe chain stopped at: coverage\n3 passed, 0 failed, 0 skipped\n"),
        "{text}"
    );
}

#[test]
fn what_a_test_without_its_tool_prints_is_counted_as_not_played() {
    let target = target();

    for strict in ["0", "1"] {
        let variables = [("PATH", "/absent"), ("FILROUGE_STRICT", strict)];
        let log = told(&play(target.path(), "a_shell_that_counts", &variables));

        let (counted, _) = count(&log, strict);
        assert_eq!(counted, "0 passed, 0 failed, 1 skipped\n", "{log}");
    }
}

#[test]
fn the_logs_of_several_runners_are_added_up() {
    let log = [HELD, FAILED, NOT_PLAYED_STRICT, CHROMIUM].concat();

    assert_eq!(
        count(&log, "1"),
        ("19 passed, 1 failed, 1 skipped\n".to_owned(), false)
    );
}
