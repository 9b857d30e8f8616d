//! The version in service: one line of text in `models/demand/champion`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use filrouge_storage::replace_file;

#[cfg(test)]
mod tests;

const FILE_NAME: &str = "champion";

/// The versions that were promoted, in order.
const LOG_NAME: &str = "champion.log";

/// The reason for which there is no champion to serve.
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
        /// Its text.
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
    check_version(models, version)?;
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
    check_version(models, version)?;
    Ok(models.join(version))
}

/// Puts `version` in service, all at once: a reader sees the old name or the new one.
///
/// # Errors
/// [`ChampionError`]; the champion is then unchanged.
pub fn promote(models: &Path, version: &str) -> Result<(), ChampionError> {
    check_version(models, version)?;

    // The log first: a promotion that is not in it could not be undone.
    let log = log_with(models, version);
    for (name, text) in [(LOG_NAME, log), (FILE_NAME, format!("{version}\n"))] {
        let path = models.join(name);
        replace_file(&path, text).map_err(|source| ChampionError::Write { path, source })?;
    }
    Ok(())
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
        if is_version(&name) && entry.path().join("model.json").is_file() {
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
            .filter(|line| is_version(line))
            .map(str::to_owned)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(ChampionError::Read { path, source }),
    }
}

/// The log with the champion that leaves and the one that comes, so that the first promotion can be
/// undone too.
fn log_with(models: &Path, version: &str) -> String {
    let leaving = fs::read_to_string(models.join(FILE_NAME)).unwrap_or_default();
    let mut log = fs::read_to_string(models.join(LOG_NAME)).unwrap_or_default();

    for version in [leaving.trim(), version] {
        // Promoting the same version twice is one promotion, undone at once.
        if !version.is_empty() && log.lines().next_back() != Some(version) {
            log = log + version + "\n";
        }
    }
    log
}

/// The name of a version, which has a folder.
fn check_version(models: &Path, version: &str) -> Result<(), ChampionError> {
    if !is_version(version) {
        return Err(ChampionError::NotAVersion {
            path: models.join(FILE_NAME),
            // The file may hold anything, and its text goes to a log.
            text: version.chars().take(100).collect(),
        });
    }

    if !models.join(version).is_dir() {
        return Err(ChampionError::NoSuchVersion {
            version: version.to_owned(),
            folder: models.to_owned(),
        });
    }

    Ok(())
}

/// A name that stays inside the folder of the versions.
fn is_version(name: &str) -> bool {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    (1..=100).contains(&name.len()) && name.chars().all(allowed) && !name.starts_with('.')
}
