//! The keys of the state: those of the pseudonyms and the one that signs receipts, readable by
//! their owner only.

use std::path::PathBuf;

use anyhow::{Context, Result};
use filrouge_database::gdpr::ReceiptKey;
use filrouge_database::{Gdpr, PseudonymKeys};
use filrouge_storage::{StateFolder, read_or_create_private, write_private};

fn pseudonyms_file(state: &StateFolder) -> PathBuf {
    state.root().join("pseudonyms.key")
}

/// The keys of the pseudonyms, drawn the first time.
pub(super) fn pseudonyms(state: &StateFolder) -> Result<PseudonymKeys> {
    let path = pseudonyms_file(state);
    let bytes = read_or_create_private(&path, || {
        anyhow::Ok(PseudonymKeys::generate()?.to_text().into_bytes())
    })?;
    let text =
        String::from_utf8(bytes).with_context(|| format!("`{}` est illisible", path.display()))?;
    PseudonymKeys::parse(&text).with_context(|| format!("`{}` ne va pas", path.display()))
}

/// The key that signs receipts, drawn the first time.
pub(super) fn receipts(state: &StateFolder) -> Result<ReceiptKey> {
    let path = state.root().join("receipts.key");
    let bytes = read_or_create_private(&path, || {
        anyhow::Ok(ReceiptKey::generate()?.pkcs8().to_vec())
    })?;
    ReceiptKey::from_pkcs8(&bytes).with_context(|| format!("`{}` ne va pas", path.display()))
}

/// Puts a new key on top of the others. The file is written first: a rotation that is killed is
/// taken up again with the key that it holds.
pub(super) async fn rotate(state: &StateFolder, gdpr: &mut Gdpr) -> Result<String> {
    let in_file = pseudonyms(state)?;
    let keys = if in_file.generation() > gdpr.generation() {
        in_file
    } else {
        in_file.with_another()?
    };
    write_private(&pseudonyms_file(state), keys.to_text().as_bytes())?;
    let people = gdpr.rotate_keys(&keys).await?;
    Ok(format!(
        "Clé n° {} en service ; {people} pseudonymes refaits.",
        keys.generation()
    ))
}
