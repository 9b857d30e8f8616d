//! A service's own OAuth 2 authority: client credentials in, short signed tokens out.

pub(crate) mod endpoint;
mod error;
mod grant;
mod revocations;
mod token;
mod verified;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use filrouge_types::Clock;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use utoipa::ToSchema;

use crate::clients::{Client, RandomnessError, SecretHash, generate_secret};
use crate::limits::{RateLimit, RateLimiter};
use crate::signing_key::{JsonWebKey, SigningKey};

pub use error::{OauthError, TokenRefusal};
pub use grant::Grant;
pub use revocations::Revocations;
use token::{Claims, Times};
use verified::VerifiedTokens;

/// Lifetime of a token: 15 minutes.
pub const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// Settings of an [`Authority`].
#[derive(Debug)]
pub struct AuthorityConfig {
    /// Name of the service: both the `iss` and the `aud` of its tokens, which it alone accepts.
    pub service: &'static str,
    /// The clients that may ask for tokens.
    pub clients: Vec<Client>,
    /// The key that signs.
    pub signing_key: SigningKey,
    /// Bound on the calls of one client.
    pub rate_limit: RateLimit,
}

/// Issues and verifies the tokens of one service.
pub struct Authority {
    config: AuthorityConfig,
    encoding_key: EncodingKey,
    decoding_keys: HashMap<String, DecodingKey>,
    former_keys: Vec<JsonWebKey>,
    header: Header,
    validation: Validation,
    verified: VerifiedTokens,
    revoked: Revocations,
    limiter: RateLimiter,
    clock: Arc<dyn Clock>,
    /// Compared when the client is unknown, so that the answer takes as long as for a known one.
    decoy: SecretHash,
}

/// Un jeton d’accès (RFC 6749, section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IssuedToken {
    /// Le jeton, un JWT signé en EdDSA.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9.…")]
    pub access_token: String,
    /// Toujours `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Durée de vie en secondes.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Droits accordés, séparés par des espaces.
    #[schema(example = "data:read")]
    pub scope: String,
}

impl Authority {
    /// An authority that reads the time on `clock`.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new(config: AuthorityConfig, clock: Arc<dyn Clock>) -> Result<Self, RandomnessError> {
        let mut header = Header::new(Algorithm::EdDSA);
        // While keys rotate, two of them verify: each token names its own.
        header.kid = Some(config.signing_key.key_id().to_owned());

        Ok(Self {
            encoding_key: EncodingKey::from_ed_der(config.signing_key.pkcs8()),
            decoding_keys: HashMap::from([decoding_key(&config.signing_key)]),
            former_keys: Vec::new(),
            header,
            validation: validation(&config),
            verified: VerifiedTokens::default(),
            revoked: Revocations::default(),
            limiter: RateLimiter::new(config.rate_limit),
            decoy: SecretHash::of(&generate_secret()?)?,
            config,
            clock,
        })
    }

    /// Also accepts the tokens that these keys signed, and publishes them: a key that was replaced
    /// stays until its last token has ended, so that a rotation refuses nobody.
    #[must_use]
    pub fn with_former_keys(mut self, keys: &[SigningKey]) -> Self {
        self.decoding_keys.extend(keys.iter().map(decoding_key));
        self.former_keys
            .extend(keys.iter().map(SigningKey::json_web_key));
        self
    }

    /// Also refuses the tokens that were given back before this start, and keeps those that will
    /// be. Without it, revocations are forgotten at the next start, which must then sign
    /// with another key.
    #[must_use]
    pub fn with_revocations(mut self, revocations: Revocations) -> Self {
        self.revoked = revocations;
        self
    }

    /// Gives a token to a client that proves who it is; no `scope` means all it may have.
    ///
    /// # Errors
    /// `invalid_client` for an unknown client or a wrong secret (the same answer for both),
    /// `invalid_scope` for a scope that the client may not have.
    pub fn issue(
        &self,
        client_id: &str,
        secret: &str,
        scope: Option<&str>,
    ) -> Result<IssuedToken, OauthError> {
        let client = self.authenticate(client_id, secret)?;
        let scope = granted_scope(client, scope)?;

        let claims = Claims {
            iss: self.config.service.to_owned(),
            aud: self.config.service.to_owned(),
            sub: client.client_id.clone(),
            // Named, so that it can be given back before its end.
            jti: uuid::Uuid::new_v4().to_string(),
            scope: scope.clone(),
            times: Times::starting(self.clock.now(), TOKEN_LIFETIME),
        };

        let access_token = jsonwebtoken::encode(&self.header, &claims, &self.encoding_key)
            .map_err(|cause| {
                tracing::error!(?cause, "token signature failed");
                OauthError::ServerError
            })?;

        Ok(IssuedToken {
            access_token,
            token_type: "Bearer",
            expires_in: TOKEN_LIFETIME.num_seconds(),
            scope,
        })
    }

    /// Reads a token: its algorithm, signature, issuer, audience and expiry are checked.
    ///
    /// A token that was verified once is cached until it expires: an Ed25519 verification
    /// costs more than all the rest of a request.
    ///
    /// # Errors
    /// The reason why the token is refused.
    pub fn verify(&self, token: &str) -> Result<Arc<Grant>, TokenRefusal> {
        let now = self.clock.now().timestamp();

        if let Some(grant) = self.verified.get(token) {
            // A cached token still ends at its time.
            return if grant.expires_at > now {
                Ok(grant)
            } else {
                Err(TokenRefusal::Expired)
            };
        }

        let claims =
            jsonwebtoken::decode::<Claims>(token, self.decoding_key(token)?, &self.validation)
                .map_err(|_| TokenRefusal::Invalid)?
                .claims;
        claims.times.check(now)?;
        let grant = Arc::new(Grant::from(claims));

        self.verified.insert(token, &grant, now);

        // Asked after the token is cached: whichever comes first, this or a revocation, the
        // token is refused.
        if self.revoked.contains(&grant.token_id) {
            self.verified.remove(token);
            return Err(TokenRefusal::Invalid);
        }

        Ok(grant)
    }

    /// Ends a token of `client_id` before its time (RFC 7009). A text that is no token of this
    /// client is left alone, and nobody is told.
    ///
    /// # Errors
    /// `invalid_client` for an unknown client or a wrong secret, `server_error` when the token is
    /// refused from now on but that could not be kept for the next start.
    pub fn revoke(&self, client_id: &str, secret: &str, token: &str) -> Result<(), OauthError> {
        let client = self.authenticate(client_id, secret)?;
        if let Ok(grant) = self.verify(token)
            && *grant.client_id == *client.client_id
        {
            // Refused from now on, also when it could not be written for the next start.
            let kept = self.revoked.add(
                &grant.token_id,
                grant.expires_at,
                self.clock.now().timestamp(),
            );

            self.verified.remove(token);
            return kept.map_err(|error| {
                tracing::error!(%error, "a revocation could not be kept");
                OauthError::ServerError
            });
        }
        Ok(())
    }

    /// The public keys that verify the tokens, the one in use first.
    pub fn public_keys(&self) -> Vec<JsonWebKey> {
        let mut keys = vec![self.config.signing_key.json_web_key()];
        keys.extend(self.former_keys.iter().cloned());
        keys
    }

    /// Counts one request of `client_id`; the error is the number of seconds to wait.
    ///
    /// # Errors
    /// When the client's allowance is used up.
    pub fn admit(&self, client_id: &str) -> Result<(), u32> {
        self.limiter.admit(client_id, self.clock.now())
    }

    /// The key that signs the tokens.
    pub fn signing_key(&self) -> &SigningKey {
        &self.config.signing_key
    }

    /// The key that a token names; one that names none is held against the key in use.
    fn decoding_key(&self, token: &str) -> Result<&DecodingKey, TokenRefusal> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenRefusal::Invalid)?;
        let key_id = header
            .kid
            .as_deref()
            .unwrap_or_else(|| self.config.signing_key.key_id());
        self.decoding_keys.get(key_id).ok_or(TokenRefusal::Invalid)
    }

    fn authenticate(&self, client_id: &str, secret: &str) -> Result<&Client, OauthError> {
        let client = self
            .config
            .clients
            .iter()
            .find(|client| client.client_id == client_id);
        // An unknown client takes as long as a known one: nobody learns which names exist.
        let hash = client.map_or(&self.decoy, |client| &client.secret_hash);
        let matches = hash.matches(secret);
        client.filter(|_| matches).ok_or(OauthError::InvalidClient)
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

fn decoding_key(key: &SigningKey) -> (String, DecodingKey) {
    (
        key.key_id().to_owned(),
        DecodingKey::from_ed_der(key.public_key()),
    )
}

/// One algorithm, one issuer, one audience. The times are checked by us, on the clock that was
/// passed in.
fn validation(config: &AuthorityConfig) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[config.service]);
    validation.set_issuer(&[config.service]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // Checked by `Times`, on the clock that tests can move.
    validation.validate_exp = false;
    validation
}

fn granted_scope(client: &Client, requested: Option<&str>) -> Result<String, OauthError> {
    let Some(requested) = requested.filter(|text| !text.trim().is_empty()) else {
        // No scope asked means all of them (RFC 6749, section 3.3).
        return Ok(client.scopes.join(" "));
    };
    let mut granted: Vec<&str> = Vec::new();

    for scope in requested.split_ascii_whitespace() {
        if !client.scopes.iter().any(|allowed| allowed == scope) {
            return Err(OauthError::InvalidScope);
        }
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }

    Ok(granted.join(" "))
}

#[cfg(test)]
mod tests;
