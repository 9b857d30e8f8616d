//! `filrouge restore`: a backup given back. The procedure: `docs/sauvegarde.md`.
//!
//! The archive is read whole and checked beside the state before a file of the state moves. A mark
//! then stays until the end: a state of two times is used by no command.

mod exchange;
mod present;

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use filrouge_backup::{BackupArchive, DatabaseEngine};
use filrouge_database::Database;
use filrouge_database::gdpr::ErasureList;
use filrouge_personal_data::AppliedErasures;
use filrouge_storage::{StateFolder, write_private};
use filrouge_types::SystemClock;
use tempfile::TempDir;
use tokio::task::block_in_place;

use crate::cli::{GlobalArgs, RestoreArguments};
use crate::commands::backup::{draft_folder, engine_of, in_french, postgres};
use crate::commands::gdpr;
use crate::{database, print, state};

const COMMAND: &str = "filrouge restore";

/// The actor in the audit log.
const ACTOR: &str = "restauration";

/// Parts of the folder that an archive is first read into.
const FILES: &str = "files";
const DATABASE: &str = "filrouge.sqlite";
const DUMP: &str = "database";

pub(crate) async fn run(global: &GlobalArgs, arguments: &RestoreArguments) -> Result<()> {
    let start = Instant::now();
    let mut archive = BackupArchive::open(&arguments.file).map_err(in_french)?;
    if arguments.verify {
        block_in_place(|| archive.verify()).map_err(in_french)?;
        print::line(&format!("Bonne sauvegarde : {}.", described(&archive)));
        return Ok(());
    }

    let state = state::open_even_unfinished(&global.state)?;
    // Without a service, without a command that keeps it up, and without a writer.
    let _up = state::lock(&state, COMMAND)?;
    let _alone = state::lock_alone(&state, COMMAND)?;
    let _writing = state::lock_writing(&state, COMMAND).await?;
    let address = state::database_url(&state);
    ensure!(
        archive.header().engine == engine_of(&address),
        "la sauvegarde vient d’un autre moteur de base que celui de DATABASE_URL"
    );
    let lists = present::erasure_lists(&state, arguments).await?;
    let keys = present::pseudonym_keys(&state);

    let staged = stage(&mut archive, &state).await?;
    write_private(
        &state::restoration_mark(&state),
        &serde_json::to_vec(&lists)?,
    )?;
    exchange::files(&state, &staged.path().join(FILES), SystemClock)?;
    if archive.header().engine == DatabaseEngine::Postgres {
        fill_server(&state, &address, &staged).await?;
    }
    exchange::keys(&state, keys.as_deref())?;
    let applied = forget_again(&state, &lists).await?;
    exchange::forget_replaced(&state)?;
    std::fs::remove_file(state::restoration_mark(&state))?;

    print::line(&format!(
        "Restauré en {:.1} s : {}.\n{}",
        start.elapsed().as_secs_f64(),
        described(&archive),
        told(&applied)
    ));
    Ok(())
}

/// The archive read whole beside the state, its database checked.
async fn stage(archive: &mut BackupArchive, state: &StateFolder) -> Result<TempDir> {
    let folder = draft_folder(state, ".restoring-")?;
    let files = folder.path().join(FILES);
    let database = match archive.header().engine {
        DatabaseEngine::Sqlite => files.join(DATABASE),
        DatabaseEngine::Postgres => folder.path().join(DUMP),
    };

    block_in_place(|| {
        archive.extract(&files)?;
        archive.extract_database(&database)
    })
    .map_err(in_french)?;

    if archive.header().engine == DatabaseEngine::Sqlite {
        let opened = Database::open_file(&database).await?;
        let faults = opened.check_integrity().await;
        opened.close().await;
        let faults = faults.context("la base de la sauvegarde ne peut être vérifiée")?;
        ensure!(
            faults.is_empty(),
            "la base de la sauvegarde est endommagée : {}",
            faults.join(" ; ")
        );
    }
    Ok(folder)
}

/// The tables of before go first: a later version of the program may have others than the backup.
async fn fill_server(state: &StateFolder, address: &str, staged: &TempDir) -> Result<()> {
    let before = database::open(state).await?;
    let emptied = before.revert_to(0).await;
    before.close().await;
    emptied.context("la base d’avant ne peut être vidée")?;

    postgres::fill(address, &staged.path().join(DUMP)).await
}

/// Takes out again who asked to be forgotten since, and the data past their time.
async fn forget_again(state: &StateFolder, lists: &[ErasureList]) -> Result<AppliedErasures> {
    let database = database::open(state).await?;
    let mut people = gdpr::open(state, &database, ACTOR, &SystemClock).await?;
    let mut all = AppliedErasures::default();

    for list in lists {
        let applied = people.apply_erasures(list).await.map_err(gdpr::in_french)?;
        all.remembered += applied.remembered;
        all.erased_again += applied.erased_again;
        all.unreadable_lines = applied.unreadable_lines;
    }
    people.purge().await.map_err(gdpr::in_french)?;
    database.close().await;
    Ok(all)
}

fn described(archive: &BackupArchive) -> String {
    let header = archive.header();
    format!(
        "{} fichiers et la base, état du {}, par filrouge {}",
        archive.files().len(),
        header.taken_at.format("%Y-%m-%d %H:%M:%S UTC"),
        header.program
    )
}

fn told(applied: &AppliedErasures) -> String {
    let mut text = format!(
        "Effacements repris depuis la sauvegarde : {} ; personnes revenues avec elle, effacées de nouveau : {}.",
        applied.remembered, applied.erased_again
    );
    if applied.unreadable_lines > 0 {
        text += &format!(
            "\n{} lignes des collectes ne nomment personne de lisible : elles partiront à la fin de leur durée.",
            applied.unreadable_lines
        );
    }
    text
}
