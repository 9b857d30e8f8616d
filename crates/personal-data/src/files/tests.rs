use super::*;

fn state(folder: &Path) -> StateFolder {
    let run = folder.join("raw/20260301T080000Z/sql");
    fs::create_dir_all(&run).unwrap();
    let lines =
        "{\"plan\":\"annual\",\"subscriber_number\":\"42\"}\n{\"subscriber_number\":\"420\"}\n";
    fs::write(run.join("subscribers.jsonl"), lines).unwrap();

    fs::create_dir_all(folder.join("city")).unwrap();
    fs::write(
        folder.join("city/operator.sqlite"),
        "\"subscriber_number\":\"42\"",
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
    assert_eq!(forget_in_collections(&state, &person).unwrap().lines, 1);
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

#[test]
fn a_file_dated_by_a_clock_that_was_ahead_ages_from_now_on() {
    let folder = tempfile::tempdir().unwrap();
    let state = state(folder.path());
    let path = folder
        .path()
        .join("raw/20260301T080000Z/sql/subscribers.jsonl");
    let now = written_at(&path).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified((now + TimeDelta::days(300)).into())
        .unwrap();

    assert!(overdue(&state, now).unwrap().is_empty());
    assert_eq!(overdue(&state, now + TimeDelta::days(8)).unwrap().len(), 1);
}

#[test]
fn the_search_reads_by_pieces_and_inside_gzip_and_names_what_it_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    let text = "770042".to_owned();
    let mut across = vec![b'.'; (1 << 16) - 3];
    across.extend(text.as_bytes());
    fs::write(folder.path().join("across"), &across).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(text.as_bytes()).unwrap();
    let mut compressed = gzip.finish().unwrap();
    fs::write(folder.path().join("whole.gz"), &compressed).unwrap();
    compressed.truncate(12);
    fs::write(folder.path().join("cut.gz"), &compressed).unwrap();
    fs::write(folder.path().join("a.zip"), b"PK\x03\x04...").unwrap();

    let search = search(&state, &[text]).unwrap();

    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(search.found_in, names(&["across", "whole.gz"]));
    assert_eq!(search.unreadable, names(&["cut.gz"]));
    assert_eq!(search.not_opened, names(&["a.zip"]));
}

#[test]
fn a_collection_that_lost_a_line_says_so_in_its_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let state = state(folder.path());
    let run = folder.path().join("raw/20260301T080000Z");
    let manifest = r#"{"sources":[{"rows":2,"bytes":90,
        "files":[{"path":"sql/subscribers.jsonl","bytes":90,"sha256":"of before","rows":2}]}]}"#;
    fs::write(run.join("manifest.json"), manifest).unwrap();

    let person = SubscriberNumber::from("42".to_owned());
    let forgotten = forget_in_collections(&state, &person).unwrap();

    let text = fs::read_to_string(run.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let source = &manifest["sources"][0];
    let content = fs::read(run.join("sql/subscribers.jsonl")).unwrap();
    let file = &source["files"][0];
    assert_eq!((&source["rows"], &file["rows"]), (&1.into(), &1.into()));
    assert_eq!(file["bytes"], content.len());
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &content);
    assert_eq!(file["sha256"], hex::encode(digest));

    // The database is told the same.
    let [corrected] = forgotten.corrected.as_slice() else {
        panic!("{:?}", forgotten.corrected);
    };
    assert_eq!(corrected.run_id, "20260301T080000Z");
    assert_eq!(file["path"], corrected.file.path);
    assert_eq!(file["sha256"], corrected.file.sha256);
    assert_eq!(
        (file["bytes"].as_u64(), 1),
        (Some(corrected.file.bytes), corrected.gone)
    );
}

#[test]
fn a_person_leaves_the_collections_that_failed_were_killed_or_are_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let state = state(folder.path());
    let line = "{\"subscriber_number\":\"42\"}\n\u{ff}{\"subscriber_number\":\"42\"";
    let places = [
        "raw/20260301T090000Z/failed/sql",
        "raw/.unfinished-20260301T100000Z/sql",
        "raw/20260301T110000Z.damaged-1/sql",
    ];
    for place in places {
        fs::create_dir_all(folder.path().join(place)).unwrap();
        let bytes: Vec<u8> = line.chars().map(|letter| letter as u8).collect();
        fs::write(folder.path().join(place).join("subscribers.jsonl"), bytes).unwrap();
    }
    let person = SubscriberNumber::from("42".to_owned());

    let forgotten = forget_in_collections(&state, &person).unwrap();

    assert_eq!((forgotten.lines, forgotten.unreadable.len()), (7, 0));
    let text = [number_in_collections(&person)];
    assert!(search(&state, &text).unwrap().found_in.is_empty());
}
