use std::time::Duration;

use super::*;
use crate::bounded::Bounds;
use crate::sandbox::Confinement;

/// Reads what a process printed; its state and its duration by test.
fn read(wanted: &[&str], printed: &str, end: Option<&str>) -> Vec<(String, Finding)> {
    let wanted: BTreeSet<&str> = wanted.iter().copied().collect();
    let mut transcript = Transcript::new(&wanted, Instant::now());
    for line in printed.lines() {
        transcript.read(line.trim_end(), Instant::now());
    }

    let verdicts = transcript.verdicts(end).into_iter();
    verdicts
        .map(|(name, verdict)| (name.to_owned(), verdict.finding))
        .collect()
}

fn one(name: &str, printed: &str, end: Option<&str>) -> Finding {
    let mut found = read(&[name], printed, end);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0).1
}

const PANIC: &str = "running 1 test\ntest a ... FAILED\n\nfailures:\n\n---- a stdout ----\n\n\
    thread 'a' (7) panicked at src/lib.rs:1:1:\nMESSAGE\nnote: run with `RUST_BACKTRACE=1`\n\n\n\
    failures:\n    a\n\ntest result: FAILED. 0 passed; 1 failed\n";

#[test]
fn a_test_holds_is_not_played_or_does_not_hold_by_what_it_printed() {
    let fails = |reason: &str| Finding::DoesNotHold(reason.to_owned());
    let missing = |reason: &str| Finding::NotPlayed(reason.to_owned());
    let panic = |message: &str| PANIC.replace("MESSAGE", message);

    let table = [
        ("test a ... ok", None, Finding::Holds),
        ("test a - should panic ... ok", None, Finding::Holds),
        // A program that it started wrote on the same line.
        ("test a ... bonjour\nok", None, Finding::Holds),
        ("test a ... FAILED", None, fails("le test échoue")),
        (
            &panic("deux réponses"),
            None,
            fails("le test échoue : deux réponses"),
        ),
        (
            &panic("not played: promtool; apt-get"),
            None,
            missing("promtool; apt-get"),
        ),
        (
            "test a ... ignored, trop long",
            None,
            missing("le test est ignoré (trop long) ; cargo test a -- --ignored"),
        ),
        (
            "test a ...",
            Some("arrêté après 3 s"),
            fails("arrêté après 3 s"),
        ),
        ("", Some("code de sortie 127"), fails("code de sortie 127")),
        (
            "running 0 tests",
            None,
            fails("le test n'a pas donné de résultat"),
        ),
    ];

    for (printed, end, expected) in table {
        assert_eq!(one("a", printed, end), expected, "{printed}");
    }
}

#[test]
fn a_process_that_dies_says_nothing_of_the_tests_it_had_no_time_for() {
    let printed = "test a ... ok\ntest b ... FAILED\ntest c ...";
    let found = read(
        &["a", "b", "c", "d"],
        printed,
        Some("arrêté par le signal 6"),
    );

    // The message of `b` is lost, and `d` did not start.
    let expected = [
        ("a".to_owned(), Finding::Holds),
        (
            "c".to_owned(),
            Finding::DoesNotHold("arrêté par le signal 6".to_owned()),
        ),
    ];
    assert_eq!(found, expected);
}

/// A program that plays libtest: `slow` never ends, the others pass.
const PROGRAM: &str = r#"
for name; do
  case $name in
    --*) ;;
    slow) printf 'test slow ... '; exec sleep 600 ;;
    *) echo "test $name ... ok" ;;
  esac
done
"#;

#[test]
fn a_test_that_hangs_is_named_and_the_others_are_played() {
    let execution = Execution {
        bounds: Bounds {
            time: Duration::from_millis(300),
            ..Bounds::default()
        },
        confinement: Confinement::Trusted,
    };
    let program = || {
        let mut command = Command::new("sh");
        command.args(["-c", PROGRAM, "sh"]);
        command
    };

    let names = ["early", "slow", "tardy"];
    let verdicts = run(program, names.into_iter(), &execution).unwrap();
    let finding = |name: &str| verdicts[name].finding.clone();

    assert_eq!(finding("early"), Finding::Holds);
    assert_eq!(finding("tardy"), Finding::Holds);
    assert_eq!(
        finding("slow"),
        Finding::DoesNotHold("arrêté après 0.3 s".to_owned())
    );
}
