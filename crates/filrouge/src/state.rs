//! The state folder as the commands open it, with errors in French.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use filrouge_storage::{LockFile, StateError, StateFolder};
use tokio::time::Instant;

use crate::cli::Service;

/// Time that a command waits for another one to finish writing.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time from one try to the next.
const TRY_EVERY: Duration = Duration::from_millis(100);

/// Opens the state, making its folder when it is not there.
pub(crate) fn open(root: &Path) -> Result<StateFolder> {
    let state = open_even_unfinished(root)?;
    ensure!(
        !restoration_mark(&state).exists(),
        "une restauration de `{}` n’est pas finie : relancez `filrouge restore`",
        root.display()
    );
    Ok(state)
}

/// The same, for the restoration itself.
pub(crate) fn open_even_unfinished(root: &Path) -> Result<StateFolder> {
    // The engines of the databases and of the lake take the path for a text.
    ensure!(
        root.to_str().is_some(),
        "le chemin `{}` n’est pas en UTF-8 : choisissez un autre dossier avec --state",
        root.display()
    );
    StateFolder::open(root)
        .with_context(|| format!("le dossier d’état `{}` ne peut servir", root.display()))
}

/// Holds the state for a `command` that keeps it, or says how to choose another.
pub(crate) fn lock(state: &StateFolder, command: &str) -> Result<LockFile> {
    state.lock(command).map_err(in_french)
}

/// Says that a service serves from the state, until the file is dropped: several instances may.
pub(crate) fn lock_serving(state: &StateFolder, service: Service) -> Result<File> {
    let path = serving_lock(state);
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(&path)
        .with_context(|| format!("`{}` ne peut être ouvert", path.display()))?;

    file.try_lock_shared().map_err(|_| {
        anyhow!("une restauration ou une réparation de l’état est en cours : attendez sa fin")
    })?;
    // The last one to come is named: whoever wants the state alone has one to stop.
    let holder = format!(
        "filrouge serve, {} (processus {})",
        service.name(),
        std::process::id()
    );
    fs::write(&path, holder)?;
    Ok(file)
}

/// Holds the state without any service that serves from it: its files may then be replaced.
pub(crate) fn lock_alone(state: &StateFolder, command: &str) -> Result<LockFile> {
    let path = serving_lock(state);
    let unusable = || format!("`{}` ne peut être verrouillé", path.display());

    match LockFile::try_take(&path, command).with_context(unusable)? {
        Ok(lock) => Ok(lock),
        Err(holder) => bail!(
            "l’état `{}` sert à {holder} : arrêtez ses services",
            state.root().display()
        ),
    }
}

/// Shared by the services of a state.
fn serving_lock(state: &StateFolder) -> PathBuf {
    state.root().join("serving.lock")
}

/// There while a restoration replaces the files: until its end, the state is of two times.
pub(crate) fn restoration_mark(state: &StateFolder) -> PathBuf {
    state.root().join("restore.unfinished")
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

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_is_refused_before_anything_is_written() {
        use std::os::unix::ffi::OsStrExt as _;

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(std::ffi::OsStr::from_bytes(b"\xff"));
        let refusal = open(&root).unwrap_err().to_string();
        assert!(refusal.contains("UTF-8"), "{refusal}");
        assert!(!root.exists());
    }

    #[test]
    fn a_state_in_use_is_refused_with_the_option_that_helps() {
        let folder = tempfile::tempdir().unwrap();
        let state = open(folder.path()).unwrap();
        let _held = lock(&state, "filrouge up").unwrap();

        let refusal = lock(&state, "filrouge up").unwrap_err().to_string();

        assert!(refusal.contains("--state"), "{refusal}");
    }

    #[test]
    fn services_share_a_state_that_nobody_then_has_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = open(folder.path()).unwrap();

        let services = [Service::DataApi, Service::DataApi]
            .map(|service| lock_serving(&state, service).unwrap());
        let refusal = lock_alone(&state, "filrouge restore").unwrap_err();
        assert!(refusal.to_string().contains("API de données"), "{refusal}");

        drop(services);
        let _alone = lock_alone(&state, "filrouge restore").unwrap();
        lock_serving(&state, Service::Web).unwrap_err();
    }

    #[test]
    fn a_state_that_is_half_restored_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("restore.unfinished"), "[]").unwrap();

        let refusal = open(folder.path()).unwrap_err().to_string();

        assert!(refusal.contains("filrouge restore"), "{refusal}");
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
