use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use filrouge_storage::replace_file;

/// Tokens that their clients gave back before the end: the `jti` of each with its end, after which
/// nothing needs to be remembered.
#[derive(Debug, Default)]
pub struct Revocations {
    tokens: RwLock<HashMap<Box<str>, i64>>,
    path: Option<PathBuf>,
}

impl Revocations {
    /// Those that the file at `path` keeps, so that a service that starts again still refuses them.
    /// The file is made with the first revocation: a line a token, its `jti` and the second since
    /// 1970 at which it ends.
    ///
    /// # Errors
    /// When the file cannot be read or is not one of ours: starting without it would accept what
    /// was given back.
    pub fn kept_in(path: PathBuf) -> io::Result<Self> {
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other?,
        };
        let tokens = text
            .lines()
            .map(read)
            .collect::<Option<_>>()
            .ok_or(io::ErrorKind::InvalidData)?;

        Ok(Self {
            tokens: RwLock::new(tokens),
            path: Some(path),
        })
    }

    pub(super) fn contains(&self, token_id: &str) -> bool {
        self.tokens
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(token_id)
    }

    /// Refuses the token from now on; the error says that a restart would accept it again.
    pub(super) fn add(&self, token_id: &str, expires_at: i64, now: i64) -> io::Result<()> {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        // A token that has ended is refused without the list, which stays short.
        tokens.retain(|_, expires_at| *expires_at > now);
        tokens.insert(token_id.into(), expires_at);
        self.path
            .as_deref()
            .map_or(Ok(()), |path| keep(path, &tokens))
    }
}

fn read(line: &str) -> Option<(Box<str>, i64)> {
    let (token_id, expires_at) = line.split_once(' ')?;
    Some((token_id.into(), expires_at.parse().ok()?))
}

/// Keeps the tokens for the next start.
fn keep(path: &Path, tokens: &HashMap<Box<str>, i64>) -> io::Result<()> {
    let lines = tokens
        .iter()
        .fold(String::new(), |mut lines, (token_id, expires_at)| {
            // Writing to a text cannot fail.
            let _ = writeln!(lines, "{token_id} {expires_at}");
            lines
        });
    replace_file(path, lines)
}

#[cfg(test)]
mod tests;
