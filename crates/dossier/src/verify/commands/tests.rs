use super::*;
use crate::sandbox::Confinement;

fn execution(confinement: Confinement) -> Execution {
    Execution {
        bounds: Bounds::default(),
        confinement,
    }
}

#[test]
fn a_command_that_cannot_play_says_what_is_missing() {
    let trusted = execution(Confinement::Trusted);
    let play = |line: &str| {
        let verdict = play(Path::new("/"), line, &trusted).unwrap();
        verdict.finding
    };
    let fails = |reason: &str| Finding::DoesNotHold(reason.to_owned());

    assert_eq!(play("[ $FILROUGE_STRICT = 1 ]"), Finding::Holds);
    assert_eq!(
        play("echo 'not played: npx; apt-get install npm' >&2; exit 77"),
        Finding::NotPlayed("npx; apt-get install npm".to_owned())
    );
    // The code alone, or the words alone, are a failure.
    assert_eq!(play("exit 77"), fails("code de sortie 77"));
    assert_eq!(
        play("echo 'not played: npx' >&2; exit 1"),
        fails("code de sortie 1 : not played: npx")
    );
}

#[test]
fn nothing_of_a_stranger_is_run_without_a_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let refused = execution(Confinement::Refused("bwrap manque".to_owned()));

    let verdict = play(folder.path(), "touch ran", &refused).unwrap();

    let expected = Finding::NotPlayed("bwrap manque".to_owned());
    assert_eq!(verdict.finding, expected);
    assert!(!folder.path().join("ran").exists());
}

#[test]
fn a_cargo_test_of_which_every_failure_misses_something_is_not_played() {
    let failure = |test: &str, message: &str| {
        format!(
            "test {test} ... FAILED\n---- {test} stdout ----\n\
             thread '{test}' (7) panicked at src/lib.rs:1:1:\n{message}\n"
        )
    };
    let missing = failure("a", "not played: promtool; apt-get install prometheus");
    let broken = failure("b", "deux réponses");

    assert_eq!(
        missing_to_tests(&missing),
        Some("promtool; apt-get install prometheus")
    );
    assert_eq!(missing_to_tests(&(missing + &broken)), None);
    assert_eq!(missing_to_tests("test a ... ok\n"), None);
}
