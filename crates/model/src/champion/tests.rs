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

#[test]
fn a_promotion_is_undone_and_the_versions_are_listed() {
    let models = TempDir::new().unwrap();

    for version in ["v1", "v2"] {
        fs::create_dir(models.path().join(version)).unwrap();
        fs::write(models.path().join(version).join("model.json"), "{}").unwrap();
        promote(models.path(), version).unwrap();
    }

    fs::create_dir(models.path().join("runtime")).unwrap();
    assert_eq!(versions(models.path()).unwrap(), ["v1", "v2"]);
    assert_eq!(roll_back(models.path()).unwrap(), "v1");
    assert_eq!(read(models.path()).unwrap(), "v1");

    // Undone in its turn: the version that was in service just before.
    assert_eq!(roll_back(models.path()).unwrap(), "v2");
    assert_eq!(history(models.path()).unwrap(), ["v1", "v2", "v1", "v2"]);
}

#[test]
fn the_first_champion_cannot_be_rolled_back() {
    let models = TempDir::new().unwrap();
    fs::create_dir(models.path().join("v1")).unwrap();
    promote(models.path(), "v1").unwrap();
    assert!(
        matches!(roll_back(models.path()), Err(ChampionError::NothingBefore(version)) if version == "v1")
    );
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
