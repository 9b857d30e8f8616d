use std::sync::Arc;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use filrouge_types::Secret;
use tokio::sync::Semaphore;

use crate::token::random;
use crate::{AccountsError, Result};

/// Passwords hashed at the same time: each takes [`MEMORY_KIB`] and a processor.
const AT_ONCE: usize = 2;

// OWASP, Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The hash of no password: verifying it takes as long as verifying a real one, so that the time of
/// an answer does not tell whether an address has an account.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords by argon2id, away from the threads that answer, a few at a time.
#[derive(Debug, Clone)]
pub(crate) struct PasswordHashing(Arc<Semaphore>);

impl PasswordHashing {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// The hash of `password` with a new salt, as a PHC string.
    pub(crate) async fn hash(&self, password: &Secret) -> Result<String> {
        let salt = random::<16>()?;
        let password = password.clone();

        let hash = move || {
            let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let hash = argon2.hash_password_with_salt(password.reveal().as_bytes(), &salt);
            Some(hash.ok()?.to_string())
        };
        self.run(hash).await?.ok_or(AccountsError::Hashing)
    }

    /// True when `password` is the one of `hash`; never without a hash, after as long.
    pub(crate) async fn matches(&self, password: &Secret, hash: Option<String>) -> Result<bool> {
        let password = password.clone();
        let verify = move || {
            let hash = hash.as_deref().unwrap_or(NOBODY);
            // The parameters are those of the hash: raising ours keeps the accounts of before.
            Argon2::default()
                .verify_password(password.reveal().as_bytes(), hash)
                .is_ok()
        };
        self.run(verify).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = Arc::clone(&self.0).acquire_owned().await;
        let permit = permit.map_err(|_| AccountsError::Hashing)?;

        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            // Given back by the work itself: a request that is given up does not free its processor.
            drop(permit);
            done
        });
        done.await.map_err(|_| AccountsError::Hashing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        text.to_owned().into()
    }

    // Preuve: C17.8 argon2id, avec les paramètres que l’OWASP recommande
    #[tokio::test]
    async fn a_password_is_hashed_by_argon2id_with_a_salt_of_its_own() {
        let hashing = PasswordHashing::new();
        let one = hashing.hash(&secret("la pluie sur le quai")).await.unwrap();
        let other = hashing.hash(&secret("la pluie sur le quai")).await.unwrap();

        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert!(
            hashing
                .matches(&secret("la pluie sur le quai"), Some(one.clone()))
                .await
                .unwrap()
        );
        assert!(
            !hashing
                .matches(&secret("la pluie sur le qua"), Some(one))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn nobody_has_a_password() {
        let hashing = PasswordHashing::new();
        assert!(Argon2::default().verify_password(b"", NOBODY).is_err());
        assert!(argon2::password_hash::phc::PasswordHash::new(NOBODY).is_ok());
        assert!(!hashing.matches(&secret(""), None).await.unwrap());
    }
}
