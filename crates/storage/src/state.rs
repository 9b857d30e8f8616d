//! The layout of a state folder: the one place that knows where everything lies.

use std::io;
use std::path::{Path, PathBuf};

use crate::folder::make_private_folder;
use crate::lock::LockFile;

/// The folders and files of one state.
#[derive(Debug, Clone)]
pub struct StateFolder {
    root: PathBuf,
}

/// A state that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Its folder cannot be made or read.
    #[error("the state folder `{}` cannot be used", path.display())]
    Unusable {
        /// The folder, or the file in it.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Another process holds it.
    #[error("the state folder `{}` is in use by {holder}", root.display())]
    InUse {
        /// The folder.
        root: PathBuf,
        /// The command and the process that hold it.
        holder: String,
    },
}

impl StateFolder {
    /// Opens the state, making its folder when it is not there. Its owner alone may enter it.
    ///
    /// # Errors
    /// When the folder can be neither made nor read.
    pub fn open(root: &Path) -> Result<Self, StateError> {
        let opened = make_private_folder(root).and_then(|()| root.canonicalize());

        match opened {
            Ok(root) => Ok(Self { root }),
            Err(source) => Err(unusable(root, source)),
        }
    }

    /// Holds the state for `command`, which keeps it up, until the lock is dropped: one at a time.
    ///
    /// # Errors
    /// [`StateError::InUse`] when another process has it.
    pub fn lock(&self, command: &str) -> Result<LockFile, StateError> {
        self.take("lock", command)
    }

    /// Holds the right to write in the state for `command` until the lock is dropped: every writer
    /// of a state takes it, the one that keeps it up as well.
    ///
    /// # Errors
    /// [`StateError::InUse`] when another process writes.
    pub fn lock_writing(&self, command: &str) -> Result<LockFile, StateError> {
        self.take("write.lock", command)
    }

    fn take(&self, name: &str, command: &str) -> Result<LockFile, StateError> {
        let path = self.root.join(name);
        let taken = LockFile::try_take(&path, command).map_err(|source| unusable(&path, source))?;

        taken.map_err(|holder| StateError::InUse {
            root: self.root.clone(),
            holder,
        })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The files that the city publishes.
    pub fn city(&self) -> PathBuf {
        self.root.join("city")
    }

    /// The trips, partitioned by year and month.
    pub fn lake(&self) -> PathBuf {
        self.root.join("lake")
    }

    /// The cleaned data set and the rejected rows.
    pub fn clean(&self) -> PathBuf {
        self.root.join("clean")
    }

    /// The station-hour data set.
    pub fn station_hours(&self) -> PathBuf {
        self.clean().join("station_hours.parquet")
    }

    /// The conditions of the hours to come.
    pub fn conditions(&self) -> PathBuf {
        self.clean().join("conditions.parquet")
    }

    /// The versions of the demand model.
    pub fn demand_models(&self) -> PathBuf {
        self.root.join("models").join("demand")
    }

    /// The embedded database.
    pub fn sqlite(&self) -> PathBuf {
        self.root.join("filrouge.sqlite")
    }

    /// The accounts of the application.
    pub fn accounts(&self) -> PathBuf {
        self.root.join("accounts.sqlite")
    }

    /// The messages that the application would send.
    pub fn outbox(&self) -> PathBuf {
        self.root.join("outbox")
    }

    /// The keys of the pseudonyms.
    pub fn pseudonym_keys(&self) -> PathBuf {
        self.root.join("pseudonyms.key")
    }

    /// The key of the audit log's chain.
    pub fn audit_key(&self) -> PathBuf {
        self.root.join("audit.key")
    }

    /// The signed ends of the audit log: to copy elsewhere, with the key.
    pub fn audit_ends(&self) -> PathBuf {
        self.root.join("gdpr").join("audit-ends.json")
    }

    /// The key that signs the receipts of erasures.
    pub fn receipt_key(&self) -> PathBuf {
        self.root.join("receipts.key")
    }

    /// The files to hand over to people who asked for their data.
    pub fn personal_exports(&self) -> PathBuf {
        self.root.join("gdpr").join("exports")
    }

    /// The receipt of the last erasure.
    pub fn receipt(&self) -> PathBuf {
        self.root.join("gdpr").join("receipt.json")
    }
}

fn unusable(path: &Path, source: io::Error) -> StateError {
    StateError::Unusable {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_in_use_is_refused_to_a_second_process_and_the_first_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(folder.path()).unwrap();

        let lock = state.lock_writing("filrouge import").unwrap();
        let refusal = state
            .lock_writing("filrouge collect")
            .unwrap_err()
            .to_string();

        let holder = format!("filrouge import (processus {})", std::process::id());
        assert!(refusal.ends_with(&holder), "{refusal}");
        drop(lock);
        state.lock_writing("filrouge collect").unwrap();
    }

    #[test]
    fn keeping_a_state_up_does_not_stop_writers() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(folder.path()).unwrap();

        let _up = state.lock("filrouge up").unwrap();

        state.lock_writing("filrouge gdpr").unwrap();
    }

    #[test]
    fn a_file_is_no_state_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();

        let error = StateFolder::open(file.path()).unwrap_err();

        assert!(matches!(error, StateError::Unusable { .. }), "{error}");
    }
}
