//! `filrouge backup`: the state and its database in one archive. The procedure:
//! `docs/sauvegarde.md`.

pub(crate) mod postgres;

use std::path::Path;

use anyhow::{Context, Error, Result, ensure};
use filrouge_accounts::Accounts;
use filrouge_backup::{BackupError, BackupHeader, DatabaseEngine, KeptFile, files_of, write};
use filrouge_storage::{StateFolder, temporary_folder};
use filrouge_types::{Clock, SystemClock};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::accounts::second_factor_key;
use crate::cli::GlobalArgs;
use crate::{database, print, state};

/// The name of the database in an archive.
const DATABASE: &str = "filrouge.sqlite";

/// Writes the archive; the caller holds the right to write in the state.
pub(crate) async fn run(global: &GlobalArgs, file: &Path) -> Result<()> {
    let state = state::open(&global.state)?;
    let folder = file.parent().filter(|folder| folder.is_dir());
    let is_inside = folder
        .and_then(|folder| folder.canonicalize().ok())
        .is_some_and(|folder| folder.starts_with(state.root()));
    ensure!(
        !is_inside,
        "une sauvegarde dans l’état qu’elle garde serait perdue avec lui : choisissez un autre dossier"
    );

    let address = state::database_url(&state);
    let program = env!("CARGO_PKG_VERSION");
    let header = BackupHeader::new(program, SystemClock.now(), engine_of(&address));
    let draft = draft_folder(&state, ".backup-")?;

    let accounts = copy_accounts(&state, draft.path()).await?;
    let written = block_in_place(|| {
        let mut files = files_of(state.root()).map_err(in_french)?;
        files.extend(accounts);
        write(file, &header, &files, || {
            Handle::current().block_on(copy_database(&state, &address, draft.path()))
        })
        .map_err(in_french_if_ours)
    })?;

    print::line(&format!(
        "{} fichiers et la base, {} octets : `{}` ({} octets), état du {}.",
        written.files,
        written.bytes,
        file.display(),
        written.archive_bytes,
        header.taken_at.format("%Y-%m-%d %H:%M:%S UTC"),
    ));
    Ok(())
}

/// A temporary folder in the state, as private as it. Files that a killed command had left under
/// the same prefix goes: the right to write is held.
pub(crate) fn draft_folder(state: &StateFolder, prefix: &str) -> Result<TempDir> {
    let made = || {
        for entry in std::fs::read_dir(state.root())? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(prefix) {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
        temporary_folder(state.root(), prefix)
    };
    made().context("l’état ne peut être écrit")
}

/// The engine of the database at an address.
pub(crate) fn engine_of(address: &str) -> DatabaseEngine {
    match address.starts_with("sqlite:") {
        true => DatabaseEngine::Sqlite,
        false => DatabaseEngine::Postgres,
    }
}

/// The sentence for a refusal, and its cause.
pub(crate) fn in_french(error: BackupError) -> Error {
    let sentence = match &error {
        BackupError::File { path, .. } => {
            format!("`{}` ne peut être lu ou écrit", path.display())
        }
        BackupError::Changing(path) => format!(
            "`{}` change pendant la lecture : recommencez",
            path.display()
        ),
        BackupError::Foreign(_) => "ce fichier n’est pas une sauvegarde de filrouge".to_owned(),
        BackupError::Damaged(_) => "la sauvegarde est abîmée, rien n’en est repris".to_owned(),
        BackupError::Unbounded(_) => "la sauvegarde dépasse une limite".to_owned(),
    };

    Error::new(error).context(sentence)
}

/// The copy of the database has sentences of its own.
fn in_french_if_ours(error: Error) -> Error {
    match error.downcast::<BackupError>() {
        Ok(error) => in_french(error),
        Err(error) => error,
    }
}

/// The accounts of the application, when they are a file of the state.
async fn copy_accounts(state: &StateFolder, folder: &Path) -> Result<Option<KeptFile>> {
    if !state.accounts().exists() {
        return Ok(None);
    }
    let (name, path) = ("accounts.sqlite".to_owned(), folder.join("accounts"));

    let accounts = Accounts::open_file(&state.accounts(), &second_factor_key(state)).await?;
    let copied = accounts.copy_into(&path).await;
    accounts.close().await;
    copied.context("les comptes ne peuvent être copiés")?;
    Ok(Some(KeptFile { name, path }))
}

async fn copy_database(state: &StateFolder, address: &str, folder: &Path) -> Result<KeptFile> {
    let path = folder.join("database");

    match engine_of(address) {
        DatabaseEngine::Postgres => postgres::dump(address, &path).await?,
        DatabaseEngine::Sqlite => {
            let database = database::open(state).await?;
            let copied = database.copy_into(&path).await;
            database.close().await;
            copied.context("la base ne peut être copiée")?;
        }
    }

    Ok(KeptFile {
        name: DATABASE.to_owned(),
        path,
    })
}
