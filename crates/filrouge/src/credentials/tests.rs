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
    let draw = |service| KeyFiles::of(folder.path(), service).draw().unwrap();
    let first = draw("data-api");
    assert_eq!(draw("data-api").key_id(), first.key_id());
    assert_ne!(draw("model-api").key_id(), first.key_id());
}

// Preuve: C5.4 la clé de signature est remplacée tous les 30 jours
#[test]
fn an_old_signing_key_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let now = DateTime::from(fs::metadata(folder.path()).unwrap().modified().unwrap());
    let first = signing_keys(folder.path(), "data-api", now).unwrap();
    assert!(first.former.is_none());
    let later = signing_keys(folder.path(), "data-api", now + TimeDelta::days(31)).unwrap();
    assert_ne!(later.current.key_id(), first.current.key_id());
    // Drawn long before the clock of this test: its tokens have ended.
    assert!(later.former.is_none());
}

#[test]
fn a_key_that_was_replaced_verifies_for_as_long_as_its_last_token() {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemClock.now();
    let first = signing_keys(folder.path(), "data-api", now).unwrap();
    renew_key(folder.path(), "data-api", false).unwrap();

    let renewed = signing_keys(folder.path(), "data-api", now).unwrap();
    let former = renewed.former.unwrap();
    assert_ne!(renewed.current.key_id(), first.current.key_id());
    assert_eq!(former.key.key_id(), first.current.key_id());

    let end = former.replaced_at + TOKEN_LIFETIME;
    let later = signing_keys(folder.path(), "data-api", end).unwrap();
    assert!(later.former.is_none());
    assert!(!folder.path().join("data-api.former.key").exists());
}

#[test]
fn a_stolen_key_verifies_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemClock.now();
    signing_keys(folder.path(), "data-api", now).unwrap();
    renew_key(folder.path(), "data-api", true).unwrap();
    let renewed = signing_keys(folder.path(), "data-api", now).unwrap();
    assert!(renewed.former.is_none());
}

// Preuve: C5.4 un service en marche apprend le nouveau secret d’un client et la nouvelle clé
#[test]
fn a_running_service_learns_what_was_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let before = read_or_create(folder.path()).unwrap();
    let keys = signing_keys(folder.path(), "data-api", SystemClock.now()).unwrap();
    let renewal = FileRenewal::of(folder.path(), "data-api");
    assert!(renewal.news().is_none());

    let secret = renew_secret(folder.path(), "demo").unwrap();
    let news = renewal.news().unwrap();
    let demo = news
        .clients
        .iter()
        .find(|client| client.client_id == "demo")
        .unwrap();
    assert!(demo.secret_hash.matches(secret.reveal()));
    let old = find(&before, "demo").unwrap().client_secret.reveal();
    assert!(!demo.secret_hash.matches(old));
    assert!(renewal.news().is_none(), "told once");

    renew_key(folder.path(), "data-api", false).unwrap();
    let news = renewal.news().unwrap();
    assert_ne!(news.signing_key.key_id(), keys.current.key_id());
    assert_eq!(news.former_keys.len(), 1);

    assert!(renew_secret(folder.path(), "nobody").is_err());
}

#[test]
fn a_service_reads_its_own_secret_again_when_it_was_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let credentials = read_or_create(folder.path()).unwrap();
    let own = FileSecret::of(folder.path(), "web", &credentials).unwrap();

    let renewed = renew_secret(folder.path(), "web").unwrap();
    assert!(own.secret() == renewed);

    fs::write(folder.path().join("credentials.json"), "[{").unwrap();
    assert!(own.secret() == renewed, "the last one that was read");
}

#[test]
fn two_renewals_at_once_are_both_kept() {
    let folder = tempfile::tempdir().unwrap();
    read_or_create(folder.path()).unwrap();

    let renewed = std::thread::scope(|scope| {
        let renewals = ["demo", "dpo", "web", "operator"].map(|client_id| {
            let state = folder.path();
            (
                client_id,
                scope.spawn(move || renew_secret(state, client_id).unwrap()),
            )
        });
        renewals.map(|(client_id, renewal)| (client_id, renewal.join().unwrap()))
    });

    let credentials = read_or_create(folder.path()).unwrap();
    for (client_id, secret) in renewed {
        assert!(
            find(&credentials, client_id).unwrap().client_secret == secret,
            "{client_id}"
        );
    }
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

#[test]
fn rights_follow_the_program_without_touching_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials.json");
    let mut known = read_or_create(folder.path()).unwrap();
    known[0].scopes.clear();
    let written = serde_json::to_vec(&known).unwrap();
    write_private(&path, &written).unwrap();

    let credentials = read_or_create(folder.path()).unwrap();

    assert!(!credentials[0].scopes.is_empty());
    assert_eq!(fs::read(&path).unwrap(), written);
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
