//! The demonstration's clients: secrets drawn once, kept in the state folder, readable by their owner only.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use filrouge_http::{Client, Secret, SecretHash, SigningKey};
use serde::{Deserialize, Serialize};

/// One client of the two APIs and its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Credential {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) scopes: Vec<String>,
}

/// Clients, and what each may ask for.
const CLIENTS: [(&str, &[&str]); 4] = [
    ("demo", &["data:read", "data:export", "model:predict"]),
    ("model-api", &["data:read"]),
    ("web", &["data:read", "model:predict"]),
    ("operator", &["model:predict", "model:feedback", "model:admin"]),
];

/// Reads the clients of a state, drawing them the first time.
pub(crate) fn read_or_create(state: &Path) -> Result<Vec<Credential>> {
    let path = state.join("credentials.json");
    if !path.exists() {
        write_private(&path, serde_json::to_string_pretty(&draw()?)?.as_bytes())?;
    }
    let text = fs::read_to_string(&path).with_context(|| format!("`{}` est illisible", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` n'est pas un fichier d'identifiants", path.display()))
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

/// The key that signs the tokens of one service, drawn once and kept in the state folder.
pub(crate) fn signing_key(state: &Path, service: &str) -> Result<SigningKey> {
    let path = state.join(format!("{service}.key"));
    if !path.exists() {
        write_private(&path, SigningKey::generate()?.pkcs8())?;
    }
    let bytes = fs::read(&path).with_context(|| format!("`{}` est illisible", path.display()))?;
    SigningKey::from_pkcs8(&bytes).with_context(|| format!("`{}` ne va pas : supprimez-le", path.display()))
}

fn draw() -> Result<Vec<Credential>> {
    CLIENTS
        .iter()
        .map(|&(client_id, scopes)| {
            Ok(Credential {
                client_id: client_id.to_owned(),
                client_secret: Secret::generate()?,
                scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            })
        })
        .collect()
}

/// Writes a file that only its owner may read, whole or not at all.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let context = || format!("`{}` ne peut être écrit", path.display());
    // Temporary files are made readable by their owner only.
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(context)?;
    file.write_all(content).with_context(context)?;
    file.as_file().sync_all().with_context(context)?;
    file.persist(path).with_context(context)?;
    Ok(())
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
    fn a_signing_key_is_drawn_once() {
        let folder = tempfile::tempdir().unwrap();
        let first = signing_key(folder.path(), "data-api").unwrap();
        assert_eq!(signing_key(folder.path(), "data-api").unwrap().key_id(), first.key_id());
        assert_ne!(signing_key(folder.path(), "model-api").unwrap().key_id(), first.key_id());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_secrets() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        read_or_create(folder.path()).unwrap();
        let mode = fs::metadata(folder.path().join("credentials.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
