use super::*;

#[test]
fn the_latest_run_is_the_last_complete_one() {
    let state = tempfile::tempdir().unwrap();
    assert_eq!(latest_run(state.path()).unwrap(), None);

    for name in [
        "20260301T080000Z",
        "20260301T080000Z-002",
        ".unfinished-20270101T000000Z",
        "live",
    ] {
        fs::create_dir_all(state.path().join("raw").join(name)).unwrap();
    }

    for name in [
        "20260301T080000Z",
        "20260301T080000Z-002",
        ".unfinished-20270101T000000Z",
    ] {
        fs::write(
            state.path().join("raw").join(name).join("manifest.json"),
            format!(
                r#"{{"run_id":"{name}","profile":"p","program_version":"1","sources":[],
                "started_at":"2026-03-01T08:00:00Z","ended_at":"2026-03-01T08:00:01Z"}}"#
            ),
        )
        .unwrap();
    }

    assert_eq!(
        latest_run(state.path()).unwrap().unwrap().run_id,
        "20260301T080000Z-002"
    );
}

#[test]
fn two_runs_of_the_same_second_have_two_names_in_order() {
    let raw = tempfile::tempdir().unwrap();
    let instant = "2026-03-01T08:00:00Z".parse().unwrap();
    let names = [(); 3].map(|()| {
        let run = new_run(raw.path(), instant).unwrap();
        fs::create_dir(&run.folder).unwrap();
        run.run_id
    });

    assert_eq!(
        names,
        [
            "20260301T080000Z",
            "20260301T080000Z-002",
            "20260301T080000Z-003"
        ]
    );
}
