use std::path::Path;

use anyhow::{Result, ensure};
use filrouge_database::gdpr::ReceiptContent;
use filrouge_database::{Database, Gdpr, SubscriberNumber};
use filrouge_http::generate_secret;
use filrouge_storage::{StateFolder, write_private};
use filrouge_types::Clock;

use super::{files, keys};

/// Forgets a person everywhere, searches every file for what may be left, and signs what was done.
pub(super) async fn run(
    state: &StateFolder,
    database: &Database,
    gdpr: &Gdpr,
    person: &SubscriberNumber,
    out: Option<&Path>,
    clock: &dyn Clock,
) -> Result<String> {
    let erased = gdpr.erase(person).await?;
    let removed = vec![
        ("table subscribers".to_owned(), erased.subscribers),
        ("table consents".to_owned(), erased.consents),
        ("table restrictions".to_owned(), erased.restrictions),
        (
            "collectes brutes".to_owned(),
            files::forget_in_collections(state, person)?,
        ),
        (
            "exports".to_owned(),
            files::forget_exports(state, &gdpr.audit_subjects(person))?,
        ),
    ];

    let is_clean = database.leave_no_trace().await?;
    let texts = [
        gdpr.traces_of(person),
        vec![files::number_in_collections(person)],
    ]
    .concat();
    let search = files::search(state, &texts)?;

    let content = ReceiptContent {
        receipt_id: generate_secret()?.reveal().to_owned(),
        kind: "erasure".to_owned(),
        issued_at: clock.now(),
        removed,
        files_searched: search.files,
        bytes_searched: search.bytes,
        still_found_in: search.found_in.into_iter().collect(),
    };

    let receipt = keys::receipts(state)?.sign(&content)?;
    gdpr.keep_receipt(&content, &receipt).await?;
    let path = out.map_or_else(
        || state.root().join("gdpr").join("receipt.json"),
        Path::to_owned,
    );

    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }

    write_private(&path, serde_json::to_string_pretty(&receipt)?.as_bytes())?;
    ensure!(
        content.still_found_in.is_empty() && is_clean,
        "une valeur subsiste dans {} : un lecteur tient peut-être encore l'ancien journal, relancez la commande",
        content.still_found_in.join(", ")
    );

    Ok(report(&content, &path))
}

fn report(content: &ReceiptContent, path: &Path) -> String {
    let lines = content
        .removed
        .iter()
        .map(|(global, count)| format!("  {global} : {count} effacé(s)\n"));
    format!(
        "Effacé.\n{}  {} fichiers relus ({} octets) : aucune valeur de la personne.\n  Reçu signé : `{}`\n  À faire : \
         transmettre la demande à l'exploitant, responsable de sa propre base (article 19).",
        lines.collect::<String>(),
        content.files_searched,
        content.bytes_searched,
        path.display()
    )
}
