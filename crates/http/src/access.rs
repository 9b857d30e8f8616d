//! Access rules: a handler that takes `Require<SomeScope>` is closed to all others.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::authority::{Authority, Grant, TokenRefusal};
use crate::limits::{BodyUnits, ClientPermit};
use crate::problem::{self, Problem};

/// A right that a token may carry, such as `data:read`.
pub trait Scope: Send + Sync + 'static {
    /// Its name in tokens.
    const NAME: &'static str;
}

/// Extracts the grant of a request whose token carries the scope `S`, within the client's rate
/// limit.
///
/// It holds one of the client's places until the handler has answered, so a handler takes it by
/// value. It must be the first argument of a handler, so that nothing of the request is judged before its
/// token: 401 without a valid token, 403 without the scope, 429 past the limit.
#[derive(Debug)]
pub struct Require<S> {
    /// The rights of the token.
    pub grant: Arc<Grant>,
    authority: Arc<Authority>,
    place: ClientPermit,
    scope: PhantomData<S>,
}

impl<S> Require<S> {
    /// Charges the client `units` more than the one of any request, for work that costs so many
    /// times as much; it holds as many of its places until the request is answered.
    ///
    /// # Errors
    /// 429 past the client's rate or its places.
    pub fn charge(&mut self, units: u32) -> Result<(), Problem> {
        if units == 0 {
            return Ok(());
        }
        self.authority
            .charge(&mut self.place, units)
            .map_err(too_many_requests)
    }
}

impl<S: Scope, State> FromRequestParts<State> for Require<S>
where
    State: Sync,
    Arc<Authority>: FromRef<State>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let authority = Arc::<Authority>::from_ref(state);
        let token = bearer(&parts.headers).ok_or_else(missing_token)?;
        let grant = authority.verify(token).map_err(refused_token)?;
        if !grant.scopes.iter().any(|scope| **scope == *S::NAME) {
            return Err(missing_scope(S::NAME));
        }

        // Before the body is looked at: refusing costs next to nothing.
        let body = parts.extensions.get::<BodyUnits>().copied();
        let place = authority
            .admit(&grant.client_id, body.unwrap_or_default().0)
            .ok_or_else(|| refused_token(TokenRefusal::Invalid))?
            .map_err(too_many_requests)?;

        Ok(Self {
            grant,
            authority,
            place,
            scope: PhantomData,
        })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (scheme, token) = values.next()?.to_str().ok()?.split_once(' ')?;
    // Two headers could be read differently by a proxy and by us.
    let only_one = values.next().is_none();
    (only_one && scheme.eq_ignore_ascii_case("bearer")).then(|| token.trim())
}

/// RFC 6750, section 3.1: no error code when there is no token at all.
fn missing_token() -> Problem {
    Problem::new(
        &problem::UNAUTHENTICATED,
        "un jeton d’accès est attendu dans l’en-tête Authorization (Bearer)",
    )
    .with_challenge("Bearer realm=\"filrouge\"")
}

fn refused_token(refusal: TokenRefusal) -> Problem {
    let detail = match refusal {
        TokenRefusal::Expired => "le jeton d’accès a expiré : il faut en demander un autre",
        TokenRefusal::Invalid => "le jeton d’accès n’est pas valable ici",
    };
    Problem::new(&problem::UNAUTHENTICATED, detail).with_challenge(format!(
        "Bearer realm=\"filrouge\", error=\"invalid_token\", error_description=\"{refusal}\""
    ))
}

fn missing_scope(scope: &'static str) -> Problem {
    Problem::new(
        &problem::INSUFFICIENT_SCOPE,
        format!("le jeton ne porte pas le droit {scope}"),
    )
    .with_challenge(format!(
        "Bearer realm=\"filrouge\", error=\"insufficient_scope\", scope=\"{scope}\""
    ))
}

fn too_many_requests(seconds: u32) -> Problem {
    Problem::new(
        &problem::TOO_MANY_REQUESTS,
        "ce client a épuisé son quota de requêtes pour le moment",
    )
    .with_retry_after(seconds)
}
