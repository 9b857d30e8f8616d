//! Signed proof of what the exercise of a right did. A receipt names nobody: its holder knows who
//! it is about.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Gdpr;
use crate::Result;
use crate::engine::{Access, on_engine};

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptContent {
    /// A random number, by which the receipt is found again.
    pub receipt_id: String,
    /// Which right: `erasure`.
    pub kind: String,
    /// When, UTC.
    pub issued_at: DateTime<Utc>,
    /// Each place, and how many records were removed from it.
    pub removed: Vec<(String, u64)>,
    /// Files that were then searched for the person's values.
    pub files_searched: u64,
    /// Bytes that were searched.
    pub bytes_searched: u64,
    /// Files where a value was still found: none when the erasure is complete.
    pub still_found_in: Vec<String>,
}

/// A receipt and its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The content, as JSON: these very bytes are signed.
    pub content: String,
    /// Ed25519 signature of `content`, hexadecimal.
    pub signature: String,
    /// The public key that verifies it, hexadecimal.
    pub public_key: String,
}

/// The Ed25519 key that signs receipts.
pub struct ReceiptKey {
    pair: Ed25519KeyPair,
    pkcs8: Vec<u8>,
}

/// A key that could not be made or read.
#[derive(Debug, thiserror::Error)]
#[error("the receipt key is not an Ed25519 private key in PKCS #8")]
pub struct ReceiptKeyError;

impl ReceiptKey {
    /// A new key.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn generate() -> Result<Self, ReceiptKeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| ReceiptKeyError)?;
        Self::from_pkcs8(pair.to_pkcs8().map_err(|_| ReceiptKeyError)?.as_ref())
    }

    /// Reads what [`pkcs8`](Self::pkcs8) gave.
    ///
    /// # Errors
    /// When the bytes are no such key.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, ReceiptKeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| ReceiptKeyError)?;
        Ok(Self {
            pair,
            pkcs8: pkcs8.to_vec(),
        })
    }

    /// The private key, for a file that only its owner can read.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// Signs a content.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn sign(&self, content: &ReceiptContent) -> Result<Receipt, serde_json::Error> {
        let content = serde_json::to_string(content)?;
        let signature = hex::encode(self.pair.sign(content.as_bytes()));
        Ok(Receipt {
            content,
            signature,
            public_key: hex::encode(self.pair.public_key()),
        })
    }

    /// The content of a receipt that this key signed; none for any other text.
    pub fn verify(&self, receipt: &Receipt) -> Option<ReceiptContent> {
        let signature = hex::decode(&receipt.signature).ok()?;
        let key = UnparsedPublicKey::new(&ED25519, self.pair.public_key().as_ref());
        key.verify(receipt.content.as_bytes(), &signature).ok()?;
        serde_json::from_str(&receipt.content).ok()
    }
}

impl fmt::Debug for ReceiptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptKey(…)")
    }
}

impl Gdpr {
    /// Keeps a receipt.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_receipt(&self, content: &ReceiptContent, receipt: &Receipt) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO receipts (receipt_id, kind, issued_at, content, signature)
            VALUES ($1, $2, $3, $4, $5)";

        let mut transaction = self.database.begin(Access::Write).await?;

        on_engine!(&mut transaction, |transaction| {
            sqlx::query(INSERT)
                .bind(&content.receipt_id)
                .bind(&content.kind)
                .bind(content.issued_at.timestamp())
                .bind(&receipt.content)
                .bind(&receipt.signature)
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;

        transaction.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Preuve: C4.9 un effacement laisse un reçu signé, qu’une retouche invalide
    #[test]
    fn a_receipt_is_verified_by_its_key_and_spoilt_by_any_change() {
        let key = ReceiptKey::generate().unwrap();
        let content = ReceiptContent {
            receipt_id: "r".to_owned(),
            kind: "erasure".to_owned(),
            issued_at: DateTime::UNIX_EPOCH,
            removed: vec![("subscribers".to_owned(), 1)],
            files_searched: 3,
            bytes_searched: 4,
            still_found_in: Vec::new(),
        };
        let receipt = key.sign(&content).unwrap();
        assert_eq!(
            ReceiptKey::from_pkcs8(key.pkcs8())
                .unwrap()
                .verify(&receipt),
            Some(content)
        );
        let changed = Receipt {
            content: receipt.content.replace("[]", "[\"lake\"]"),
            ..receipt.clone()
        };
        assert_eq!(key.verify(&changed), None);
        assert_eq!(
            key.verify(&Receipt {
                signature: "é".to_owned(),
                ..receipt.clone()
            }),
            None
        );
        assert_eq!(
            ReceiptKey::generate().unwrap().verify(&receipt),
            None,
            "another key"
        );
    }
}
