use tempfile::TempDir;

use super::*;

#[test]
fn the_version_promoted_last_is_in_service() {
    let models = TempDir::new().unwrap();
    for version in ["2026-02-01-aa", "2026-03-01-bb"] {
        fs::create_dir(models.path().join(version)).unwrap();
        promote(models.path(), version).unwrap();
        assert_eq!(folder(models.path()).unwrap(), models.path().join(version));
    }
}

/// A folder with these versions, each of which was promoted and served in its turn.
fn served(versions: &[&str]) -> TempDir {
    let models = TempDir::new().unwrap();
    for version in versions {
        fs::create_dir_all(models.path().join(version)).unwrap();
        fs::write(models.path().join(version).join("model.json"), "{}").unwrap();
        promote(models.path(), version).unwrap();
        record_service(models.path(), version).unwrap();
    }
    models
}

/// Rolls back as a service does; gives the version in service then.
fn back(models: &TempDir) -> Option<String> {
    let version = before(models.path()).unwrap().into_iter().next()?;
    roll_back(models.path(), &version).unwrap();
    record_service(models.path(), &version).unwrap();
    assert_eq!(read(models.path()).unwrap(), version);
    Some(version)
}

#[test]
fn the_versions_are_listed() {
    let models = served(&["v1", "v2"]);
    fs::create_dir(models.path().join("runtime")).unwrap();
    assert_eq!(versions(models.path()).unwrap(), ["v1", "v2"]);
}

#[test]
fn rollbacks_go_back_over_the_versions_that_served() {
    let cases: [(&[&str], &[&str]); 5] = [
        (&["v1"], &[]),
        (&["v1", "v2"], &["v1"]),
        (&["v1", "v2", "v3"], &["v2", "v1"]),
        // Promoted again: the way back is the one that came in between, then nothing is left.
        (&["v1", "v2", "v1"], &["v2"]),
        (&["v1", "v1", "v2"], &["v1"]),
    ];

    for (promoted, expected) in cases {
        let models = served(promoted);
        let gone_back: Vec<String> = std::iter::from_fn(|| back(&models)).collect();
        assert_eq!(gone_back, expected, "{promoted:?}");
    }
}

#[test]
fn a_version_fled_from_may_be_promoted_again() {
    let models = served(&["v1", "v2"]);
    back(&models);
    promote(models.path(), "v2").unwrap();
    record_service(models.path(), "v2").unwrap();

    assert_eq!(history(models.path()).unwrap(), ["v1", "v2", "v1", "v2"]);
    assert_eq!(back(&models).as_deref(), Some("v1"));
}

#[test]
fn a_version_that_was_named_and_did_not_serve_is_not_in_the_history() {
    let models = served(&["v1", "v2"]);
    fs::create_dir(models.path().join("v3")).unwrap();
    promote(models.path(), "v3").unwrap();

    assert_eq!(history(models.path()).unwrap(), ["v1", "v2"]);
    assert_eq!(before(models.path()).unwrap(), ["v2", "v1"]);
}

#[test]
fn a_damaged_line_of_the_history_hides_no_other() {
    let models = served(&["v1", "v2"]);
    let log = models.path().join(LOG_NAME);
    let mut bytes = fs::read(&log).unwrap();
    bytes.extend_from_slice(b"\0\0\xff served\nserved ../v1\nserv");
    fs::write(&log, bytes).unwrap();
    fs::create_dir(models.path().join("v3")).unwrap();
    record_service(models.path(), "v3").unwrap();

    assert_eq!(last_served(models.path()).unwrap(), ["v3", "v2", "v1"]);
}

#[test]
fn a_folder_without_champion_says_so() {
    let models = TempDir::new().unwrap();
    let error = read(models.path()).unwrap_err().to_string();
    assert!(error.starts_with("no champion: "), "{error}");
}

#[test]
fn a_version_without_folder_is_not_promoted_and_the_champion_stays() {
    let models = TempDir::new().unwrap();
    fs::create_dir(models.path().join("good")).unwrap();
    promote(models.path(), "good").unwrap();
    assert!(matches!(
        promote(models.path(), "absent"),
        Err(ChampionError::NoSuchVersion { .. })
    ));
    assert_eq!(read(models.path()).unwrap(), "good");
}

#[test]
fn names_that_leave_the_folder_are_not_versions() {
    let models = TempDir::new().unwrap();
    for text in ["", "../elsewhere", "a/b", ".hidden", "two words"] {
        fs::write(models.path().join("champion"), text).unwrap();
        assert!(
            matches!(read(models.path()), Err(ChampionError::NotAVersion { .. })),
            "{text:?}"
        );
    }
}

#[test]
fn changes_made_at_once_all_enter_the_history() {
    let models = served(&["v1"]);
    let versions: Vec<String> = (0..40).map(|number| format!("w{number}")).collect();

    std::thread::scope(|scope| {
        for part in versions.chunks(10) {
            let models = models.path();
            scope.spawn(move || {
                part.iter().for_each(|version| {
                    record_service(models, version).unwrap();
                })
            });
        }
    });

    assert_eq!(history(models.path()).unwrap().len(), 1 + versions.len());
}
