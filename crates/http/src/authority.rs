//! A service's own OAuth 2 authority: client credentials in, short signed tokens out.

mod clients;
pub(crate) mod endpoint;
mod error;
mod grant;
mod keys;
mod revocations;
mod token;
mod verified;

use std::net::IpAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use filrouge_types::Clock;
use jsonwebtoken::{Algorithm, Validation};
use serde::Serialize;
use utoipa::ToSchema;

use crate::clients::{Client, RandomnessError, SecretHash, generate_secret};
use crate::limits::{AddressLimit, ClientPermit, RateLimit};
use crate::signing_key::{JsonWebKey, SigningKey};

use clients::Clients;
pub use error::{OauthError, TokenRefusal};
pub use grant::Grant;
use keys::Keys;
pub use keys::{FormerKey, Renewal, Renewed};
pub use revocations::Revocations;
pub use token::TOKEN_LIFETIME;
use token::{Claims, Times};
use verified::VerifiedTokens;

/// Requests for tokens, and for their end, of one address under one name: a client needs one every
/// quarter of an hour.
const TOKEN_REQUESTS: RateLimit = RateLimit {
    per_second: 2.0,
    burst: 60.0,
    concurrent: 1,
};

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
    service: &'static str,
    rate_limit: RateLimit,
    clients: ArcSwap<Clients>,
    keys: ArcSwap<Keys>,
    renewal: Option<Arc<dyn Renewal>>,
    validation: Validation,
    verified: VerifiedTokens,
    revoked: Revocations,
    addresses: AddressLimit,
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
        let clients = Clients::new(config.clients, config.rate_limit);
        let keys = Keys::new(config.signing_key, Vec::new());

        Ok(Self {
            validation: validation(config.service),
            service: config.service,
            rate_limit: config.rate_limit,
            clients: ArcSwap::from_pointee(clients),
            keys: ArcSwap::from_pointee(keys),
            renewal: None,
            verified: VerifiedTokens::default(),
            revoked: Revocations::default(),
            addresses: AddressLimit::new(TOKEN_REQUESTS),
            decoy: SecretHash::of(&generate_secret()?)?,
            clock,
        })
    }

    /// Also accepts the last tokens that these keys signed, and publishes the keys until then, so
    /// that a rotation refuses nobody.
    #[must_use]
    pub fn with_former_keys(self, keys: Vec<FormerKey>) -> Self {
        self.keys.rcu(|present| present.with_former(keys.clone()));
        self
    }

    /// Also refuses the tokens that were given back before this start or to another process, and
    /// keeps those that will be. Without it, revocations are forgotten at the next start, which
    /// must then sign with another key.
    #[must_use]
    pub fn with_revocations(mut self, revocations: Revocations) -> Self {
        self.revoked = revocations;
        self
    }

    /// Takes the clients and keys that `renewal` gives, at the next token that is asked for or
    /// seen for the first time.
    #[must_use]
    pub fn with_renewal(mut self, renewal: Option<Arc<dyn Renewal>>) -> Self {
        self.renewal = renewal;
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
        self.renew();
        let clients = self.clients.load();
        let client = self.authenticate(&clients, client_id, secret)?;
        let scope = granted_scope(client, scope)?;

        let claims = Claims {
            iss: self.service.to_owned(),
            aud: self.service.to_owned(),
            sub: client.client_id.clone(),
            // Named, so that it can be given back before its end.
            jti: uuid::Uuid::new_v4().to_string(),
            scope: scope.clone(),
            times: Times::starting(self.clock.now(), TOKEN_LIFETIME),
        };

        let access_token = self.keys.load().sign(&claims).map_err(|cause| {
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

    /// Reads a token: its algorithm, signature, issuer, audience, client and times are checked.
    ///
    /// A token that was verified once is cached until it expires: an Ed25519 verification
    /// costs more than all the rest of a request.
    ///
    /// # Errors
    /// The reason why the token is refused.
    pub fn verify(&self, token: &str) -> Result<Arc<Grant>, TokenRefusal> {
        let now = self.clock.now().timestamp();
        // Another process may have been given tokens back.
        self.verified.remove_named(&self.revoked.news(now));

        if let Some(grant) = self.verified.get(token) {
            // A cached token still ends at its time.
            return if grant.expires_at > now {
                Ok(grant)
            } else {
                Err(TokenRefusal::Expired)
            };
        }

        self.renew();
        let claims = self.keys.load().read(token, &self.validation, now)?;
        let grant = Arc::new(Grant::from(claims));
        if self.clients.load().get(&grant.client_id).is_none() {
            return Err(TokenRefusal::Invalid);
        }

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
        let clients = self.clients.load();
        let client = self.authenticate(&clients, client_id, secret)?;
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
        self.renew();
        self.keys.load().public(self.clock.now().timestamp())
    }

    /// Takes one unit of what `client_id` may do, and `body` units for the body of its request: its
    /// place, or the seconds to wait; nothing when the client is not known any more.
    pub(crate) fn admit(&self, client_id: &str, body: u32) -> Option<Result<ClientPermit, u32>> {
        let clients = self.clients.load();
        let client = clients.get(client_id)?;
        Some(client.allowance.enter(body, self.clock.now()))
    }

    /// Takes `units` more for a request that has a place.
    pub(crate) fn charge(&self, place: &mut ClientPermit, units: u32) -> Result<(), u32> {
        place.take(units, self.clock.now())
    }

    /// Takes one request for a token, or for its end, of this address under this name; the error
    /// is the number of seconds to wait.
    pub(crate) fn admit_address(&self, address: IpAddr, client_id: &str) -> Result<(), u32> {
        // Unknown names share one bucket: inventing them gains nothing.
        let is_known = self.clients.load().get(client_id).is_some();
        let name = if is_known { client_id } else { "" };
        self.addresses.admit(address, name, self.clock.now())
    }

    /// Identifier of the key that signs.
    pub fn key_id(&self) -> String {
        self.keys.load().key_id().to_owned()
    }

    /// Takes the clients and keys that were renewed since, if any.
    fn renew(&self) {
        let Some(renewed) = self.renewal.as_ref().and_then(|renewal| renewal.news()) else {
            return;
        };

        tracing::info!("clients and keys were renewed");
        let before = self.clients.load();
        self.clients
            .store(Arc::new(before.renewed(renewed.clients, self.rate_limit)));
        self.keys.store(Arc::new(Keys::new(
            renewed.signing_key,
            renewed.former_keys,
        )));
        // Each is verified again, with the clients and keys of now.
        self.verified.clear();
    }

    fn authenticate<'a>(
        &self,
        clients: &'a Clients,
        client_id: &str,
        secret: &str,
    ) -> Result<&'a Client, OauthError> {
        let client = clients.get(client_id).map(|registered| &registered.client);
        // An unknown client takes as long as a known one: nobody learns which names exist.
        let hash = client.map_or(&self.decoy, |client| &client.secret_hash);
        let matches = hash.matches(secret);
        client.filter(|_| matches).ok_or(OauthError::InvalidClient)
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority")
            .field("service", &self.service)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

/// One algorithm, one issuer, one audience. The times are checked by us, on the clock that was
/// passed in.
fn validation(service: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[service]);
    validation.set_issuer(&[service]);
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
