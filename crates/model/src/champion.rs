//! The version to serve, one line of text in `models/demand/champion`, and the versions that served,
//! a line each in `champion.log`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use filrouge_storage::{LockFile, replace_file};

#[cfg(test)]
mod tests;

const FILE_NAME: &str = "champion";

/// The versions that served, in order, and those that a rollback left.
const LOG_NAME: &str = "champion.log";

/// Held by whoever changes one of the two: commands and a service share the folder.
const LOCK_NAME: &str = "champion.lock";

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
/// [`ChampionError`] names the file that is missing or wrong.
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

/// Names `version` champion, all at once: a reader sees the old name or the new one.
///
/// The name is a wish: [`record_service`] tells that it was granted. Load the version first.
///
/// # Errors
/// [`ChampionError`]; the champion is then unchanged.
pub fn promote(models: &Path, version: &str) -> Result<(), ChampionError> {
    check_version(models, version)?;

    let _lock = lock(models)?;
    name(models, version)
}

fn name(models: &Path, version: &str) -> Result<(), ChampionError> {
    let path = models.join(FILE_NAME);
    replace_file(&path, format!("{version}\n"))
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
        if is_version(&name) && entry.path().join("model.json").is_file() {
            versions.push(name);
        }
    }

    versions.sort();
    Ok(versions)
}

/// Adds `version`, which answers from now on, to the history, unless it is the last one there.
///
/// # Errors
/// A history that cannot be read or written.
pub fn record_service(models: &Path, version: &str) -> Result<(), ChampionError> {
    let _lock = lock(models)?;
    let is_last = matches!(events(models)?.last(), Some(Event::Served(last)) if last == version);
    if is_last {
        Ok(())
    } else {
        append(models, &Event::Served(version.to_owned()))
    }
}

/// The versions to which a rollback may go back, the nearest first: those that served before the
/// one named, are still there, and were not fled from.
///
/// # Errors
/// A history that cannot be read.
pub fn before(models: &Path) -> Result<Vec<String>, ChampionError> {
    // A file that is lost or damaged names none: all that served may serve again.
    let named = read(models).ok();
    let mut versions = last_served(models)?;
    versions.retain(|version| Some(version) != named.as_ref());
    Ok(versions)
}

/// The versions that served, are still there, and were not fled from, the last one first.
///
/// # Errors
/// A history that cannot be read.
pub fn last_served(models: &Path) -> Result<Vec<String>, ChampionError> {
    let mut versions: Vec<String> = Vec::new();

    for event in events(models)? {
        match event {
            Event::Served(version) if versions.last() == Some(&version) => {}
            Event::Served(version) => versions.push(version),
            Event::Fled(fled) => versions.retain(|version| *version != fled),
        }
    }

    versions.retain(|version| models.join(version).is_dir());
    versions.reverse();
    Ok(versions)
}

/// Flees from the champion: names `version` in its place, and no rollback goes back to the one that
/// leaves.
///
/// # Errors
/// As [`promote`].
pub fn roll_back(models: &Path, version: &str) -> Result<(), ChampionError> {
    check_version(models, version)?;

    let _lock = lock(models)?;
    // The history first: a stop in between leaves the champion in service, which enters it again.
    if let Ok(leaving) = read(models) {
        append(models, &Event::Fled(leaving))?;
    }
    name(models, version)
}

/// The versions that served, in order, one as often as it entered service.
///
/// # Errors
/// A file that cannot be read.
pub fn history(models: &Path) -> Result<Vec<String>, ChampionError> {
    let served = |event| match event {
        Event::Served(version) => Some(version),
        Event::Fled(_) => None,
    };
    Ok(events(models)?.into_iter().filter_map(served).collect())
}

/// A line of the history.
enum Event {
    /// The version entered service.
    Served(String),
    /// A rollback left the version.
    Fled(String),
}

impl Event {
    fn read(line: &str) -> Option<Self> {
        let (word, version) = line.split_once(' ')?;
        let version = is_version(version).then(|| version.to_owned())?;
        match word {
            "served" => Some(Self::Served(version)),
            "fled" => Some(Self::Fled(version)),
            _ => None,
        }
    }

    fn line(&self) -> String {
        match self {
            Self::Served(version) => format!("served {version}\n"),
            Self::Fled(version) => format!("fled {version}\n"),
        }
    }
}

/// The history. A line that is cut or damaged tells nothing, and hides none of the others.
fn events(models: &Path) -> Result<Vec<Event>, ChampionError> {
    let path = models.join(LOG_NAME);
    match fs::read(&path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes)
            .lines()
            .filter_map(Event::read)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(ChampionError::Read { path, source }),
    }
}

fn lock(models: &Path) -> Result<LockFile, ChampionError> {
    let path = models.join(LOCK_NAME);
    LockFile::wait(&path, "champion").map_err(|source| ChampionError::Write { path, source })
}

/// Adds a line to the history, on the disk when this returns. Its caller holds the lock.
fn append(models: &Path, event: &Event) -> Result<(), ChampionError> {
    let path = models.join(LOG_NAME);
    let mut log = fs::read(&path).unwrap_or_default();
    // A line that a full disk cut does not take the next one with it.
    if !log.is_empty() && !log.ends_with(b"\n") {
        log.push(b'\n');
    }
    log.extend_from_slice(event.line().as_bytes());
    replace_file(&path, log).map_err(|source| ChampionError::Write { path, source })
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
