use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::error::TokenRefusal;
use super::grant::Grant;

/// Lifetime of a token: 15 minutes.
pub const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// The claims of a token (RFC 7519 names).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: String,
    pub(super) jti: String,
    pub(super) scope: String,
    #[serde(flatten)]
    pub(super) times: Times,
}

/// Birth and end of a token, in seconds since 1970.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Times {
    iat: i64,
    exp: i64,
}

impl Times {
    pub(super) fn starting(now: DateTime<Utc>, lifetime: TimeDelta) -> Self {
        Self {
            iat: now.timestamp(),
            exp: (now + lifetime).timestamp(),
        }
    }

    /// Seconds since 1970 at which it ends.
    pub(super) fn end(self) -> i64 {
        self.exp
    }

    /// No leeway: the service that verifies is the one that issued, on the same clock.
    pub(super) fn check(self, now: i64) -> Result<(), TokenRefusal> {
        if self.exp <= now {
            Err(TokenRefusal::Expired)
        } else if self.iat > now || self.exp - self.iat > TOKEN_LIFETIME.num_seconds() {
            // A key that was stolen signs nothing that outlives it for long.
            Err(TokenRefusal::Invalid)
        } else {
            Ok(())
        }
    }
}

impl From<Claims> for Grant {
    fn from(claims: Claims) -> Self {
        let scopes = claims
            .scope
            .split_ascii_whitespace()
            .map(Box::from)
            .collect();
        let (token_id, client_id) = (claims.jti.into(), claims.sub.into());
        Self {
            token_id,
            client_id,
            scopes,
            expires_at: claims.times.exp,
        }
    }
}
