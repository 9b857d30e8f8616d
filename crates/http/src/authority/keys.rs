use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};

use super::error::TokenRefusal;
use super::token::{Claims, TOKEN_LIFETIME};
use crate::clients::Client;
use crate::signing_key::{JsonWebKey, SigningKey};

/// A key that was replaced: it verifies the tokens that it signed until the last one has ended.
#[derive(Debug, Clone)]
pub struct FormerKey {
    /// The key.
    pub key: Arc<SigningKey>,
    /// The moment from which another one signs.
    pub replaced_at: DateTime<Utc>,
}

/// Tells when the clients or keys of a service were renewed, while it runs.
pub trait Renewal: std::fmt::Debug + Send + Sync {
    /// All of them, when they are not those that it gave last. It is asked for each new token: the
    /// answer must be quick.
    fn news(&self) -> Option<Renewed>;
}

/// The clients and keys of a service.
#[derive(Debug)]
pub struct Renewed {
    /// The clients that may ask for tokens.
    pub clients: Vec<Client>,
    /// The key that signs.
    pub signing_key: SigningKey,
    /// Those that it replaced.
    pub former_keys: Vec<FormerKey>,
}

/// The keys of a service.
pub(super) struct Keys {
    current: Arc<SigningKey>,
    former: Vec<FormerKey>,
    encoding: EncodingKey,
    header: Header,
    decoding: HashMap<String, Verifier>,
}

struct Verifier {
    key: DecodingKey,
    /// Seconds since 1970 after which it verifies nothing more; none for the key that signs.
    ends_at: Option<i64>,
}

impl Keys {
    pub(super) fn new(current: SigningKey, former: Vec<FormerKey>) -> Self {
        Self::of(Arc::new(current), former)
    }

    /// The same key signs, and these are the former ones.
    pub(super) fn with_former(&self, former: Vec<FormerKey>) -> Self {
        Self::of(Arc::clone(&self.current), former)
    }

    fn of(current: Arc<SigningKey>, former: Vec<FormerKey>) -> Self {
        let mut header = Header::new(Algorithm::EdDSA);
        // While keys rotate, two of them verify: each token names its own.
        header.kid = Some(current.key_id().to_owned());

        let mut decoding: HashMap<_, _> = former
            .iter()
            .map(|former| verifier(&former.key, Some(former.ends_at())))
            .collect();
        decoding.extend([verifier(&current, None)]);

        Self {
            encoding: EncodingKey::from_ed_der(current.pkcs8()),
            header,
            decoding,
            current,
            former,
        }
    }

    pub(super) fn key_id(&self) -> &str {
        self.current.key_id()
    }

    pub(super) fn sign(&self, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
        jsonwebtoken::encode(&self.header, claims, &self.encoding)
    }

    /// The claims of a token that one of the keys signed.
    pub(super) fn read(
        &self,
        token: &str,
        validation: &Validation,
        now: i64,
    ) -> Result<Claims, TokenRefusal> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenRefusal::Invalid)?;
        // A token that names no key is held against the one in use.
        let key_id = header.kid.as_deref().unwrap_or_else(|| self.key_id());
        let verifier = self.decoding.get(key_id).ok_or(TokenRefusal::Invalid)?;
        if verifier.ends_at.is_some_and(|end| end <= now) {
            return Err(TokenRefusal::Invalid);
        }

        let claims = jsonwebtoken::decode::<Claims>(token, &verifier.key, validation)
            .map_err(|_| TokenRefusal::Invalid)?
            .claims;
        claims.times.check(now)?;
        // The last token of a former key ended with it, whatever a token says of itself.
        if verifier.ends_at.is_some_and(|end| claims.times.end() > end) {
            return Err(TokenRefusal::Invalid);
        }
        Ok(claims)
    }

    /// The public keys that verify something at `now`, the one in use first.
    pub(super) fn public(&self, now: i64) -> Vec<JsonWebKey> {
        let former = self.former.iter().filter(|former| former.ends_at() > now);
        let former = former.map(|former| former.key.json_web_key());
        std::iter::once(self.current.json_web_key())
            .chain(former)
            .collect()
    }
}

impl FormerKey {
    /// The end of its last token, seconds since 1970.
    fn ends_at(&self) -> i64 {
        (self.replaced_at + TOKEN_LIFETIME).timestamp()
    }
}

fn verifier(key: &SigningKey, ends_at: Option<i64>) -> (String, Verifier) {
    let verifier = Verifier {
        key: DecodingKey::from_ed_der(key.public_key()),
        ends_at,
    };
    (key.key_id().to_owned(), verifier)
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Keys").field(&self.current).finish()
    }
}
