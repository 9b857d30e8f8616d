//! Signed proof of the exercise of a right. A receipt names nobody: its holder knows who
//! it is about.

#[cfg(test)]
mod tests;

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ReceiptKeyError;

/// The part of a receipt that is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptContent {
    /// A random number, by which the receipt is found again.
    pub receipt_id: String,
    /// The right exercised: `erasure`.
    pub kind: String,
    /// Instant, UTC.
    pub issued_at: DateTime<Utc>,
    /// Each place, and how many records were removed from it.
    pub removed: Vec<(String, u64)>,
    /// Files that were then searched for the person's values.
    pub files_searched: u64,
    /// Bytes that were searched.
    pub bytes_searched: u64,
    /// Files where a value was still found: none when the erasure is complete.
    pub still_found_in: Vec<String>,
    /// Files that could not be read or written: none when the erasure is complete.
    #[serde(default)]
    pub unreadable: Vec<String>,
    /// Compressed files whose inside was not searched.
    #[serde(default)]
    pub not_opened: Vec<String>,
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

impl ReceiptKey {
    /// A new key.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn generate() -> Result<Self, ReceiptKeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| ReceiptKeyError)?;
        Self::from_pkcs8(pair.to_pkcs8().map_err(|_| ReceiptKeyError)?.as_ref())
    }

    /// Reads the bytes of [`pkcs8`](Self::pkcs8).
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
    pub fn sign(&self, content: &ReceiptContent) -> serde_json::Result<Receipt> {
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

        // The key is ours, never the one that the receipt carries: anyone can sign with their own.
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
