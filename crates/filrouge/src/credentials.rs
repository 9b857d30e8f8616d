//! The demonstration's clients: secrets drawn once, kept in the state folder or in the file that
//! `FILROUGE_CREDENTIALS` names, readable by their owner only.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_api_client::SecretSource;
use filrouge_http::{
    Client, FormerKey, Renewal, Renewed, SecretHash, SigningKey, TOKEN_LIFETIME, generate_secret,
    process,
};
use filrouge_storage::{LockFile, read_or_create_private, write_private};
use filrouge_types::{Clock, Secret, SystemClock};
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

/// Clients, and the scopes of each.
const CLIENTS: [(&str, &[&str]); 7] = [
    (
        "demo",
        &["data:read", "data:export", "quality:read", "model:predict"],
    ),
    ("dpo", &["gdpr:admin", "quality:read", "data:read"]),
    ("model-api", &["data:read"]),
    ("web", &["data:read", "model:predict"]),
    // The application on behalf of the role that is logged in: pages for riders have no such right.
    ("web-officer", &["gdpr:admin"]),
    ("web-operator", &["quality:read"]),
    (
        "operator",
        &["model:predict", "model:feedback", "model:admin"],
    ),
];

/// Reads the clients of a state, drawing those that it lacks: the secrets that are there stay, the
/// rights are those of this program.
pub(crate) fn read_or_create(state: &Path) -> Result<Vec<Credential>> {
    let known = read(state)?;
    let credentials = complete(&known)?;

    // Rights follow the program and need no file: one that is mounted read-only serves too. A start
    // that draws nothing writes nothing, so that services may start side by side.
    let is_drawn = |one: &Credential| find(&known, &one.client_id).is_err();
    if !credentials.iter().any(is_drawn) {
        return Ok(credentials);
    }

    let _lock = lock(state)?;
    let credentials = complete(&read(state)?)?;
    write(state, &credentials)?;
    Ok(credentials)
}

fn read(state: &Path) -> Result<Vec<Credential>> {
    let path = path_of(state);
    let text = private_file(&path, || Ok(serde_json::to_vec_pretty(&complete(&[])?)?))?;
    serde_json::from_slice(&text)
        .with_context(|| format!("`{}` n'est pas un fichier d'identifiants", path.display()))
}

fn write(state: &Path, credentials: &[Credential]) -> Result<()> {
    let path = path_of(state);
    write_private(&path, &serde_json::to_vec_pretty(credentials)?)
        .with_context(|| unwritable(&path))
}

/// Held by whoever changes credentials or keys: of two renewals none is lost. It is not the
/// writers' lock of the state, since a stolen key must not wait for an import.
fn lock(state: &Path) -> Result<LockFile> {
    let path = state.join("credentials.lock");
    LockFile::wait(&path, "credentials").with_context(|| unwritable(&path))
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

/// Draws another secret for a client, and gives it.
pub(crate) fn renew_secret(state: &Path, client_id: &str) -> Result<Secret> {
    let _lock = lock(state)?;
    let mut credentials = complete(&read(state)?)?;
    let credential = credentials
        .iter_mut()
        .find(|credential| credential.client_id == client_id)
        .with_context(|| format!("`{client_id}` n'est pas un client"))?;

    let secret = generate_secret()?;
    credential.client_secret = secret.clone();
    write(state, &credentials)?;
    Ok(secret)
}

/// The secret of a client as its file has it now, so that a service goes on when it is renewed.
#[derive(Debug)]
pub(crate) struct FileSecret {
    state: PathBuf,
    client_id: &'static str,
    /// The last one that was read: it stands in for a file that cannot be.
    last: Mutex<Secret>,
}

impl FileSecret {
    /// The secret of `client_id`, among the `credentials` of a state that were read at the start.
    pub(crate) fn of(
        state: &Path,
        client_id: &'static str,
        credentials: &[Credential],
    ) -> Result<Self> {
        Ok(Self {
            state: state.to_owned(),
            client_id,
            last: Mutex::new(find(credentials, client_id)?.client_secret.clone()),
        })
    }
}

impl SecretSource for FileSecret {
    fn secret(&self) -> Secret {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);

        let found = read(&self.state)
            .and_then(|known| Ok(find(&known, self.client_id)?.client_secret.clone()));
        match found {
            Ok(secret) => *last = secret,
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "the secret could not be read")
            }
        }
        last.clone()
    }
}

/// The keys of a service's tokens.
pub(crate) struct SigningKeys {
    /// The one that signs.
    pub(crate) current: SigningKey,
    /// The one that it replaced, until its last token has ended.
    pub(crate) former: Option<FormerKey>,
}

/// The keys that sign and verify the tokens of a service, replaced at its start once the key is
/// old.
pub(crate) fn signing_keys(
    state: &Path,
    service: &'static str,
    now: DateTime<Utc>,
) -> Result<SigningKeys> {
    let keys = KeyFiles::of(state, service);
    process::watch_key(service, keys.current.clone());
    // The date of the file itself: nothing else has to be kept.
    if modified(&keys.current).is_some_and(|written_at| now - written_at > KEY_LIFETIME) {
        keys.set_aside()?;
    }
    keys.read(now)
}

/// Replaces the key that signs the tokens of a service: its tokens are accepted until they end,
/// unless the key is `stolen`.
pub(crate) fn renew_key(state: &Path, service: &str, stolen: bool) -> Result<()> {
    let _lock = lock(state)?;
    let keys = KeyFiles::of(state, service);
    if keys.current.exists() {
        keys.set_aside()?;
    }
    // Before the new one is drawn: whoever is told of the change must not find the stolen one.
    if stolen {
        keys.forget()?;
    }
    keys.draw().map(drop)
}

/// The files of a service's keys.
struct KeyFiles {
    current: PathBuf,
    former: PathBuf,
}

impl KeyFiles {
    fn of(state: &Path, service: &str) -> Self {
        Self {
            current: state.join(format!("{service}.key")),
            former: state.join(format!("{service}.former.key")),
        }
    }

    /// Makes the key a former one. It is moved before the new one is drawn: a start that is killed
    /// in between draws one.
    fn set_aside(&self) -> Result<()> {
        fs::rename(&self.current, &self.former)
            .with_context(|| format!("`{}` ne peut être remplacée", self.current.display()))
    }

    fn forget(&self) -> Result<()> {
        match fs::remove_file(&self.former) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error)
                .with_context(|| format!("`{}` ne peut être supprimée", self.former.display())),
            _ => Ok(()),
        }
    }

    /// The key that signs, drawn once.
    fn draw(&self) -> Result<SigningKey> {
        let path = &self.current;
        let bytes = private_file(path, || Ok(SigningKey::generate()?.pkcs8().to_vec()))?;
        SigningKey::from_pkcs8(&bytes)
            .with_context(|| format!("`{}` ne va pas : supprimez-le", path.display()))
    }

    /// The keys, the former one until its last token has ended; its file goes then.
    fn read(&self, now: DateTime<Utc>) -> Result<SigningKeys> {
        let current = self.draw()?;
        let replaced_at = modified(&self.current).unwrap_or(now);
        if replaced_at + TOKEN_LIFETIME <= now {
            self.forget()?;
        }

        // A former key that is missing or spoilt ends its tokens early, nothing worse.
        let former = fs::read(&self.former).ok();
        let former = former.and_then(|bytes| SigningKey::from_pkcs8(&bytes).ok());
        Ok(SigningKeys {
            current,
            former: former.map(|key| FormerKey {
                key: Arc::new(key),
                replaced_at,
            }),
        })
    }
}

fn modified(path: &Path) -> Option<DateTime<Utc>> {
    let metadata = fs::metadata(path).ok()?;
    metadata.modified().ok().map(DateTime::from)
}

/// Reads the clients and keys again when their files have changed.
#[derive(Debug)]
pub(crate) struct FileRenewal {
    state: PathBuf,
    service: &'static str,
    /// Dates of the files that were read last.
    read: Mutex<[Option<DateTime<Utc>>; 2]>,
}

impl FileRenewal {
    /// As the files are now: a later change is news.
    pub(crate) fn of(state: &Path, service: &'static str) -> Self {
        Self {
            read: Mutex::new(dates(state, service)),
            state: state.to_owned(),
            service,
        }
    }

    fn renewed(&self) -> Result<Renewed> {
        let credentials = read_or_create(&self.state)?;
        let keys = KeyFiles::of(&self.state, self.service).read(SystemClock.now())?;
        Ok(Renewed {
            clients: clients(&credentials)?,
            signing_key: keys.current,
            former_keys: keys.former.into_iter().collect(),
        })
    }
}

impl Renewal for FileRenewal {
    fn news(&self) -> Option<Renewed> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let dates = dates(&self.state, self.service);
        // A key that is being replaced has no file for a moment.
        if *read == dates || dates.contains(&None) {
            return None;
        }

        *read = dates;
        self.renewed()
            .inspect_err(|error| tracing::error!(error = format!("{error:#}"), "not renewed"))
            .ok()
    }
}

fn dates(state: &Path, service: &str) -> [Option<DateTime<Utc>>; 2] {
    let key = KeyFiles::of(state, service).current;
    [modified(&path_of(state)), modified(&key)]
}

/// `FILROUGE_CREDENTIALS`, such as the secret of a container, else the file of the state.
fn path_of(state: &Path) -> PathBuf {
    std::env::var_os("FILROUGE_CREDENTIALS")
        .map_or_else(|| state.join("credentials.json"), PathBuf::from)
}

/// True once the clients of a state were drawn.
pub(crate) fn exist(state: &Path) -> bool {
    path_of(state).exists()
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
