//! Submissions written as candidates write them, with the findings of a juror in each: see
//! `tests/submissions/README.md`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use filrouge_compare::{Options, Strength, compare};

use crate::archive;
use crate::expectation::Expectation;

/// Submissions planted since the engine last read them all as a juror does: the list only shrinks
/// to none. `cargo test -p filrouge-compare --test it planted -- --nocapture` shows their
/// gaps.
const AWAITED: [&str; 0] = [];

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/submissions"))
}

fn names() -> BTreeSet<String> {
    let files = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let archives = files.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "txtar")
    });
    archives
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn archive_of(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.txtar"))).unwrap()
}

fn expectation_of(name: &str) -> Expectation {
    let text = std::fs::read_to_string(folder().join(format!("{name}.toml"))).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{name}.toml: {error}"))
}

/// Differences between the expectation of a submission and the findings of the engine.
fn differences(name: &str) -> String {
    let root = tempfile::tempdir().unwrap();
    let tree = root.path().join(name);
    std::fs::create_dir(&tree).unwrap();
    archive::unpack(&archive_of(name), &tree);
    expectation_of(name).differences(&compare(&tree, &Options::default()).unwrap())
}

#[test]
fn submissions_are_read_as_a_juror_reads_them() {
    let mut failures = String::new();
    for name in names() {
        let differences = differences(&name);
        if differences.is_empty() {
            continue;
        }
        println!("{name}\n{differences}");
        if !AWAITED.contains(&name.as_str()) {
            failures += &format!("{name}\n{differences}");
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn at_least_sixteen_submissions_are_planted_and_each_has_its_expectation() {
    let names = names();
    assert!(names.len() >= 16, "{names:?}");

    for awaited in AWAITED {
        assert!(names.contains(awaited), "{awaited} is not planted");
    }

    let strengths: Vec<_> = Strength::ALL
        .iter()
        .map(|strength| serde_json::to_value(strength).unwrap())
        .collect();

    for name in &names {
        let expectation = expectation_of(name);
        assert_eq!(expectation.strength.len(), 21, "{name}");
        for strength in expectation
            .strength
            .values()
            .flat_map(|accepted| accepted.all())
        {
            assert!(
                strengths.contains(&strength.as_str().into()),
                "{name}: {strength}"
            );
        }
    }
}

#[test]
fn every_expected_red_flag_points_at_a_line_of_its_file() {
    for name in names() {
        let text = archive_of(&name);
        let files = archive::files(&text);

        for finding in expectation_of(&name).red_flags {
            let (_, content) = files
                .iter()
                .find(|(path, _)| *path == finding.path)
                .unwrap();
            let line = content.lines().nth(finding.line - 1);

            assert!(
                line.is_some_and(|line| !line.trim().is_empty()),
                "{name}: {finding:?}"
            );
        }
    }
}
