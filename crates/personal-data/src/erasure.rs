//! Erasure (article 17), and the signed receipt of it.

use std::fs;
use std::path::{Path, PathBuf};

use filrouge_database::SubscriberNumber;
use filrouge_database::gdpr::StoredReceipt;
use filrouge_storage::{StateFolder, write_private};

use crate::error::FileFault;
use crate::files::{self, CorrectedFile, Search};
use crate::receipt::{Receipt, ReceiptContent};
use crate::{PersonalData, PersonalDataError, Result, keys};

/// The outcome of an erasure, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureReport {
    /// The content of the receipt.
    pub content: ReceiptContent,
    /// The signed receipt, to hand over to the person.
    pub receipt: PathBuf,
    /// False when a reader still holds the database's old write-ahead log.
    pub log_is_emptied: bool,
}

impl ErasureReport {
    /// True when nothing is left of the person, and every file was read.
    pub fn is_complete(&self) -> bool {
        self.log_is_emptied
            && self.content.still_found_in.is_empty()
            && self.content.unreadable.is_empty()
    }
}

impl PersonalData<'_> {
    /// Forgets a person everywhere, searches every file for a remainder, and signs the outcome.
    /// The receipt goes to `path` or to the state's own.
    ///
    /// # Errors
    /// When the database does not answer, or a file cannot be read or written.
    pub async fn erase(
        &self,
        person: &SubscriberNumber,
        path: Option<&Path>,
    ) -> Result<ErasureReport> {
        let (removed, resisting) = self.remove_everywhere(person).await?;

        // The search comes last: it would find the bytes that removed rows leave in the files.
        let log_is_emptied = self.database.leave_no_trace().await?;
        let mut search = files::search(self.state, &self.texts_of(person))?;
        search.unreadable.extend(resisting);

        let content = self.receipt_content(removed, search)?;
        let path = path.map_or_else(|| self.state.receipt(), Path::to_owned);
        self.keep_receipt(&content, &path).await?;

        Ok(ErasureReport {
            content,
            receipt: path,
            log_is_emptied,
        })
    }

    /// Each place, and how many records were removed from it; then the files that resisted.
    async fn remove_everywhere(
        &self,
        person: &SubscriberNumber,
    ) -> Result<(Vec<(String, u64)>, Vec<String>)> {
        let erased = self.records.erase(person).await?;
        let collected = files::forget_in_collections(self.state, person)?;
        // The database keeps a copy of the manifests.
        for CorrectedFile { run_id, file, gone } in &collected.corrected {
            self.database
                .correct_file(run_id, file, *gone, self.now)
                .await?;
        }
        let exports = files::forget_exports(self.state, &self.records.audit_subjects(person))?;

        let removed = [
            ("table subscribers", erased.subscribers),
            ("table consents", erased.consents),
            ("table restrictions", erased.restrictions),
            ("collectes brutes", collected.lines),
            ("exports", exports),
        ];

        let removed = removed.map(|(place, records)| (place.to_owned(), records));
        Ok((removed.into(), collected.unreadable))
    }

    /// The texts by which a file would still tell of the person.
    fn texts_of(&self, person: &SubscriberNumber) -> Vec<String> {
        let mut texts = self.records.traces_of(person);
        texts.push(files::number_in_collections(person));
        texts
    }

    fn receipt_content(
        &self,
        removed: Vec<(String, u64)>,
        search: Search,
    ) -> Result<ReceiptContent> {
        Ok(ReceiptContent {
            receipt_id: keys::random_identifier()?,
            kind: "erasure".to_owned(),
            issued_at: self.now,
            removed,
            files_searched: search.files,
            bytes_searched: search.bytes,
            still_found_in: search.found_in.into_iter().collect(),
            unreadable: search.unreadable.into_iter().collect(),
            not_opened: search.not_opened.into_iter().collect(),
        })
    }

    async fn keep_receipt(&self, content: &ReceiptContent, path: &Path) -> Result<()> {
        let receipt = keys::receipt_key(self.state)?.sign(content)?;

        self.records
            .keep_receipt(&stored(content, &receipt))
            .await?;

        let text = serde_json::to_string_pretty(&receipt)?;
        write_private(path, text.as_bytes()).map_err(FileFault::Write.of(path))
    }
}

fn stored<'a>(content: &'a ReceiptContent, receipt: &'a Receipt) -> StoredReceipt<'a> {
    StoredReceipt {
        receipt_id: &content.receipt_id,
        kind: &content.kind,
        issued_at: content.issued_at,
        content: &receipt.content,
        signature: &receipt.signature,
    }
}

/// Reads a receipt from a file; none when this state did not sign it or it was changed.
///
/// # Errors
/// When the file cannot be read or is not a receipt.
pub fn verify_receipt(state: &StateFolder, path: &Path) -> Result<Option<ReceiptContent>> {
    let text = fs::read_to_string(path).map_err(FileFault::Read.of(path))?;
    let receipt = serde_json::from_str(&text).map_err(|source| PersonalDataError::NotAReceipt {
        path: path.to_owned(),
        source,
    })?;

    Ok(keys::receipt_key(state)?.verify(&receipt))
}
