//! The state folder: one place that knows where everything lies.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The folders and files of one state.
#[derive(Debug, Clone)]
pub(crate) struct State {
    root: PathBuf,
}

impl State {
    /// Opens the state, making its folder when it is not there.
    pub(crate) fn open(root: &Path) -> Result<Self> {
        std::fs::create_dir_all(root)
            .with_context(|| format!("le dossier d'état `{}` ne peut être créé", root.display()))?;
        let root = root
            .canonicalize()
            .with_context(|| format!("le dossier d'état `{}` est illisible", root.display()))?;
        Ok(Self { root })
    }

    /// Holds the state for this process until the guard is dropped, or says who has it.
    pub(crate) fn lock(&self) -> Result<File> {
        let path = self.root.join("lock");
        let file = File::create(&path)
            .with_context(|| format!("`{}` ne peut être écrit", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "l'état `{}` sert déjà à un autre `filrouge up` : arrêtez-le, ou choisissez un autre dossier avec --state",
                    self.root.display()
                )
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("`{}` ne peut être verrouillé", path.display()))
            }
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What the city publishes as files.
    pub(crate) fn city(&self) -> PathBuf {
        self.root.join("city")
    }

    /// The trips, partitioned by year and month.
    pub(crate) fn lake(&self) -> PathBuf {
        self.root.join("lake")
    }

    /// The cleaned data set and what was set aside.
    pub(crate) fn clean(&self) -> PathBuf {
        self.root.join("clean")
    }

    /// The station-hour data set.
    pub(crate) fn station_hours(&self) -> PathBuf {
        self.clean().join("station_hours.parquet")
    }

    /// What is known of the hours to come.
    pub(crate) fn conditions(&self) -> PathBuf {
        self.clean().join("conditions.parquet")
    }

    /// The folder of the demand model's versions.
    pub(crate) fn demand_models(&self) -> PathBuf {
        self.root.join("models").join("demand")
    }

    /// Address of the database: `DATABASE_URL`, else a SQLite file of the state.
    pub(crate) fn database_url(&self) -> String {
        std::env::var("DATABASE_URL")
            .unwrap_or_else(|_| format!("sqlite://{}", self.root.join("filrouge.sqlite").display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_in_use_is_refused_to_a_second_process() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let guard = state.lock().unwrap();
        assert!(state.lock().unwrap_err().to_string().contains("--state"));
        drop(guard);
        state.lock().unwrap();
    }
}
