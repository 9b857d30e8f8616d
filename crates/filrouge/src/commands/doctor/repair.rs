//! `filrouge doctor --repair`: a damaged database is set aside, what can still be read of people's
//! rights is taken over, and all the rest is derived again.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use filrouge_database::{Database, Salvage};
use filrouge_storage::set_aside;
use filrouge_types::SystemClock;

use crate::cli::GlobalArgs;
use crate::commands::import;
use crate::{database, state};

/// Files that SQLite keeps beside a database.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// The faults of the database in this file; none at all when there is no such file.
pub(super) async fn faults(path: &Path) -> Option<Vec<String>> {
    if !path.exists() {
        return None;
    }

    let found = async {
        let database = Database::open_file(path).await?;
        let faults = database.check_integrity().await;
        database.close().await;
        faults
    };
    Some(found.await.unwrap_or_else(|error| vec![error.to_string()]))
}

/// Mends the database of the state, and tells how.
pub(super) async fn database(global: &GlobalArgs) -> Result<String> {
    let state = state::open(&global.state)?;
    // Nobody serves from a database that is taken away.
    let _up = state::lock(&state, "filrouge doctor --repair")?;
    let _alone = state::lock_alone(&state, "filrouge doctor --repair")?;
    let path = state.sqlite();

    match faults(&path).await {
        None => return Ok("Il n'y a pas de base : `filrouge up` la fera.".to_owned()),
        Some(faults) if faults.is_empty() => {
            return Ok("La base est intègre : rien à réparer.".to_owned());
        }
        Some(_) => {}
    }

    let aside = move_aside(&path).context("la base ne peut être mise de côté")?;
    let database = database::open(&state).await?;
    let salvage = database.salvage(&aside).await?;
    let told = tell(&aside, &salvage);
    if !salvage.unread.is_empty() {
        database.close().await;
        bail!("{told}");
    }

    let imported = import::import(&state, &database, &SystemClock).await;
    database.close().await;
    Ok(match imported {
        Ok(imported) => format!("{told}\nRefait : {}.", import::summary(&imported)),
        Err(error) => format!("{told}\nLe reste se refera par `filrouge up` ({error:#})."),
    })
}

/// The database and the files beside it, which hold a part of it, under one name.
fn move_aside(path: &Path) -> std::io::Result<PathBuf> {
    let aside = set_aside(path, path)?;

    for end in BESIDE {
        let (from, to) = (with_end(path, end), with_end(&aside, end));
        if from.exists() {
            std::fs::rename(from, to)?;
        }
    }
    Ok(aside)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

fn tell(aside: &Path, salvage: &Salvage) -> String {
    let mut told = format!("La base endommagée est gardée : `{}`.", aside.display());

    for (table, rows) in &salvage.rows {
        told += &format!("\n  {table} : {rows} lignes reprises");
    }
    if !salvage.unread.is_empty() {
        told += &format!(
            "\nN'ont pu être relues : {}. Restaurez une sauvegarde de la base avant toute collecte : \
             sans ces tables, une personne effacée pourrait revenir.",
            salvage.unread.join(", ")
        );
    }
    told
}
