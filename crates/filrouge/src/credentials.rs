//! The demonstration's clients: secrets drawn once, kept in the state folder, readable by their
//! owner only.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_http::{Client, SecretHash, SigningKey, generate_secret};
use filrouge_storage::{read_or_create_private, write_private};
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
    let text = private_file(&path, || Ok(serde_json::to_vec_pretty(&complete(&[])?)?))?;
    let known: Vec<Credential> = serde_json::from_slice(&text)
        .with_context(|| format!("`{}` n'est pas un fichier d'identifiants", path.display()))?;
    let credentials = complete(&known)?;
    // A start that changes nothing writes nothing: services may start side by side.
    if credentials != known {
        write_private(&path, &serde_json::to_vec_pretty(&credentials)?)
            .with_context(|| unwritable(&path))?;
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
    // The date of the file itself: nothing else has to be kept.
    let written_at = fs::metadata(&path)
        .and_then(|metadata| metadata.modified())
        .map(DateTime::<Utc>::from);

    if written_at.is_ok_and(|written_at| now - written_at > KEY_LIFETIME) {
        fs::rename(&path, &former)
            .with_context(|| format!("`{}` ne peut être remplacée", path.display()))?;
    }

    let current = signing_key(state, service)?;
    // A former key that is missing or spoilt ends its tokens early, nothing worse.
    let former = fs::read(&former)
        .ok()
        .and_then(|bytes| SigningKey::from_pkcs8(&bytes).ok());
    Ok(SigningKeys { current, former })
}

/// The key that signs the tokens of one service, drawn once and kept in the state folder.
fn signing_key(state: &Path, service: &str) -> Result<SigningKey> {
    let path = state.join(format!("{service}.key"));
    let bytes = private_file(&path, || Ok(SigningKey::generate()?.pkcs8().to_vec()))?;
    SigningKey::from_pkcs8(&bytes)
        .with_context(|| format!("`{}` ne va pas : supprimez-le", path.display()))
}

fn complete(known: &[Credential]) -> Result<Vec<Credential>> {
    let credential = |&(client_id, scopes): &(&str, &[&str])| {
        // Rights follow the program, secrets stay: nobody has to copy a new one.
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
fn private_file(path: &Path, draw: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    read_or_create_private(path, draw)
        .with_context(|| format!("`{}` ne peut être lu ni créé", path.display()))
}

fn unwritable(path: &Path) -> String {
    format!("`{}` ne peut être écrit", path.display())
}

#[cfg(test)]
mod tests;
