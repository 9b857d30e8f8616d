use super::*;

fn record(what: &str, test: &str) -> Record {
    Record {
        what: what.to_owned(),
        remedy: "apt-get install it".to_owned(),
        package: "filrouge-lake".to_owned(),
        test: test.to_owned(),
        is_optional: false,
    }
}

#[test]
fn the_line_says_what_is_missing_and_what_brings_it() {
    let required = record("java", "a");
    let optional = Record {
        is_optional: true,
        ..required.clone()
    };

    assert_eq!(required.to_string(), "not played: java; apt-get install it");
    assert_eq!(
        optional.to_string(),
        "not played (optional): java; apt-get install it"
    );
}

#[test]
fn each_test_has_one_record_for_each_thing_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let all = [record("git", "b"), record("java", "a"), record("java", "b")];

    for one in all.iter().chain(&all) {
        one.write(folder.path()).unwrap();
    }

    assert_eq!(records(folder.path()).unwrap(), all);
}

#[test]
fn a_record_is_forgotten_when_its_test_is_played_and_the_list_when_it_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let (played, other) = (record("git", "a"), record("git", "b"));
    played.write(folder.path()).unwrap();
    other.write(folder.path()).unwrap();

    played.forget(folder.path());
    assert_eq!(records(folder.path()).unwrap(), [other]);

    clear(folder.path()).unwrap();
    assert_eq!(records(folder.path()).unwrap(), []);
    clear(folder.path()).unwrap();
}

#[test]
fn what_is_there_is_found() {
    let shell = program("sh", "").unwrap();

    assert!(shell.is_absolute() && shell.ends_with("sh"));
    assert_eq!(require(Some(3), "three", ""), Some(3));
    assert_eq!(optional(Some(3), "three", ""), Some(3));
    assert_eq!(path("/", ""), Some("/".into()));
    assert!(variable("PATH", "").is_some());
}

#[test]
fn the_list_groups_the_tests_by_what_they_lack() {
    let optional = Record {
        is_optional: true,
        ..record("/large.csv", "c")
    };
    let told = list(&[
        optional,
        record("git", "b"),
        record("java", "a"),
        record("java", "b"),
    ]);

    assert_eq!(
        told,
        "
Tests non joués, faute d’un outil ou d’un fichier : 3

  git
    pour l’avoir : apt-get install it
    filrouge-lake b

  java
    pour l’avoir : apt-get install it
    filrouge-lake a
    filrouge-lake b

Tests facultatifs non joués : 1

  /large.csv
    pour l’avoir : apt-get install it
    filrouge-lake c
"
    );
    assert_eq!(
        list(&[]),
        "\nChaque test joué a trouvé ce dont il a besoin.\n"
    );
}
