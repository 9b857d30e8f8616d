//! The seal of the audit log: the key of its chain, and its signed ends, kept outside the database.
//!
//! Whoever can change the database but not read the key can neither write a row that follows, nor
//! take one away, be it the last, without its showing.

use std::fmt;
use std::io;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign, verify};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

/// Before a hash made with the key, to tell it from those of before there was one.
const KEYED: &str = "k";

/// A place outside the database for the signed ends of the log.
pub trait EndsStore: Send + Sync {
    /// The text written last; none before the first.
    ///
    /// # Errors
    /// Those of the place.
    fn read(&self) -> io::Result<Option<String>>;

    /// Puts a text in the place of the last.
    ///
    /// # Errors
    /// Those of the place.
    fn write(&self, text: &str) -> io::Result<()>;
}

/// The key of the log's chain and the place of its signed ends.
pub struct AuditSeal {
    key: Key,
    store: Box<dyn EndsStore>,
    /// One signature at a time: each reads the one before it.
    pub(crate) turn: Mutex<()>,
}

/// The ends of the log, as they were signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ends {
    /// The first row; none while there is none.
    pub(crate) first_id: Option<i64>,
    /// The last row; zero while there is none.
    pub(crate) last_id: i64,
    pub(crate) last_at: i64,
    pub(crate) last_hash: String,
    /// Rows from this one on are made with the key.
    pub(crate) keyed_from: i64,
}

#[derive(Serialize, Deserialize)]
struct SignedEnds {
    ends: String,
    signature: String,
}

/// The signed ends, as the store has them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Nothing,
    Forged,
    Signed(Ends),
}

impl AuditSeal {
    /// A seal with this key, whose ends are kept in `store`.
    pub fn new(key: &[u8], store: impl EndsStore + 'static) -> Self {
        Self {
            key: Key::new(HMAC_SHA256, key),
            store: Box::new(store),
            turn: Mutex::default(),
        }
    }

    /// The hash of a row that follows the one of hash `previous`.
    pub(crate) fn hash(&self, previous: &str, content: &[u8]) -> String {
        // A zero, which no hash holds, ends the first part.
        let text = [previous.as_bytes(), b"\0", content].concat();
        format!("{KEYED}{}", hex::encode(sign(&self.key, &text)))
    }

    /// True for a hash that a key made.
    pub(crate) fn is_keyed(hash: &str) -> bool {
        hash.starts_with(KEYED)
    }

    pub(crate) fn read(&self) -> io::Result<Kept> {
        let Some(text) = self.store.read()? else {
            return Ok(Kept::Nothing);
        };
        Ok(self.verified(&text).map_or(Kept::Forged, Kept::Signed))
    }

    fn verified(&self, text: &str) -> Option<Ends> {
        let signed: SignedEnds = serde_json::from_str(text).ok()?;
        let signature = hex::decode(&signed.signature).ok()?;
        verify(&self.key, signed.ends.as_bytes(), &signature).ok()?;
        serde_json::from_str(&signed.ends).ok()
    }

    pub(crate) fn write(&self, ends: &Ends) -> io::Result<()> {
        let ends = serde_json::to_string(ends)?;
        let signature = hex::encode(sign(&self.key, ends.as_bytes()));
        self.store
            .write(&serde_json::to_string(&SignedEnds { ends, signature })?)
    }
}

impl fmt::Debug for AuditSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditSeal(…)")
    }
}
