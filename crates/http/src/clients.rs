//! The clients that may ask for tokens, and their secrets.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use filrouge_types::Secret;

// 128 bits, the least that NIST SP 800-132 asks of a salt (section 5.1).
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// A program that may ask for tokens.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its public name.
    pub client_id: String,
    /// The hash of its secret: the secret itself is known to the client alone.
    pub secret_hash: SecretHash,
    /// The scopes it may be granted.
    pub scopes: Vec<String>,
}

/// A new secret of 256 random bits, in base64url.
///
/// # Errors
/// When the system has no randomness to give.
pub fn generate_secret() -> Result<Secret, RandomnessError> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?).into())
}

/// A salted SHA-256 of a secret.
///
/// A slow hash (Argon2, scrypt) defends passwords, which people choose and which can be guessed.
/// Our secrets are 256 random bits: guessing is hopeless at any speed, so a fast hash loses
/// nothing and leaves no door to exhaust the processor through the token endpoint.
/// The salt keeps two clients with one secret from showing it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretHash {
    salt: [u8; SALT_BYTES],
    hash: [u8; HASH_BYTES],
}

impl SecretHash {
    /// Hashes `secret` with a new salt.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn of(secret: &Secret) -> Result<Self, RandomnessError> {
        let salt = random()?;
        Ok(Self {
            salt,
            hash: digest(&salt, secret.reveal()),
        })
    }

    /// True when `candidate` is the secret; takes the same time in both cases.
    pub fn matches(&self, candidate: &str) -> bool {
        // In constant time: the time taken tells nothing of the secret.
        verify_slices_are_equal(&self.hash, &digest(&self.salt, candidate)).is_ok()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// `sha256:<salt>:<hash>`, both in base64url: the form that configuration keeps.
impl fmt::Display for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "sha256:{}:{}",
            URL_SAFE_NO_PAD.encode(self.salt),
            URL_SAFE_NO_PAD.encode(self.hash)
        )
    }
}

impl FromStr for SecretHash {
    type Err = SecretHashError;

    fn from_str(text: &str) -> Result<Self, SecretHashError> {
        let mut parts = text
            .strip_prefix("sha256:")
            .ok_or(SecretHashError)?
            .splitn(2, ':');
        let mut part = || {
            URL_SAFE_NO_PAD
                .decode(parts.next().unwrap_or_default())
                .map_err(|_| SecretHashError)
        };

        let (salt, hash) = (part()?, part()?);

        Ok(Self {
            salt: salt.try_into().map_err(|_| SecretHashError)?,
            hash: hash.try_into().map_err(|_| SecretHashError)?,
        })
    }
}

/// A text that is not a hashed secret.
#[derive(Debug, thiserror::Error)]
#[error("a hashed secret reads sha256:<salt>:<hash>, both in base64url")]
pub struct SecretHashError;

/// The system's random generator failed.
#[derive(Debug, thiserror::Error)]
#[error("the system has no randomness to give")]
pub struct RandomnessError;

fn digest(salt: &[u8], secret: &str) -> [u8; HASH_BYTES] {
    let mut context = Context::new(&SHA256);
    context.update(salt);
    context.update(secret.as_bytes());
    let mut hash = [0; HASH_BYTES];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Secrets alone come from the system's generator: a seeded one would make them guessable.
fn random<const N: usize>() -> Result<[u8; N], RandomnessError> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| RandomnessError)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_secret_and_no_other() {
        let secret = generate_secret().unwrap();
        let hash = SecretHash::of(&secret).unwrap();
        assert!(hash.matches(secret.reveal()));
        assert!(!hash.matches(""));
        assert!(!hash.matches(generate_secret().unwrap().reveal()));
    }

    #[test]
    fn the_same_secret_hashes_differently_each_time() {
        let secret = generate_secret().unwrap();
        assert_ne!(
            SecretHash::of(&secret).unwrap(),
            SecretHash::of(&secret).unwrap()
        );
    }

    #[test]
    fn a_hash_reads_what_it_writes_and_refuses_the_rest() {
        let hash = SecretHash::of(&Secret::from("secret".to_owned())).unwrap();
        assert_eq!(hash.to_string().parse::<SecretHash>().unwrap(), hash);
        for bad in [
            "",
            "sha256:",
            "sha256:AAAA",
            "sha256:AAAA:AAAA",
            "md5:x:y",
            "sha256:é:é",
        ] {
            assert!(bad.parse::<SecretHash>().is_err(), "{bad}");
        }
    }

    #[test]
    fn neither_prints_itself_by_accident() {
        let secret = Secret::from("hunter2".to_owned());
        assert_eq!(
            format!("{secret:?} {:?}", SecretHash::of(&secret).unwrap()),
            "Secret(…) SecretHash(…)"
        );
    }
}
