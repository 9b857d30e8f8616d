//! The database of a state.

use anyhow::{Context, Result};
use filrouge_database::Database;
use filrouge_storage::StateFolder;

use crate::state;

/// Opens the database of the state and brings its schema up to date.
pub(crate) async fn open(state: &StateFolder) -> Result<Database> {
    let database = Database::open(&state::database_url(state))
        .await
        .context("la base de données ne répond pas")?;
    database
        .migrate()
        .await
        .context("le schéma de la base ne peut être mis à jour")?;
    Ok(database)
}
