use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

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

/// Replaces the file, whole or not at all. Callers come one at a time.
fn keep(path: &Path, tokens: &HashMap<Box<str>, i64>) -> io::Result<()> {
    let lines = tokens
        .iter()
        .fold(String::new(), |mut lines, (token_id, expires_at)| {
            // Writing to a text cannot fail.
            let _ = writeln!(lines, "{token_id} {expires_at}");
            lines
        });
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(lines.as_bytes())?;
    file.sync_all()?;
    fs::rename(beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_back_is_kept_until_its_end_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("revoked");
        let revocations = Revocations::kept_in(path.clone()).unwrap();
        revocations.add("one", 900, 0).unwrap();
        revocations.add("two", 1_000, 10).unwrap();
        let again = Revocations::kept_in(path.clone()).unwrap();
        assert!(again.contains("one") && again.contains("two") && !again.contains("three"));
        again.add("three", 1_800, 900).unwrap();
        let later = Revocations::kept_in(path).unwrap();
        assert!(!later.contains("one") && later.contains("two") && later.contains("three"));
    }

    #[test]
    fn a_file_that_cannot_be_understood_stops_the_service_rather_than_be_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("revoked");
        for text in ["one", "one two", "one 1\n\n"] {
            fs::write(&path, text).unwrap();
            assert_eq!(
                Revocations::kept_in(path.clone()).unwrap_err().kind(),
                io::ErrorKind::InvalidData,
                "{text:?}"
            );
        }
        assert!(
            Revocations::kept_in(folder.path().to_owned()).is_err(),
            "a folder"
        );
    }

    #[test]
    fn what_cannot_be_written_is_refused_now_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let revocations = Revocations::kept_in(folder.path().join("absent/revoked")).unwrap();
        assert!(revocations.add("one", 900, 0).is_err());
        assert!(revocations.contains("one"));
    }
}
