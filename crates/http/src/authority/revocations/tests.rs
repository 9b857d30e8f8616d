use super::*;

#[test]
fn what_was_given_back_is_noted_for_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let shared = || Revocations::shared_in(folder.path().join("revoked")).unwrap();
    let revocations = shared();
    revocations.add("one", 900, 0).unwrap();
    revocations.add("two", 1_000, 10).unwrap();

    let again = shared();
    assert!(again.contains("one") && again.contains("two") && !again.contains("three"));
}

#[test]
fn the_notes_of_tokens_that_have_ended_are_forgotten_once_there_are_many() {
    let folder = tempfile::tempdir().unwrap();
    for note in ["900 one", "1000 two", "1800 three"] {
        fs::write(folder.path().join(note), "").unwrap();
    }
    let noted = || {
        let mut notes: Vec<_> = list(folder.path()).unwrap().map(|(id, _)| id).collect();
        notes.sort();
        notes
    };

    forget(folder.path(), 3, 1_000).unwrap();
    assert_eq!(noted(), ["one", "three", "two"].map(Box::from));

    forget(folder.path(), 2, 1_000).unwrap();
    assert_eq!(noted(), ["three"].map(Box::from));
}

#[test]
fn a_process_learns_what_another_was_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let shared = || Revocations::shared_in(folder.path().to_owned()).unwrap();
    let (one, other) = (shared(), shared());
    assert!(other.news(1).is_empty());

    one.add("token", 900, 1).unwrap();

    assert!(other.news(1).is_empty(), "looked at once a second");
    assert_eq!(other.news(2), ["token".into()]);
    assert!(other.contains("token"));
    assert!(other.news(3).is_empty(), "told once");
}

#[test]
fn adding_one_touches_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let revocations = Revocations::shared_in(folder.path().to_owned()).unwrap();
    revocations.add("one", 900, 0).unwrap();
    let first = fs::metadata(folder.path().join("900 one")).unwrap();
    revocations.add("two", 900, 0).unwrap();

    let after = fs::metadata(folder.path().join("900 one")).unwrap();
    assert_eq!(first.modified().unwrap(), after.modified().unwrap());
    assert_eq!(after.len(), 0);
}

#[test]
fn a_folder_that_cannot_be_read_stops_the_service_rather_than_be_forgotten() {
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(Revocations::shared_in(file.path().to_owned()).is_err());
}

#[test]
fn what_cannot_be_written_is_refused_now_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revoked");
    let revocations = Revocations::shared_in(path.clone()).unwrap();
    fs::remove_dir(&path).unwrap();
    fs::write(&path, "a file where the folder should be").unwrap();

    assert!(revocations.add("one", 900, 0).is_err());
    assert!(revocations.contains("one"));
}

#[test]
fn a_clock_that_was_ahead_makes_no_token_valid_again() {
    let folder = tempfile::tempdir().unwrap();
    let shared = || Revocations::shared_in(folder.path().to_owned()).unwrap();
    let revocations = shared();
    revocations.add("one", 900, 0).unwrap();

    // Three days ahead, then back.
    revocations.add("two", 260_100, 259_200).unwrap();

    let is_refused = revocations.contains("one") && shared().contains("one");
    assert!(is_refused, "the clock made a revoked token valid again");
}
