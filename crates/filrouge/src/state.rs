//! The state folder as the commands open it, with errors in French.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use filrouge_storage::{LockFile, StateError, StateFolder};
use tokio::time::Instant;

/// Time that a command waits for another one to finish writing.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time from one try to the next.
const TRY_EVERY: Duration = Duration::from_millis(100);

/// Opens the state, making its folder when it is not there.
pub(crate) fn open(root: &Path) -> Result<StateFolder> {
    StateFolder::open(root)
        .with_context(|| format!("le dossier d’état `{}` ne peut servir", root.display()))
}

/// Holds the state for a `command` that keeps it, or says how to choose another.
pub(crate) fn lock(state: &StateFolder, command: &str) -> Result<LockFile> {
    state.lock(command).map_err(in_french)
}

/// Holds the right to write in the state. Another command that writes is waited for, for a minute;
/// then this one is refused, and the other one named.
pub(crate) async fn lock_writing(state: &StateFolder, command: &str) -> Result<LockFile> {
    lock_writing_within(state, command, PATIENCE).await
}

async fn lock_writing_within(
    state: &StateFolder,
    command: &str,
    patience: Duration,
) -> Result<LockFile> {
    let start = Instant::now();

    loop {
        match state.lock_writing(command) {
            Err(StateError::InUse { .. }) if start.elapsed() < patience => {
                tokio::time::sleep(TRY_EVERY).await;
            }
            taken => return taken.map_err(in_french),
        }
    }
}

fn in_french(error: StateError) -> anyhow::Error {
    let advice = match &error {
        StateError::InUse { root, holder } => format!(
            "l’état `{}` sert à {holder} : attendez sa fin, ou choisissez un autre dossier avec --state",
            root.display()
        ),
        StateError::Unusable { path, .. } => {
            format!("`{}` ne peut être verrouillé", path.display())
        }
    };
    anyhow::Error::from(error).context(advice)
}

/// The file `name` of the clean data, once it is known to have the bytes that the cleaning wrote.
pub(crate) fn clean_file(state: &StateFolder, name: &str) -> Result<PathBuf> {
    let clean = state.clean();
    filrouge_aggregate::require_whole(&clean, name)
        .context("le jeu nettoyé est abîmé : relancez `filrouge aggregate`")?;
    Ok(clean.join(name))
}

/// The station-hour data set of the state, known to be whole.
pub(crate) fn station_hours(state: &StateFolder) -> Result<PathBuf> {
    clean_file(state, "station_hours.parquet")
}

/// Address of the database: `DATABASE_URL`, else the SQLite file of the state.
pub(crate) fn database_url(state: &StateFolder) -> String {
    std::env::var("DATABASE_URL").unwrap_or_else(|_| embedded_url(state))
}

/// Address of the SQLite file of the state.
pub(crate) fn embedded_url(state: &StateFolder) -> String {
    format!("sqlite://{}", state.sqlite().display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_in_use_is_refused_with_the_option_that_helps() {
        let folder = tempfile::tempdir().unwrap();
        let state = open(folder.path()).unwrap();
        let _held = lock(&state, "filrouge up").unwrap();

        let refusal = lock(&state, "filrouge up").unwrap_err().to_string();

        assert!(refusal.contains("--state"), "{refusal}");
    }

    #[tokio::test]
    async fn a_second_writer_waits_for_the_first_then_is_refused_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let state = open(folder.path()).unwrap();
        let held = lock_writing(&state, "filrouge import").await.unwrap();

        let waiting = lock_writing_within(&state, "filrouge collect", Duration::ZERO).await;
        let refusal = waiting.unwrap_err().to_string();
        assert!(refusal.contains("filrouge import (processus"), "{refusal}");

        let second = lock_writing(&state, "filrouge collect");
        let release = async {
            tokio::task::yield_now().await;
            drop(held);
        };
        tokio::join!(second, release).0.unwrap();
    }
}
