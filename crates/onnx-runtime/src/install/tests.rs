use super::*;

#[test]
fn a_file_with_another_hash_is_refused_and_both_hashes_are_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("onnxruntime.whl");
    fs::write(&file, "not the wheel").unwrap();
    let error = verify(&file, &"0".repeat(64)).unwrap_err().to_string();
    assert!(
        error.starts_with("`onnxruntime.whl` has SHA-256 ") && error.contains("was expected"),
        "{error}"
    );
}

#[test]
fn a_damaged_wheel_installs_nothing() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("onnxruntime.whl");
    fs::write(&file, "not a zip archive").unwrap();
    assert!(matches!(
        unpack(&file, folder.path()),
        Err(InstallError::Wheel { .. })
    ));
    assert_eq!(installed(folder.path()), None);
}

#[test]
fn a_library_that_is_there_is_not_installed_again() {
    let folder = TempDir::new().unwrap();
    let library = library_path(folder.path());
    filrouge_storage::replace_file(&library, "library").unwrap();
    assert_eq!(ensure_installed(folder.path()).unwrap(), library);
}

#[test]
fn the_reason_of_a_failed_download_is_the_last_line_of_pip() {
    assert_eq!(
        last_line(b"WARNING: retry\nERROR: no matching distribution\n\n"),
        "ERROR: no matching distribution"
    );
    assert_eq!(last_line(b""), "no message");
}
