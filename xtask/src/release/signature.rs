//! Signatures of minisign, which anyone verifies with `minisign -V`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::tool::{self, SUMS};

/// A pair of keys. Those who only verify have no secret one.
pub(super) struct Keys {
    secret: Option<PathBuf>,
    public: PathBuf,
}

impl Keys {
    pub(super) fn new(secret: Option<&Path>, public: &Path) -> Result<Self> {
        for key in secret.into_iter().chain([public]) {
            ensure!(key.is_file(), "the key `{}` is missing", key.display());
        }
        Ok(Self {
            secret: secret.map(Path::to_owned),
            public: public.to_owned(),
        })
    }

    /// Signs the hashes of a folder, hence all its files.
    pub(super) fn sign(&self, folder: &Path, version: &str) -> Result<()> {
        let secret = self.secret.as_ref();
        let secret = secret.context("no secret key is named: --key, or FILROUGE_SIGNING_KEY")?;

        let mut minisign = Command::new("minisign");
        minisign
            // A key without a password: the service that holds it protects it.
            .args(["-S", "-W", "-t", &format!("filrouge {version}"), "-s"])
            .arg(secret)
            .arg("-m")
            .arg(folder.join(SUMS));
        tool::printed(&mut minisign).map(drop)
    }

    /// Refuses a folder that the public key does not vouch for, or that was altered since.
    pub(super) fn verify(&self, folder: &Path) -> Result<()> {
        let mut minisign = Command::new("minisign");
        minisign.args(["-V", "-q", "-p"]).arg(&self.public);
        minisign.arg("-m").arg(folder.join(SUMS));
        ensure!(
            tool::printed(&mut minisign).is_ok(),
            "`{}` is not signed by the key of `{}`",
            folder.display(),
            self.public.display()
        );
        check_sums(folder)
    }
}

/// Refuses a folder whose files are not those of its hashes.
pub(super) fn check_sums(folder: &Path) -> Result<()> {
    let mut sums = Command::new("sha256sum");
    sums.args(["--check", "--strict", "--quiet", SUMS]);
    tool::printed(sums.current_dir(folder))
        .map(drop)
        .with_context(|| {
            format!(
                "`{}` was altered after its hashes were written",
                folder.display()
            )
        })
}
