use super::*;

#[test]
fn what_was_given_back_is_kept_until_its_end_and_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revoked");
    let revocations = Revocations::kept_in(path.clone()).unwrap();
    revocations.add("one", 900, 0).unwrap();
    revocations.add("two", 1_000, 10).unwrap();
    let again = Revocations::kept_in(path.clone()).unwrap();
    assert!(again.contains("one") && again.contains("two") && !again.contains("three"));
    again.add("three", 1_800, 900).unwrap();
    let later = Revocations::kept_in(path).unwrap();
    assert!(!later.contains("one") && later.contains("two") && later.contains("three"));
}

#[test]
fn a_file_that_cannot_be_understood_stops_the_service_rather_than_be_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revoked");
    for text in ["one", "one two", "one 1\n\n"] {
        fs::write(&path, text).unwrap();
        assert_eq!(
            Revocations::kept_in(path.clone()).unwrap_err().kind(),
            io::ErrorKind::InvalidData,
            "{text:?}"
        );
    }
    assert!(
        Revocations::kept_in(folder.path().to_owned()).is_err(),
        "a folder"
    );
}

#[test]
fn what_cannot_be_written_is_refused_now_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let revocations = Revocations::kept_in(folder.path().join("absent/revoked")).unwrap();
    fs::write(
        folder.path().join("absent"),
        "a file where the folder should be",
    )
    .unwrap();
    assert!(revocations.add("one", 900, 0).is_err());
    assert!(revocations.contains("one"));
}
