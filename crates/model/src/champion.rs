//! Which version is in service: one line of text in `models/demand/champion`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

const FILE_NAME: &str = "champion";

/// Why there is no champion to serve.
#[derive(Debug, thiserror::Error)]
pub enum ChampionError {
    /// No version was ever promoted.
    #[error("no champion: `{}` does not exist", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The file is empty, or names something that is not a version.
    #[error("`{}` does not name a model version: `{text}`", path.display())]
    NotAVersion {
        /// The file.
        path: PathBuf,
        /// What it says.
        text: String,
    },
    /// The version that is named is not there.
    #[error("version `{version}` has no folder in `{}`", folder.display())]
    NoSuchVersion {
        /// The version.
        version: String,
        /// The folder of the versions.
        folder: PathBuf,
    },
    /// The file cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

/// The version in service among those of `models` (such as `models/demand`).
///
/// # Errors
/// [`ChampionError`] says what is missing or wrong.
pub fn read(models: &Path) -> Result<String, ChampionError> {
    let path = models.join(FILE_NAME);
    let text = fs::read_to_string(&path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ChampionError::Missing(path.clone()),
        _ => ChampionError::Read { path: path.clone(), source },
    })?;
    let version = text.trim();
    check_version(version).map_err(|text| ChampionError::NotAVersion { path, text })?;
    check_folder(models, version)?;
    Ok(version.to_owned())
}

/// The folder of the version in service.
///
/// # Errors
/// As [`read`].
pub fn folder(models: &Path) -> Result<PathBuf, ChampionError> {
    read(models).map(|version| models.join(version))
}

/// Puts `version` in service, all at once: a reader sees the old name or the new one.
///
/// # Errors
/// [`ChampionError`]; the champion is then unchanged.
pub fn promote(models: &Path, version: &str) -> Result<(), ChampionError> {
    let path = models.join(FILE_NAME);
    check_version(version).map_err(|text| ChampionError::NotAVersion { path: path.clone(), text })?;
    check_folder(models, version)?;
    write_line(models, &path, version).map_err(|source| ChampionError::Write { path, source })
}

fn check_version(version: &str) -> Result<(), String> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let sound = (1..=100).contains(&version.len()) && version.chars().all(allowed) && !version.starts_with('.');
    if sound { Ok(()) } else { Err(version.chars().take(100).collect()) }
}

fn check_folder(models: &Path, version: &str) -> Result<(), ChampionError> {
    if models.join(version).is_dir() {
        return Ok(());
    }
    Err(ChampionError::NoSuchVersion { version: version.to_owned(), folder: models.to_owned() })
}

fn write_line(models: &Path, path: &Path, version: &str) -> io::Result<()> {
    let mut file = NamedTempFile::new_in(models)?;
    writeln!(file, "{version}")?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn the_version_promoted_last_is_in_service() {
        let models = TempDir::new().unwrap();
        for version in ["2026-02-01-aa", "2026-03-01-bb"] {
            fs::create_dir(models.path().join(version)).unwrap();
            promote(models.path(), version).unwrap();
            assert_eq!(folder(models.path()).unwrap(), models.path().join(version));
        }
    }

    #[test]
    fn a_folder_without_champion_says_so() {
        let models = TempDir::new().unwrap();
        let error = read(models.path()).unwrap_err().to_string();
        assert!(error.starts_with("no champion: "), "{error}");
    }

    #[test]
    fn a_version_without_folder_is_not_promoted_and_the_champion_stays() {
        let models = TempDir::new().unwrap();
        fs::create_dir(models.path().join("good")).unwrap();
        promote(models.path(), "good").unwrap();
        assert!(matches!(promote(models.path(), "absent"), Err(ChampionError::NoSuchVersion { .. })));
        assert_eq!(read(models.path()).unwrap(), "good");
    }

    #[test]
    fn names_that_leave_the_folder_are_not_versions() {
        let models = TempDir::new().unwrap();
        for text in ["", "../elsewhere", "a/b", ".hidden", "two words"] {
            fs::write(models.path().join("champion"), text).unwrap();
            assert!(matches!(read(models.path()), Err(ChampionError::NotAVersion { .. })), "{text:?}");
        }
    }
}
