use super::*;

#[test]
fn secrets_are_drawn_once_differ_and_do_not_print() {
    let folder = tempfile::tempdir().unwrap();
    let first = read_or_create(folder.path()).unwrap();
    let second = read_or_create(folder.path()).unwrap();
    assert_eq!(first[0].client_secret, second[0].client_secret);
    assert_ne!(first[0].client_secret, first[1].client_secret);
    assert!(!format!("{first:?}").contains(first[0].client_secret.reveal()));
}

#[test]
fn a_signing_key_is_drawn_once() {
    let folder = tempfile::tempdir().unwrap();
    let first = signing_key(folder.path(), "data-api").unwrap();
    assert_eq!(
        signing_key(folder.path(), "data-api").unwrap().key_id(),
        first.key_id()
    );
    assert_ne!(
        signing_key(folder.path(), "model-api").unwrap().key_id(),
        first.key_id()
    );
}

// Preuve: C5.4 la clé de signature est remplacée tous les 30 jours, sans refuser les jetons en cours
#[test]
fn an_old_signing_key_is_replaced_and_still_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let now = DateTime::from(fs::metadata(folder.path()).unwrap().modified().unwrap());
    let first = signing_keys(folder.path(), "data-api", now).unwrap();
    assert!(first.former.is_none());
    let later = signing_keys(folder.path(), "data-api", now + TimeDelta::days(31)).unwrap();
    assert_ne!(later.current.key_id(), first.current.key_id());
    assert_eq!(later.former.unwrap().key_id(), first.current.key_id());
}

#[test]
fn a_state_of_an_earlier_version_gets_the_clients_that_it_lacks_and_keeps_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let secret = Secret::from("kept".to_owned());
    let old = vec![Credential {
        client_id: "demo".to_owned(),
        client_secret: secret.clone(),
        scopes: Vec::new(),
    }];

    write_private(
        &folder.path().join("credentials.json"),
        &serde_json::to_vec(&old).unwrap(),
    )
    .unwrap();
    let credentials = read_or_create(folder.path()).unwrap();

    assert_eq!(credentials.len(), CLIENTS.len());

    let demo = find(&credentials, "demo").unwrap();
    assert!(demo.client_secret == secret && demo.scopes.contains(&"data:read".to_owned()));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_secrets() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    read_or_create(folder.path()).unwrap();
    let mode = fs::metadata(folder.path().join("credentials.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
