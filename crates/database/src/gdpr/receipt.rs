use chrono::{DateTime, Utc};

use super::Gdpr;
use crate::Result;
use crate::engine::Access;
use crate::per_engine::execute;

/// A signed receipt as the database keeps it: it names nobody.
#[derive(Debug, Clone, Copy)]
pub struct StoredReceipt<'a> {
    /// A random number, by which the receipt is found again.
    pub receipt_id: &'a str,
    /// The right exercised: `erasure`.
    pub kind: &'a str,
    /// Instant, UTC.
    pub issued_at: DateTime<Utc>,
    /// The signed content, as JSON.
    pub content: &'a str,
    /// The signature, hexadecimal.
    pub signature: &'a str,
}

impl Gdpr {
    /// Keeps the text that was signed, with its signature.
    ///
    /// # Errors
    /// When a receipt has this number already, or the database does not answer.
    pub async fn keep_receipt(&self, receipt: &StoredReceipt<'_>) -> Result<()> {
        // The very text that was signed is kept: written again, its fields could come in another
        // order.
        const INSERT: &str = "
            INSERT INTO receipts (
                receipt_id,
                kind,
                issued_at,
                content,
                signature
            )
            VALUES ($1, $2, $3, $4, $5)";

        let mut transaction = self.database.begin(Access::Write).await?;

        execute!(
            &mut transaction,
            INSERT,
            receipt.receipt_id,
            receipt.kind,
            receipt.issued_at.timestamp(),
            receipt.content,
            receipt.signature
        )?;

        transaction.commit().await
    }
}
