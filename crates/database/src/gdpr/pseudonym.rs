//! Pseudonyms: HMACs of subscriber numbers, whose keys are outside the database.

#[cfg(test)]
mod tests;

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};

/// The number by which the operator knows a subscriber: personal data. It does not print.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SubscriberNumber(String);

impl SubscriberNumber {
    /// The number in clear: for the files that hold it, never for a log.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for SubscriberNumber {
    fn from(text: String) -> Self {
        Self(text.trim().to_owned())
    }
}

impl fmt::Debug for SubscriberNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubscriberNumber(…)")
    }
}

/// The domain of a pseudonym: the same person has another in each domain, and nobody can join them
/// without the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Domain {
    /// The person's own rows.
    Subscriber,
    /// The audit log, which outlives the person's rows.
    Audit,
    /// The list of those who asked to be forgotten.
    Erasure,
}

impl Domain {
    fn label(self) -> &'static [u8] {
        match self {
            // The zero ends the label: no number can make the text of another domain.
            // The NUL ends the label: no label and number side by side read as another pair.
            Self::Subscriber => b"subscriber\0",
            Self::Audit => b"audit\0",
            Self::Erasure => b"erasure\0",
        }
    }
}

/// The keys of the pseudonyms, the oldest first: each rotation hashes the pseudonyms once more,
/// with a new key.
///
/// So a rotation needs no subscriber number, and a key that leaked opens nothing once another was
/// put on top of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PseudonymKeys(Vec<[u8; 32]>);

/// Keys that could not be read or drawn.
#[derive(Debug, thiserror::Error)]
pub enum PseudonymKeyError {
    /// The system's generator failed.
    #[error("the system has no randomness to give")]
    Randomness,
    /// A line is not 64 hexadecimal digits.
    #[error("line {0} of the pseudonym keys is not 64 hexadecimal digits")]
    Format(usize),
    /// There is no key.
    #[error("the file of the pseudonym keys is empty")]
    Empty,
}

impl PseudonymKeys {
    /// One new key.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn generate() -> Result<Self, PseudonymKeyError> {
        Ok(Self(vec![draw()?]))
    }

    /// These keys and a new one on top of them, for [`Gdpr::rotate_keys`](crate::Gdpr::rotate_keys)
    /// to apply.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn with_another(&self) -> Result<Self, PseudonymKeyError> {
        Ok(Self([self.0.as_slice(), &[draw()?]].concat()))
    }

    /// Reads the text of [`to_text`](Self::to_text).
    ///
    /// # Errors
    /// When a line is not a key, or there is none.
    pub fn parse(text: &str) -> Result<Self, PseudonymKeyError> {
        // Counted before the empty ones are left out: an error names the line of the file.
        let lines = text.lines().map(str::trim).zip(1..);
        let keys: Vec<_> = lines
            .filter(|(line, _)| !line.is_empty())
            .map(|(line, number)| read_32(line).ok_or(PseudonymKeyError::Format(number)))
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            Err(PseudonymKeyError::Empty)
        } else {
            Ok(Self(keys))
        }
    }

    /// One key a line, for a file that only its owner can read.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|key| hex::encode(key) + "\n").collect()
    }

    /// The number of keys.
    pub fn generation(&self) -> usize {
        self.0.len()
    }

    /// The first `generation` of these keys; none when there are not as many.
    pub fn first(&self, generation: usize) -> Option<Self> {
        self.0.get(..generation).map(|keys| Self(keys.to_vec()))
    }

    /// Tells keys apart without telling anything of them.
    pub(crate) fn fingerprint(&self) -> String {
        // 64 bits tell keys apart, and give nobody a key to test guesses with.
        let newest = self.0.last().copied().unwrap_or_default();
        // Eight bytes tell keys apart; a random key cannot be found from its hash.
        hex::encode(&digest(&SHA256, &newest).as_ref()[..8])
    }

    pub(crate) fn pseudonym(&self, domain: Domain, number: &SubscriberNumber) -> String {
        // Each key hashes the tag of the keys before it: a rotation needs no number.
        let mut tag = [domain.label(), number.reveal().as_bytes()].concat();
        for key in &self.0 {
            tag = hash(key, &tag);
        }
        hex::encode(tag)
    }

    /// The pseudonyms that this person has had, one for each number of keys: rows that are never
    /// changed keep theirs.
    pub(crate) fn pseudonyms_so_far(
        &self,
        domain: Domain,
        number: &SubscriberNumber,
    ) -> Vec<String> {
        (1..=self.generation())
            .filter_map(|count| self.first(count))
            .map(|keys| keys.pseudonym(domain, number))
            .collect()
    }

    /// Hashes a pseudonym of the keys before with the newest key.
    pub(crate) fn rehash(&self, pseudonym: &str) -> Option<String> {
        self.rehash_since(self.generation().checked_sub(1)?, pseudonym)
    }

    /// Hashes a pseudonym of the first `generation` keys with those that came after them.
    pub(crate) fn rehash_since(&self, generation: usize, pseudonym: &str) -> Option<String> {
        let mut tag = read_32(pseudonym)?.to_vec();
        for key in self.0.get(generation..)? {
            tag = hash(key, &tag);
        }
        Some(hex::encode(tag))
    }
}

impl fmt::Debug for PseudonymKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PseudonymKeys({})", self.0.len())
    }
}

fn draw() -> Result<[u8; 32], PseudonymKeyError> {
    let mut key = [0; 32];
    SystemRandom::new()
        .fill(&mut key)
        .map_err(|_| PseudonymKeyError::Randomness)?;
    Ok(key)
}

fn hash(key: &[u8; 32], content: &[u8]) -> Vec<u8> {
    sign(&Key::new(HMAC_SHA256, key), content).as_ref().to_vec()
}

fn read_32(text: &str) -> Option<[u8; 32]> {
    hex::decode(text).ok()?.try_into().ok()
}
