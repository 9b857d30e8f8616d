//! The state folder as the commands open it, with errors in French.

use std::path::Path;

use anyhow::{Context, Result};
use filrouge_storage::{StateError, StateFolder, StateLock};

/// Opens the state, making its folder when it is not there.
pub(crate) fn open(root: &Path) -> Result<StateFolder> {
    StateFolder::open(root)
        .with_context(|| format!("le dossier d’état `{}` ne peut servir", root.display()))
}

/// Holds the state for this process, or says how to choose another.
pub(crate) fn lock(state: &StateFolder) -> Result<StateLock> {
    state.lock().map_err(|error| {
        let advice = match &error {
            StateError::InUse { root } => format!(
                "l’état `{}` sert déjà à un autre `filrouge up` : arrêtez-le, ou choisissez un autre dossier avec --state",
                root.display()
            ),
            StateError::Unusable { path, .. } => {
                format!("`{}` ne peut être verrouillé", path.display())
            }
        };
        anyhow::Error::from(error).context(advice)
    })
}

/// Address of the database: `DATABASE_URL`, else the SQLite file of the state.
pub(crate) fn database_url(state: &StateFolder) -> String {
    std::env::var("DATABASE_URL")
        .unwrap_or_else(|_| format!("sqlite://{}", state.sqlite().display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_in_use_is_refused_with_the_option_that_helps() {
        let folder = tempfile::tempdir().unwrap();
        let state = open(folder.path()).unwrap();
        let _held = lock(&state).unwrap();

        let refusal = lock(&state).unwrap_err().to_string();

        assert!(refusal.contains("--state"), "{refusal}");
    }
}
