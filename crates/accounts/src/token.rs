//! Secrets that the program draws: sessions and one-time links.

use aws_lc_rs::rand;
use filrouge_types::Secret;
use sha2::{Digest, Sha256};

use crate::{AccountsError, Result};

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| AccountsError::Randomness)?;
    Ok(bytes)
}

/// A new token of 256 random bits.
pub(crate) fn draw_token() -> Result<Secret> {
    Ok(hex::encode(random::<32>()?).into())
}

/// The hash that the database keeps. SHA-256 is enough: unlike a password, 256 random bits cannot be
/// guessed at any speed.
pub(crate) fn hash_of(token: &Secret) -> String {
    hex::encode(Sha256::digest(token.reveal()))
}
