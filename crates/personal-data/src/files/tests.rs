use super::*;

fn state(folder: &Path) -> StateFolder {
    let run = folder.join("raw/20260301T080000Z/sql");
    fs::create_dir_all(&run).unwrap();
    let lines = "{\"plan\":\"annual\",\"subscriber_pseudonym\":\"42\"}\n{\"subscriber_pseudonym\":\"420\"}\n";
    fs::write(run.join("subscribers.jsonl"), lines).unwrap();

    fs::create_dir_all(folder.join("city")).unwrap();
    fs::write(
        folder.join("city/operator.sqlite"),
        "\"subscriber_pseudonym\":\"42\"",
    )
    .unwrap();

    StateFolder::open(folder).unwrap()
}

#[test]
fn one_person_leaves_the_collections_and_the_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let state = state(folder.path());
    let person = SubscriberNumber::from("42".to_owned());
    let text = [number_in_collections(&person)];

    assert_eq!(
        search(&state, &text).unwrap().found_in.len(),
        1,
        "the operator's own file is not searched"
    );
    assert_eq!(forget_in_collections(&state, &person).unwrap(), 1);
    assert!(search(&state, &text).unwrap().found_in.is_empty());

    let other = [number_in_collections(&SubscriberNumber::from(
        "420".to_owned(),
    ))];
    assert_eq!(search(&state, &other).unwrap().found_in.len(), 1);
}

#[test]
fn files_past_their_time_are_told_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let state = state(folder.path());
    let now = written_at(&folder.path().join("city")).unwrap();
    assert!(overdue(&state, now).unwrap().is_empty());

    let late = overdue(&state, now + TimeDelta::days(8)).unwrap();

    assert_eq!(late.len(), 1);
    assert!(late[0].path.ends_with("sql/subscribers.jsonl"));
    assert!(late[0].days == 7 && !late[0].reason.is_empty());
}
