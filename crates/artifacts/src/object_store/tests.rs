use tempfile::TempDir;

use super::*;

/// SHA-256 of `abc`: the example of FIPS 180-4.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn store() -> (TempDir, ObjectStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = ObjectStore::new(folder.path().join("objects"));
    fs::write(folder.path().join("abc"), "abc").unwrap();
    (folder, store)
}

// Preuve: C12.5 un fichier est gardé sous son empreinte, et rendu tel quel
#[test]
fn a_file_is_kept_under_its_hash_and_given_back() {
    let (folder, store) = store();
    let (file, back) = (folder.path().join("abc"), folder.path().join("back"));

    let (hash, bytes) = store.put(&file).unwrap();
    assert_eq!((hash.to_string().as_str(), bytes), (ABC, 3));
    assert_eq!(store.put(&file).unwrap().0, hash, "once is enough");
    assert_eq!(store.objects().unwrap(), std::slice::from_ref(&hash));
    assert!(
        folder
            .path()
            .join("objects/sha256/ba")
            .join(&ABC[2..])
            .is_file()
    );

    fs::remove_file(&file).unwrap();
    store.get(&hash, &back).unwrap();
    assert_eq!(fs::read(&back).unwrap(), b"abc");
}

#[test]
fn a_damaged_object_is_told_never_given_and_healed_by_its_file() {
    let (folder, store) = store();
    let (hash, _) = store.put(&folder.path().join("abc")).unwrap();
    fs::write(store.path(&hash), "abd").unwrap();

    let back = folder.path().join("back");
    let error = store.get(&hash, &back).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(!back.exists());

    store.put(&folder.path().join("abc")).unwrap();
    store.check(&hash).unwrap();
}

#[test]
fn what_is_not_there_is_told_by_its_name() {
    let (folder, store) = store();
    let hash: ObjectHash = ABC.parse().unwrap();

    assert_eq!(store.objects().unwrap(), []);
    let error = store.get(&hash, &folder.path().join("back")).unwrap_err();
    assert!(error.to_string().contains(ABC), "{error}");
    let error = store.put(&folder.path().join("absent")).unwrap_err();
    assert!(error.to_string().contains("absent"), "{error}");

    for text in ["", "../../etc/passwd", &ABC.to_uppercase(), &ABC[1..]] {
        assert!(text.parse::<ObjectHash>().is_err(), "{text}");
    }
}
