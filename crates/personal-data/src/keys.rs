//! The keys of the state: those of the pseudonyms and the one that signs receipts, readable by
//! their owner only.

use std::path::Path;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use filrouge_database::PseudonymKeys;
use filrouge_storage::{StateFolder, read_or_create_private};

use crate::error::FileFault;
use crate::receipt::ReceiptKey;
use crate::{PersonalDataError, Result};

/// The keys of the pseudonyms, drawn the first time.
pub(crate) fn pseudonym_keys(state: &StateFolder) -> Result<PseudonymKeys> {
    let path = state.pseudonym_keys();
    let bytes = read_or_draw(&path, || {
        let keys = PseudonymKeys::generate().map_err(|_| PersonalDataError::Randomness)?;
        Ok(keys.to_text().into_bytes())
    })?;

    // A byte that is no text is no digit either: the parser names the line.
    PseudonymKeys::parse(&String::from_utf8_lossy(&bytes))
        .map_err(|source| PersonalDataError::PseudonymKeys { path, source })
}

/// The key of the audit log's chain, drawn the first time.
pub(crate) fn audit_key(state: &StateFolder) -> Result<Vec<u8>> {
    let path = state.audit_key();
    let text = read_or_draw(&path, || Ok(random_identifier()?.into_bytes()))?;

    // A file that was cut or emptied would be a key that anybody can guess.
    let key = hex::decode(text).ok().filter(|key| key.len() == 32);
    key.ok_or(PersonalDataError::AuditKey { path })
}

/// The key that signs receipts, drawn the first time.
pub(crate) fn receipt_key(state: &StateFolder) -> Result<ReceiptKey> {
    let path = state.receipt_key();
    let bytes = read_or_draw(&path, || {
        let key = ReceiptKey::generate().map_err(|_| PersonalDataError::Randomness)?;
        Ok(key.pkcs8().to_vec())
    })?;

    ReceiptKey::from_pkcs8(&bytes).map_err(|source| PersonalDataError::ReceiptKey { path, source })
}

/// A number that nobody can guess.
pub(crate) fn random_identifier() -> Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| PersonalDataError::Randomness)?;

    Ok(hex::encode(bytes))
}

fn read_or_draw(path: &Path, draw: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    // The content is drawn here, not in `storage`, whose errors are those of the file system.
    let content = if path.exists() { Vec::new() } else { draw()? };

    read_or_create_private(path, || Ok(content)).map_err(FileFault::Read.of(path))
}
