//! The Ed25519 key that signs a service's tokens.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

/// A private key for EdDSA (Ed25519) and its identifier.
pub struct SigningKey {
    pkcs8: Vec<u8>,
    public_key: Vec<u8>,
    key_id: String,
}

/// The bytes are not an Ed25519 private key in PKCS #8, or none could be made.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// Generation failed.
    #[error("the system could not generate an Ed25519 key")]
    Generation,
    /// Reading failed.
    #[error("the signing key is not an Ed25519 private key in PKCS #8")]
    Format,
}

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn generate() -> Result<Self, SigningKeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| SigningKeyError::Generation)?;
        let pkcs8 = pair.to_pkcs8().map_err(|_| SigningKeyError::Generation)?;
        Self::from_pkcs8(pkcs8.as_ref())
    }

    /// Reads a key that [`pkcs8`](Self::pkcs8) gave.
    ///
    /// # Errors
    /// When the bytes are not an Ed25519 private key.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, SigningKeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| SigningKeyError::Format)?;
        let public_key = pair.public_key().as_ref().to_vec();
        let key_id = thumbprint(&public_key);
        Ok(Self {
            pkcs8: pkcs8.to_vec(),
            public_key,
            key_id,
        })
    }

    /// The private key in PKCS #8, for the caller to keep in a file that only its owner can read.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The key's identifier: its RFC 7638 thumbprint.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The 32 bytes of the public key.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// The public key as others read it.
    pub fn json_web_key(&self) -> JsonWebKey {
        JsonWebKey {
            key_type: "OKP",
            curve: "Ed25519",
            key_use: "sig",
            algorithm: "EdDSA",
            key_id: self.key_id.clone(),
            x: URL_SAFE_NO_PAD.encode(&self.public_key),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("key_id", &self.key_id)
            // The private key is never printed.
            .finish_non_exhaustive()
    }
}

/// Une clé publique au format JWK (RFC 7517, RFC 8037).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JsonWebKey {
    /// Famille de la clé.
    #[serde(rename = "kty")]
    #[schema(rename = "kty", example = "OKP")]
    key_type: &'static str,
    /// Courbe.
    #[serde(rename = "crv")]
    #[schema(rename = "crv", example = "Ed25519")]
    curve: &'static str,
    /// Usage : signature.
    #[serde(rename = "use")]
    #[schema(rename = "use", example = "sig")]
    key_use: &'static str,
    /// Algorithme.
    #[serde(rename = "alg")]
    #[schema(rename = "alg", example = "EdDSA")]
    algorithm: &'static str,
    /// Identifiant de la clé (empreinte RFC 7638).
    #[serde(rename = "kid")]
    #[schema(
        rename = "kid",
        example = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    )]
    key_id: String,
    /// Clé publique en base64url.
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    x: String,
}

fn thumbprint(public_key: &[u8]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public_key);
    // RFC 7638, section 3: the required members, in alphabetical order, without a space.
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_the_one_of_rfc_8037() {
        // RFC 8037, appendix A.3.
        let public_key = URL_SAFE_NO_PAD
            .decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
            .unwrap();
        assert_eq!(
            thumbprint(&public_key),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn a_key_reads_what_it_writes() {
        let key = SigningKey::generate().unwrap();
        assert_eq!(
            SigningKey::from_pkcs8(key.pkcs8()).unwrap().key_id(),
            key.key_id()
        );
        assert!(SigningKey::from_pkcs8(b"not a key").is_err());
    }
}
