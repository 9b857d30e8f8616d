use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};

use filrouge_storage::{create_private, sync_folder};

/// Notes kept before those of the tokens that have ended are forgotten.
// A clock that is ahead ends tokens that are valid, and what it forgets does not come back with the
// right time: nothing is forgotten before it has to be.
const MOST_NOTES: usize = 10_000;

/// Tokens that their clients gave back before the end: the `jti` of each with its end, after which
/// it is refused without a note.
#[derive(Debug, Default)]
pub struct Revocations {
    tokens: RwLock<HashMap<Box<str>, i64>>,
    store: Option<Store>,
}

/// A folder with an empty file a token: adding one rewrites no other, and the processes that share
/// the folder see one another's.
#[derive(Debug)]
struct Store {
    folder: PathBuf,
    /// Second at which the folder was last looked at.
    looked_at: AtomicI64,
}

impl Revocations {
    /// Those that `folder` keeps, for this start and the next ones, and for the other services of
    /// a state.
    ///
    /// # Errors
    /// When the folder cannot be made or read: starting without it would accept what was given
    /// back.
    pub fn shared_in(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self {
            tokens: RwLock::new(list(&folder)?.collect()),
            store: Some(Store {
                folder,
                looked_at: AtomicI64::new(0),
            }),
        })
    }

    pub(super) fn contains(&self, token_id: &str) -> bool {
        self.tokens
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(token_id)
    }

    /// The tokens that other processes were given back since the last second.
    pub(super) fn news(&self, now: i64) -> Vec<Box<str>> {
        let Some(store) = &self.store else {
            return Vec::new();
        };
        // Read often, written once a second.
        if store.looked_at.load(Ordering::Relaxed) == now
            || store.looked_at.swap(now, Ordering::Relaxed) == now
        {
            return Vec::new();
        }

        match list(&store.folder) {
            Ok(found) => self.learn(found, now),
            Err(error) => {
                tracing::error!(%error, "the revocations of other services cannot be read");
                Vec::new()
            }
        }
    }

    fn learn(&self, found: impl Iterator<Item = (Box<str>, i64)>, now: i64) -> Vec<Box<str>> {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        let mut news = Vec::new();
        for (token_id, expires_at) in found.filter(|(_, expires_at)| *expires_at > now) {
            if tokens.insert(token_id.clone(), expires_at).is_none() {
                news.push(token_id);
            }
        }
        news
    }

    /// Refuses the token from now on; the error says that a restart would accept it again.
    pub(super) fn add(&self, token_id: &str, expires_at: i64, now: i64) -> io::Result<()> {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= MOST_NOTES {
            tokens.retain(|_, expires_at| *expires_at > now);
        }
        tokens.insert(token_id.into(), expires_at);
        drop(tokens);

        let Some(Store { folder, .. }) = &self.store else {
            return Ok(());
        };
        create_private(&folder.join(format!("{expires_at} {token_id}")), b"")?;
        forget(folder, MOST_NOTES, now)
    }
}

/// The tokens of a folder. A name that is not one of ours is no token.
fn list(folder: &Path) -> io::Result<impl Iterator<Item = (Box<str>, i64)> + use<>> {
    let names =
        fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter_map(|name| {
        let (expires_at, token_id) = name.split_once(' ')?;
        Some((token_id.into(), expires_at.parse().ok()?))
    }))
}

/// Deletes the files of the tokens that have ended, once there are more than `most` in all.
fn forget(folder: &Path, most: usize, now: i64) -> io::Result<()> {
    let mut notes: Vec<_> = list(folder)?.collect();
    if notes.len() <= most {
        notes.clear();
    }

    for (token_id, expires_at) in notes.iter().filter(|(_, expires_at)| *expires_at <= now) {
        match fs::remove_file(folder.join(format!("{expires_at} {token_id}"))) {
            // Another process was first.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    sync_folder(folder)
}

#[cfg(test)]
mod tests;
