//! The keys of second factors, encrypted in the database: whoever copies it without the file of the
//! sealing key reads none of them.

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use filrouge_storage::read_or_create_private;

use crate::token::random;
use crate::{AccountId, AccountsError, Result};

/// Bytes of the sealing key: AES-256.
const KEY_BYTES: usize = 32;

/// Encrypts by AES-256-GCM, with a nonce drawn each time.
#[derive(Debug, Clone)]
pub(crate) struct Sealing(Arc<RandomizedNonceKey>);

impl Sealing {
    /// The key of the file at `path`, which its owner alone may read, drawn when it is not there.
    pub(crate) fn of_file(path: &Path) -> Result<Self> {
        let key = read_or_create_private(path, || {
            let key = random::<KEY_BYTES>()?;
            Ok::<_, AccountsError>(hex::encode(key).into_bytes())
        })?;

        let key = hex::decode(key.trim_ascii()).map_err(|_| AccountsError::SealingKey)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &key);
        Ok(Self(Arc::new(key.map_err(|_| AccountsError::SealingKey)?)))
    }

    /// The secret of an account as the database keeps it: in hexadecimal, its nonce, its ciphertext
    /// and its tag. The account is authenticated with it: moved to another one, it opens no more.
    pub(crate) fn seal(&self, account_id: &AccountId, secret: &[u8]) -> Result<String> {
        let mut sealed = secret.to_vec();
        let account = Aad::from(account_id.as_str());
        let nonce = self.0.seal_in_place_append_tag(account, &mut sealed);
        let nonce = nonce.map_err(|_| AccountsError::SealingKey)?;

        Ok(hex::encode([nonce.as_ref(), sealed.as_slice()].concat()))
    }

    /// The secret of an account; nothing for a text that this key did not seal for it.
    pub(crate) fn open(&self, account_id: &AccountId, sealed: &str) -> Option<Vec<u8>> {
        let bytes = hex::decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;

        let mut sealed = sealed.to_vec();
        let account = Aad::from(account_id.as_str());
        let secret = self.0.open_in_place(nonce, account, &mut sealed).ok()?;
        Some(secret.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn sealing(folder: &Path) -> Sealing {
        Sealing::of_file(&folder.join("second-factors.key")).unwrap()
    }

    #[test]
    fn a_secret_is_opened_by_its_key_for_its_account_and_by_nothing_else() {
        let [folder, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let [camille, alix] = [(); 2].map(|()| AccountId::draw().unwrap());
        let key = sealing(folder.path());
        let sealed = key.seal(&camille, SECRET).unwrap();

        assert_ne!(key.seal(&camille, SECRET).unwrap(), sealed);
        // The file gives the same key again.
        let again = sealing(folder.path());
        assert_eq!(again.open(&camille, &sealed).unwrap(), SECRET);

        assert_eq!(again.open(&alix, &sealed), None);
        assert_eq!(sealing(other.path()).open(&camille, &sealed), None);
        let altered = format!("{}0", &sealed[..sealed.len() - 1]);
        let altered = if altered == sealed {
            altered.replace('0', "1")
        } else {
            altered
        };
        for wrong in [altered.as_str(), "", "abc", &sealed[..20]] {
            assert_eq!(again.open(&camille, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_file_that_holds_no_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("second-factors.key");
        for content in ["", "0123", "not a key"] {
            std::fs::write(&path, content).unwrap();
            let refused = Sealing::of_file(&path).unwrap_err();
            assert!(matches!(refused, AccountsError::SealingKey), "{content}");
        }
    }
}
