//! The database of a state.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use filrouge_database::Database;
use filrouge_personal_data::audit_seal;
use filrouge_storage::{StateFolder, create_private};

use crate::state;

const REMEDY: &str = "`filrouge doctor --repair` la met de côté et refait ce qui peut l’être";

/// Opens the database of the state and brings its schema up to date.
pub(crate) async fn open(state: &StateFolder) -> Result<Database> {
    let address = state::database_url(state);
    if address == state::embedded_url(state) {
        create_private_file(&state.sqlite())?;
    }

    let seal = audit_seal(state).context("la clé du journal des accès ne peut être lue")?;
    let opened = async { Database::open(&address).await?.sealed(seal).await };

    opened.await.map_err(|error| {
        let told = if error.is_damage() {
            format!("la base est endommagée : {REMEDY}")
        } else {
            "la base de données ne répond pas".to_owned()
        };
        anyhow::Error::from(error).context(told)
    })
}

/// The same, once it is known to be whole: a service does not serve from a damaged database.
pub(crate) async fn open_whole(state: &StateFolder) -> Result<Database> {
    let database = open(state).await?;
    let faults = match database.check_integrity().await {
        // Some damage stops the check itself.
        Err(error) if error.is_damage() => vec![error.to_string()],
        checked => checked.context("la base ne peut être vérifiée")?,
    };

    ensure!(
        faults.is_empty(),
        "la base est endommagée ({}) : {REMEDY}",
        faults.join(" ; ")
    );
    Ok(database)
}

/// SQLite would make a file that others can read; those that it puts beside have the same rights.
fn create_private_file(path: &Path) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    create_private(path, b"").with_context(|| format!("`{}` ne peut être créé", path.display()))
}
