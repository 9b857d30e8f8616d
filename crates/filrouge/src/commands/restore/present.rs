//! The state as a restoration finds it: whether something would be lost, and who was erased.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use filrouge_backup::{DatabaseEngine, files_of};
use filrouge_database::Database;
use filrouge_database::gdpr::ErasureList;
use filrouge_storage::StateFolder;
use filrouge_types::SystemClock;

use super::ACTOR;
use crate::cli::RestoreArguments;
use crate::commands::backup::{engine_of, in_french};
use crate::commands::gdpr;
use crate::{database, state};

const NO_LIST: &str = "aucune liste des effacements : sans elle, une personne effacée depuis la \
    sauvegarde reviendrait. Donnez-la (--erasures FICHIER), ou affirmez que personne n’a été effacé \
    depuis (--no-erasures)";

/// The state as it is now.
struct Present {
    is_empty: bool,
    erasures: Option<ErasureList>,
}

/// The erasures to apply again: those of the state that is replaced, and those of the file that was
/// kept apart. A state that is not empty is refused, unless it is asked for.
pub(super) async fn erasure_lists(
    state: &StateFolder,
    arguments: &RestoreArguments,
) -> Result<Vec<ErasureList>> {
    let mut lists = match &arguments.erasures {
        Some(path) => vec![read(path)?],
        None => Vec::new(),
    };
    let is_answered = arguments.no_erasures || !lists.is_empty();

    // A restoration that was stopped has kept those that it knew.
    if state::restoration_mark(state).exists() {
        lists.extend(kept_by_the_mark(state)?);
        return Ok(lists);
    }
    let present = match look_at(state).await {
        // A damaged database tells nothing: the person who restores has answered for it.
        Err(_) if is_answered => Present {
            is_empty: false,
            erasures: None,
        },
        looked => looked.context(NO_LIST)?,
    };

    ensure!(
        present.is_empty || arguments.replace,
        "l’état n’est pas vide : demandez --replace pour le remplacer, ou choisissez un autre dossier avec --state"
    );
    lists.extend(present.erasures);
    ensure!(!lists.is_empty() || arguments.no_erasures, NO_LIST);
    Ok(lists)
}

async fn look_at(state: &StateFolder) -> Result<Present> {
    // Before the database: opening it draws the key of its log.
    let has_files = !files_of(state.root()).map_err(in_french)?.is_empty();
    let is_server = engine_of(&state::database_url(state)) == DatabaseEngine::Postgres;
    if !is_server && !state.sqlite().exists() {
        return Ok(Present {
            is_empty: !has_files,
            erasures: None,
        });
    }

    let database = database::open(state).await?;
    let looked = async {
        Ok::<_, anyhow::Error>(Present {
            is_empty: !has_files && database.is_empty().await?,
            erasures: erasures(state, &database).await?,
        })
    };
    let looked = looked.await;
    database.close().await;
    looked
}

/// The keys of the pseudonyms that the state has now.
pub(super) fn pseudonym_keys(state: &StateFolder) -> Option<String> {
    fs::read_to_string(state.pseudonym_keys()).ok()
}

/// None where nobody was ever known: the keys are drawn with the first import.
async fn erasures(state: &StateFolder, database: &Database) -> Result<Option<ErasureList>> {
    if !state.pseudonym_keys().exists() {
        return Ok(None);
    }
    let people = gdpr::open(state, database, ACTOR, &SystemClock).await?;
    let list = people.erasure_list().await.map_err(gdpr::in_french)?;
    Ok(Some(list))
}

fn kept_by_the_mark(state: &StateFolder) -> Result<Vec<ErasureList>> {
    let path = state::restoration_mark(state);
    let text = fs::read(&path)?;
    serde_json::from_slice(&text).with_context(|| format!("`{}` ne va pas", path.display()))
}

fn read(path: &Path) -> Result<ErasureList> {
    let text = fs::read(path).with_context(|| format!("`{}` est illisible", path.display()))?;
    match serde_json::from_slice(&text) {
        Ok(list) => Ok(list),
        Err(error) => bail!(
            "`{}` n’est pas une liste d’effacements : {error}",
            path.display()
        ),
    }
}
