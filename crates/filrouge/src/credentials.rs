//! The demonstration's clients: secrets drawn once, kept in the state folder, readable by their
//! owner only.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_http::{Client, SecretHash, SigningKey, generate_secret};
use filrouge_types::Secret;
use serde::{Deserialize, Serialize};

/// One client of the two APIs and its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Credential {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) scopes: Vec<String>,
}

/// A signing key is replaced after this long.
const KEY_LIFETIME: TimeDelta = TimeDelta::days(30);

/// Clients, and what each may ask for.
const CLIENTS: [(&str, &[&str]); 5] = [
    (
        "demo",
        &["data:read", "data:export", "quality:read", "model:predict"],
    ),
    ("dpo", &["gdpr:admin", "quality:read", "data:read"]),
    ("model-api", &["data:read"]),
    ("web", &["data:read", "model:predict"]),
    (
        "operator",
        &["model:predict", "model:feedback", "model:admin"],
    ),
];

/// Reads the clients of a state, drawing those that it lacks: the secrets that are there stay, the
/// rights are those of this program.
pub(crate) fn read_or_create(state: &Path) -> Result<Vec<Credential>> {
    let path = state.join("credentials.json");
    let text = read_or_draw(&path, || Ok(serde_json::to_vec_pretty(&complete(&[])?)?))?;
    let known: Vec<Credential> = serde_json::from_slice(&text)
        .with_context(|| format!("`{}` n'est pas un fichier d'identifiants", path.display()))?;
    let credentials = complete(&known)?;
    if credentials != known {
        write_private(
            &path,
            serde_json::to_string_pretty(&credentials)?.as_bytes(),
        )?;
    }
    Ok(credentials)
}

/// The credential of one client.
pub(crate) fn find<'a>(credentials: &'a [Credential], client_id: &str) -> Result<&'a Credential> {
    credentials
        .iter()
        .find(|credential| credential.client_id == client_id)
        .with_context(|| format!("le client `{client_id}` manque dans credentials.json"))
}

/// The clients as a service knows them: hashes, no secret.
pub(crate) fn clients(credentials: &[Credential]) -> Result<Vec<Client>> {
    credentials
        .iter()
        .map(|credential| {
            Ok(Client {
                client_id: credential.client_id.clone(),
                secret_hash: SecretHash::of(&credential.client_secret)?,
                scopes: credential.scopes.clone(),
            })
        })
        .collect()
}

/// The keys of a service's tokens.
pub(crate) struct SigningKeys {
    /// The one that signs.
    pub(crate) current: SigningKey,
    /// The one that it replaced: its last tokens are still accepted.
    pub(crate) former: Option<SigningKey>,
}

/// The keys that sign and verify the tokens of a service, replaced at its start once the key is
/// old. The former key is moved aside before the new one is drawn: a start that is killed leaves a
/// former key and draws a new one.
pub(crate) fn signing_keys(state: &Path, service: &str, now: DateTime<Utc>) -> Result<SigningKeys> {
    let (path, former) = (
        state.join(format!("{service}.key")),
        state.join(format!("{service}.former.key")),
    );
    let written_at = fs::metadata(&path)
        .and_then(|metadata| metadata.modified())
        .map(DateTime::<Utc>::from);

    if written_at.is_ok_and(|written_at| now - written_at > KEY_LIFETIME) {
        fs::rename(&path, &former)
            .with_context(|| format!("`{}` ne peut être remplacée", path.display()))?;
    }

    let current = signing_key(state, service)?;
    let former = fs::read(&former)
        .ok()
        .and_then(|bytes| SigningKey::from_pkcs8(&bytes).ok());
    Ok(SigningKeys { current, former })
}

/// The key that signs the tokens of one service, drawn once and kept in the state folder.
fn signing_key(state: &Path, service: &str) -> Result<SigningKey> {
    let path = state.join(format!("{service}.key"));
    let bytes = read_or_draw(&path, || Ok(SigningKey::generate()?.pkcs8().to_vec()))?;
    SigningKey::from_pkcs8(&bytes)
        .with_context(|| format!("`{}` ne va pas : supprimez-le", path.display()))
}

fn complete(known: &[Credential]) -> Result<Vec<Credential>> {
    let credential = |&(client_id, scopes): &(&str, &[&str])| {
        let secret = find(known, client_id).map(|known| known.client_secret.clone());
        Ok(Credential {
            client_id: client_id.to_owned(),
            client_secret: secret.or_else(|_| generate_secret())?,
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        })
    };
    CLIENTS.iter().map(credential).collect()
}

/// Reads a private file, whose content is drawn the first time.
pub(crate) fn read_or_draw(path: &Path, draw: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    if !path.exists() {
        keep_private(path, &draw()?)?;
    }
    fs::read(path).with_context(|| format!("`{}` est illisible", path.display()))
}

/// Keeps what was drawn in a file that only its owner may read; a file that is there already stays,
/// for another service may have drawn first, and both must use what it wrote.
fn keep_private(path: &Path, content: &[u8]) -> Result<()> {
    match private_file(path, content)?.persist_noclobber(path) {
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(drop).with_context(|| unwritable(path)),
    }
}

/// Writes a file that only its owner may read, whole or not at all, in place of the one that is
/// there.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    private_file(path, content)?
        .persist(path)
        .map(drop)
        .with_context(|| unwritable(path))
}

/// Temporary files are made readable by their owner only.
fn private_file(path: &Path, content: &[u8]) -> Result<tempfile::NamedTempFile> {
    let context = || unwritable(path);
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))
        .with_context(context)?;
    file.write_all(content).with_context(context)?;
    file.as_file().sync_all().with_context(context)?;
    Ok(file)
}

fn unwritable(path: &Path) -> String {
    format!("`{}` ne peut être écrit", path.display())
}

#[cfg(test)]
mod tests {
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
    fn services_that_start_together_share_the_secrets_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        keep_private(&path, b"first").unwrap();
        keep_private(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first");
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
}
