//! Which version is in service: one line of text in `models/demand/champion`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

const FILE_NAME: &str = "champion";

/// Which versions were promoted, in order.
const LOG_NAME: &str = "champion.log";

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
    /// No version was in service before.
    #[error("no version was in service before `{0}`")]
    NothingBefore(String),
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
        _ => ChampionError::Read {
            path: path.clone(),
            source,
        },
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

/// The folder of any version of `models`, in service or not.
///
/// # Errors
/// [`ChampionError`] when the name is not one, or nothing bears it.
pub fn folder_of(models: &Path, version: &str) -> Result<PathBuf, ChampionError> {
    let path = || models.join(FILE_NAME);
    check_version(version).map_err(|text| ChampionError::NotAVersion { path: path(), text })?;
    check_folder(models, version)?;
    Ok(models.join(version))
}

/// Puts `version` in service, all at once: a reader sees the old name or the new one.
///
/// # Errors
/// [`ChampionError`]; the champion is then unchanged.
pub fn promote(models: &Path, version: &str) -> Result<(), ChampionError> {
    let path = models.join(FILE_NAME);
    check_version(version).map_err(|text| ChampionError::NotAVersion {
        path: path.clone(),
        text,
    })?;
    check_folder(models, version)?;
    remember(models, version).map_err(|source| ChampionError::Write {
        path: models.join(LOG_NAME),
        source,
    })?;
    write_at_once(models, FILE_NAME, &format!("{version}\n"))
        .map_err(|source| ChampionError::Write { path, source })
}

/// The versions of `models`, oldest name first: folders with a `model.json`.
///
/// # Errors
/// A folder that cannot be listed.
pub fn versions(models: &Path) -> Result<Vec<String>, ChampionError> {
    let unreadable = |source| ChampionError::Read {
        path: models.to_owned(),
        source,
    };
    let mut versions = Vec::new();

    for entry in fs::read_dir(models).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if check_version(&name).is_ok() && entry.path().join("model.json").is_file() {
            versions.push(name);
        }
    }

    versions.sort();
    Ok(versions)
}

/// Puts the champion before the present one back in service, and names it.
///
/// # Errors
/// [`ChampionError::NothingBefore`] when no other version was ever promoted here; else as
/// [`promote`].
pub fn roll_back(models: &Path) -> Result<String, ChampionError> {
    let current = read(models)?;
    let before = history(models)?
        .into_iter()
        .rev()
        .find(|version| *version != current && models.join(version).is_dir());
    let before = before.ok_or(ChampionError::NothingBefore(current))?;
    promote(models, &before)?;
    Ok(before)
}

/// The versions that were put in service, in order: one a line of `champion.log`.
///
/// # Errors
/// A file that cannot be read.
pub fn history(models: &Path) -> Result<Vec<String>, ChampionError> {
    let path = models.join(LOG_NAME);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text
            .lines()
            .map(str::trim)
            .filter(|line| check_version(line).is_ok())
            .map(str::to_owned)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(ChampionError::Read { path, source }),
    }
}

/// Adds the champion that leaves and the one that comes to the log, so that the first promotion can
/// be undone too.
fn remember(models: &Path, version: &str) -> io::Result<()> {
    let leaving = fs::read_to_string(models.join(FILE_NAME)).unwrap_or_default();
    let mut log = fs::read_to_string(models.join(LOG_NAME)).unwrap_or_default();
    for version in [leaving.trim(), version] {
        if !version.is_empty() && log.lines().next_back() != Some(version) {
            log = log + version + "\n";
        }
    }
    write_at_once(models, LOG_NAME, &log)
}

fn check_version(version: &str) -> Result<(), String> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let sound = (1..=100).contains(&version.len())
        && version.chars().all(allowed)
        && !version.starts_with('.');
    if sound {
        Ok(())
    } else {
        Err(version.chars().take(100).collect())
    }
}

fn check_folder(models: &Path, version: &str) -> Result<(), ChampionError> {
    if models.join(version).is_dir() {
        return Ok(());
    }
    Err(ChampionError::NoSuchVersion {
        version: version.to_owned(),
        folder: models.to_owned(),
    })
}

/// Writes the file `name` of `folder` whole or not at all.
///
/// # Errors
/// What the system answers; the file before it is then untouched.
pub fn write_at_once(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
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
    fn a_promotion_is_undone_and_the_versions_are_listed() {
        let models = TempDir::new().unwrap();

        for version in ["v1", "v2"] {
            fs::create_dir(models.path().join(version)).unwrap();
            fs::write(models.path().join(version).join("model.json"), "{}").unwrap();
            promote(models.path(), version).unwrap();
        }

        fs::create_dir(models.path().join("runtime")).unwrap();
        assert_eq!(versions(models.path()).unwrap(), ["v1", "v2"]);
        assert_eq!(roll_back(models.path()).unwrap(), "v1");
        assert_eq!(read(models.path()).unwrap(), "v1");

        // Undone in its turn: the version that was in service just before.
        assert_eq!(roll_back(models.path()).unwrap(), "v2");
        assert_eq!(history(models.path()).unwrap(), ["v1", "v2", "v1", "v2"]);
    }

    #[test]
    fn the_first_champion_cannot_be_rolled_back() {
        let models = TempDir::new().unwrap();
        fs::create_dir(models.path().join("v1")).unwrap();
        promote(models.path(), "v1").unwrap();
        assert!(
            matches!(roll_back(models.path()), Err(ChampionError::NothingBefore(version)) if version == "v1")
        );
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
        assert!(matches!(
            promote(models.path(), "absent"),
            Err(ChampionError::NoSuchVersion { .. })
        ));
        assert_eq!(read(models.path()).unwrap(), "good");
    }

    #[test]
    fn names_that_leave_the_folder_are_not_versions() {
        let models = TempDir::new().unwrap();
        for text in ["", "../elsewhere", "a/b", ".hidden", "two words"] {
            fs::write(models.path().join("champion"), text).unwrap();
            assert!(
                matches!(read(models.path()), Err(ChampionError::NotAVersion { .. })),
                "{text:?}"
            );
        }
    }
}
