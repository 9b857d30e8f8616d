//! The two halves of a key of minisign: one signs, through the public tool; the other one verifies.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use minisign_verify::{PublicKey, Signature};

use crate::bounded_file::read_at_most;

/// A key has two short lines.
const KEY_BYTES: u64 = 4096;

/// The key that signs releases: a file without a password, as `minisign -G -W` makes it.
#[derive(Debug, Clone)]
pub struct Signer {
    secret: PathBuf,
}

/// The public half of a [`Signer`]: whoever has it can check the signatures of that key.
#[derive(Clone, PartialEq, Eq)]
pub struct TrustedKey(PublicKey);

/// A file that holds no public key.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is not a public key of minisign: {reason}", path.display())]
pub struct KeyError {
    path: PathBuf,
    reason: String,
}

impl Signer {
    /// A signer whose secret key is in this file: it is read by minisign alone.
    pub fn new(secret: PathBuf) -> Self {
        Self { secret }
    }

    /// The signature of `content`; `comment` is signed with it.
    ///
    /// # Errors
    /// A tool that is missing, or its refusal.
    pub(crate) fn sign(&self, content: &[u8], comment: &str) -> io::Result<String> {
        let folder = tempfile::tempdir()?;
        let (file, signature) = (
            folder.path().join("content"),
            folder.path().join("signature"),
        );
        std::fs::write(&file, content)?;

        let mut minisign = Command::new("minisign");
        // Nobody is there to type a password.
        minisign.args(["-S", "-W", "-t", comment, "-s"]);
        minisign.arg(&self.secret).arg("-m").arg(&file);
        minisign.arg("-x").arg(&signature).stdin(Stdio::null());
        let output = minisign.output().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::new(
                error.kind(),
                "`minisign` is missing: apt-get install minisign",
            ),
            _ => error,
        })?;

        if output.status.success() {
            std::fs::read_to_string(&signature)
        } else {
            let refusal = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(io::Error::other(refusal))
        }
    }
}

impl TrustedKey {
    /// Reads a public key, as `minisign -G` makes it.
    ///
    /// # Errors
    /// [`KeyError`] names the file.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let failed = |reason: &dyn fmt::Display| KeyError {
            path: path.to_owned(),
            reason: reason.to_string(),
        };

        let text = read_at_most(path, KEY_BYTES).map_err(|error| failed(&error))?;
        let text = String::from_utf8(text).map_err(|error| failed(&error))?;
        PublicKey::decode(&text)
            .map(Self)
            .map_err(|error| failed(&error))
    }

    /// Refuses `content` unless `signature` is this key's signature of it.
    pub(crate) fn verify(
        &self,
        content: &[u8],
        signature: &str,
    ) -> Result<(), minisign_verify::Error> {
        let signature = Signature::decode(signature)?;
        // Signatures of before 2015 hash nothing first: minisign makes none any more.
        let allows_legacy = false;
        self.0.verify(content, &signature, allows_legacy)
    }
}

impl fmt::Debug for TrustedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrustedKey")
    }
}
