//! A version of a model as one signed archive.

mod archive;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use filrouge_storage::{make_folder, move_into_place, replace_file, temporary_folder};
use sha2::{Digest, Sha256};

use crate::bounded_file::read_at_most;
use crate::keys::{Signer, TrustedKey};

/// The files of a release: all of them, and no other.
pub const PARTS: [&str; 7] = [
    "model.onnx",
    "model.json",
    "MODEL_CARD.md",
    "fidelity.json",
    "gate.json",
    "dataset.json",
    "sbom.cdx.json",
];

/// The signed archive in the folder of an installed version.
const KEPT: &str = "release.tar";

/// A signature has four short lines.
const SIGNATURE_BYTES: u64 = 4096;

/// The files of one version, each with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRelease {
    version: String,
    parts: BTreeMap<String, Vec<u8>>,
}

/// A release that cannot be made, trusted or installed.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// A file cannot be read, or is too big.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer, or the bound.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// There is no signature beside the archive.
    #[error("`{}` is not signed: `{}` is missing", path.display(), signature.display())]
    Unsigned {
        /// The archive.
        path: PathBuf,
        /// The file that should be there.
        signature: PathBuf,
    },
    /// The signature is not the trusted key's signature of this archive.
    #[error("`{}` is not what the trusted key signed: {reason}", path.display())]
    Untrusted {
        /// The archive.
        path: PathBuf,
        /// The reason of minisign.
        reason: String,
    },
    /// The archive does not hold a release.
    #[error("`{}` is not a release: {reason}", path.display())]
    Malformed {
        /// The archive, or the folder of the version.
        path: PathBuf,
        /// The defect.
        reason: String,
    },
    /// A file of an installed version is not the one that was signed.
    #[error("`{}` is not the file that was signed", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
    },
    /// Another release has the name already.
    #[error("`{}` is there already, with another content", path.display())]
    Occupied {
        /// The archive or the folder.
        path: PathBuf,
    },
    /// The key cannot sign.
    #[error("nothing was signed: {0}")]
    Sign(io::Error),
}

impl ModelRelease {
    /// A release of these files, which must be [`PARTS`]; its version is the one that `model.json`
    /// names.
    ///
    /// # Errors
    /// [`ReleaseError::Malformed`] tells the part that is missing, unknown or too big.
    pub fn new(parts: BTreeMap<String, Vec<u8>>) -> Result<Self, ReleaseError> {
        let found = archive::checked(parts).and_then(|parts| {
            let version = version_of(&parts["model.json"])?;
            Ok(Self { version, parts })
        });
        found.map_err(|reason| malformed(Path::new("release"), reason))
    }

    /// Name of the version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Content of one of [`PARTS`].
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.parts.get(name).map(Vec::as_slice)
    }

    /// Writes the archive, its hash and its signature. The archive comes last: where it is, the
    /// release is whole.
    ///
    /// # Errors
    /// [`ReleaseError::Occupied`] when another release has this name; writing the same one again
    /// changes nothing but its signature.
    pub fn write(&self, path: &Path, signer: &Signer) -> Result<(), ReleaseError> {
        let archive = archive::pack(&self.parts);
        if path.exists() && read(path)? != archive {
            return Err(ReleaseError::Occupied {
                path: path.to_owned(),
            });
        }

        let comment = format!("filrouge model {}", self.version);
        let signature = signer
            .sign(&archive, &comment)
            .map_err(ReleaseError::Sign)?;
        write(&beside(path, "minisig"), signature.as_bytes())?;
        write(&beside(path, "sha256"), sum(path, &archive).as_bytes())?;
        write(path, &archive)
    }

    /// Reads an archive once its signature is verified.
    ///
    /// # Errors
    /// [`ReleaseError`] tells an archive that is unsigned, altered, too big, or holds anything else
    /// than [`PARTS`].
    pub fn verify(path: &Path, key: &TrustedKey) -> Result<Self, ReleaseError> {
        Self::of_archive(path, &read_signed(path, key)?)
    }

    /// Reads an installed version out of the signed archive in its folder.
    ///
    /// # Errors
    /// As [`ModelRelease::verify`]; [`ReleaseError::Altered`] when a file of the folder is not the
    /// one in the archive, [`ReleaseError::Malformed`] when the folder bears another version's name.
    pub fn of_folder(folder: &Path, key: &TrustedKey) -> Result<Self, ReleaseError> {
        let release = Self::verify(&folder.join(KEPT), key)?;

        if folder.file_name() != Some(release.version.as_ref()) {
            let reason = format!("it holds version `{}`", release.version);
            return Err(malformed(folder, reason));
        }
        for (name, content) in &release.parts {
            let path = folder.join(name);
            if read(&path)? != *content {
                return Err(ReleaseError::Altered { path });
            }
        }
        Ok(release)
    }

    /// Verifies an archive and gives its version a folder in `models`, whole or not at all.
    ///
    /// # Errors
    /// As [`ModelRelease::verify`]; [`ReleaseError::Occupied`] when the version is there with another
    /// content. Installing the same one again changes nothing.
    pub fn install(path: &Path, key: &TrustedKey, models: &Path) -> Result<Self, ReleaseError> {
        let archive = read_signed(path, key)?;
        let release = Self::of_archive(path, &archive)?;

        let folder = models.join(&release.version);
        if folder.exists() {
            let is_same = read(&folder.join(KEPT)).is_ok_and(|kept| kept == archive);
            return if is_same {
                Ok(release)
            } else {
                Err(ReleaseError::Occupied { path: folder })
            };
        }

        let signature = read_signature(path)?;
        release
            .unpack(models, &folder, &archive, &signature)
            .map_err(|source| ReleaseError::Write {
                path: folder,
                source,
            })?;
        Ok(release)
    }

    fn of_archive(path: &Path, archive: &[u8]) -> Result<Self, ReleaseError> {
        let parts = archive::unpack(archive).and_then(archive::checked);
        let release = parts.and_then(|parts| {
            let version = version_of(&parts["model.json"])?;
            Ok(Self { version, parts })
        });
        release.map_err(|reason| malformed(path, reason))
    }

    /// Writes all the files beside their place, then gives the folder its name.
    fn unpack(
        &self,
        models: &Path,
        folder: &Path,
        archive: &[u8],
        signature: &str,
    ) -> io::Result<()> {
        make_folder(models)?;
        let draft = temporary_folder(models, ".installing-")?;

        for (name, content) in &self.parts {
            replace_file(&draft.path().join(name), content)?;
        }
        let kept = draft.path().join(KEPT);
        replace_file(&kept, archive)?;
        replace_file(&beside(&kept, "minisig"), signature)?;

        // From here on it is the version's folder, which nothing removes.
        move_into_place(&draft.keep(), folder)
    }
}

/// The content of an archive that the key signed.
fn read_signed(path: &Path, key: &TrustedKey) -> Result<Vec<u8>, ReleaseError> {
    let archive = read(path)?;
    let signature = read_signature(path)?;

    key.verify(&archive, &signature)
        .map_err(|error| ReleaseError::Untrusted {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
    Ok(archive)
}

fn read_signature(path: &Path) -> Result<String, ReleaseError> {
    let signature = beside(path, "minisig");
    let read = read_at_most(&signature, SIGNATURE_BYTES);

    match read {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(ReleaseError::Unsigned {
            path: path.to_owned(),
            signature,
        }),
        Err(source) => Err(ReleaseError::Read {
            path: signature,
            source,
        }),
    }
}

/// The version that `model.json` names, when it can name a folder.
fn version_of(description: &[u8]) -> Result<String, String> {
    let description: serde_json::Value =
        serde_json::from_slice(description).map_err(|error| format!("`model.json`: {error}"))?;
    let version = description["version"].as_str().unwrap_or_default();

    if archive::is_plain_name(version) {
        Ok(version.to_owned())
    } else {
        Err("`model.json` names no version".to_owned())
    }
}

/// `NAME.tar` and a word: `NAME.tar.word`.
fn beside(path: &Path, word: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(word);
    name.into()
}

/// A line of `sha256sum`.
fn sum(path: &Path, archive: &[u8]) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{:x}  {name}\n", Sha256::digest(archive))
}

fn read(path: &Path) -> Result<Vec<u8>, ReleaseError> {
    read_at_most(path, archive::MOST_BYTES).map_err(|source| ReleaseError::Read {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, content: &[u8]) -> Result<(), ReleaseError> {
    replace_file(path, content).map_err(|source| ReleaseError::Write {
        path: path.to_owned(),
        source,
    })
}

fn malformed(path: &Path, reason: String) -> ReleaseError {
    ReleaseError::Malformed {
        path: path.to_owned(),
        reason,
    }
}
