//! The database of a state.

use std::path::Path;

use anyhow::{Context, Result};
use filrouge_database::Database;
use filrouge_storage::{StateFolder, create_private};

use crate::state;

/// Opens the database of the state and brings its schema up to date.
pub(crate) async fn open(state: &StateFolder) -> Result<Database> {
    let address = state::database_url(state);
    if address == state::embedded_url(state) {
        create_private_file(&state.sqlite())?;
    }

    let database = Database::open(&address)
        .await
        .context("la base de données ne répond pas")?;
    database
        .migrate()
        .await
        .context("le schéma de la base ne peut être mis à jour")?;
    Ok(database)
}

/// SQLite would make a file that others can read; those that it puts beside have the same rights.
fn create_private_file(path: &Path) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    create_private(path, b"").with_context(|| format!("`{}` ne peut être créé", path.display()))
}
