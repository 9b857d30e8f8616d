use super::*;
use crate::verify::{Check, State};

fn report(scope: &str, commit: &str, ids: &[&str]) -> Report {
    let criterion = |id: &&str| CriterionOutcome {
        id: (*id).to_owned(),
        title: String::new(),
        check: Check::Machine,
        state: State::NotPlayed,
        proofs: Vec::new(),
    };

    Report {
        format: FORMAT,
        scope: scope.to_owned(),
        commit: commit.to_owned(),
        modified: false,
        remote: None,
        at: chrono::DateTime::from_timestamp(0, 0).unwrap(),
        criteria: ids.iter().map(criterion).collect(),
        refused: Vec::new(),
    }
}

fn ids(report: &Report) -> Vec<&str> {
    let ids = report.criteria.iter();
    ids.map(|criterion| criterion.id.as_str()).collect()
}

#[test]
fn the_last_verification_is_read_back_as_it_was_written() {
    let state = tempfile::tempdir().unwrap();
    assert_eq!(read(state.path()).unwrap(), None);

    let written = report("C5", "a", &["C5.1"]);
    write(state.path(), &written).unwrap();
    assert_eq!(read(state.path()).unwrap(), Some(written));

    let text = std::fs::read_to_string(path(state.path())).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&json["format"], &json["at"], &json["criteria"][0]["state"]),
        (
            &1.into(),
            &"1970-01-01T00:00:00Z".into(),
            &"not_played".into()
        )
    );
}

#[test]
fn criteria_of_another_scope_are_kept_while_the_commit_is_the_same() {
    let state = tempfile::tempdir().unwrap();
    let last = || read(state.path()).unwrap().unwrap();

    write(state.path(), &report("C10", "a", &["C10.1"])).unwrap();
    write(state.path(), &report("C5", "a", &["C5.1", "C5.2"])).unwrap();
    assert_eq!(ids(&last()), ["C5.1", "C5.2", "C10.1"]);

    write(state.path(), &report("C5", "b", &["C5.1"])).unwrap();
    assert_eq!(ids(&last()), ["C5.1"]);
}

#[test]
fn a_file_that_is_no_verification_is_told_and_replaced() {
    let state = tempfile::tempdir().unwrap();
    std::fs::write(path(state.path()), "{\"format\": 1}").unwrap();
    assert!(read(state.path()).is_err());

    write(state.path(), &report("C5", "a", &["C5.1"])).unwrap();
    assert!(read(state.path()).is_ok());
}
