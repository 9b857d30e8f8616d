//! The other side of the authority: a program that asks for tokens and renews them.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_types::{Clock, Secret};
use reqwest::header::CONTENT_TYPE;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use tokio::sync::Mutex;

/// A token is renewed this long before its end, so that none expires on its way.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

/// A client's secret. It is asked for again for each token, so that a client whose secret is renewed
/// goes on without a restart.
pub trait SecretSource: fmt::Debug + Send + Sync {
    /// The secret of now. The answer must be quick.
    fn secret(&self) -> Secret;
}

/// A secret that never changes.
impl SecretSource for Secret {
    fn secret(&self) -> Secret {
        self.clone()
    }
}

/// Address of the tokens, and who asks for them.
#[derive(Debug, Clone)]
pub struct TokenClientConfig {
    /// The address of the token endpoint, such as `http://127.0.0.1:8081/oauth/token`.
    pub token_url: String,
    /// The client's name.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Arc<dyn SecretSource>,
    /// The scopes asked for, separated by spaces.
    pub scope: String,
}

/// Sends requests with a token that it gets, keeps, and renews before it expires or after a 401.
///
/// One lock guards the token: when it must be renewed, one task asks and the others wait for the
/// answer.
pub struct TokenClient {
    http: reqwest::Client,
    config: TokenClientConfig,
    clock: Arc<dyn Clock>,
    token: Mutex<Option<Token>>,
}

#[derive(Clone)]
struct Token {
    text: Arc<str>,
    renew_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: i64,
}

/// Reason for which no token, or no answer, could be had.
#[derive(Debug, thiserror::Error)]
pub enum TokenClientError {
    /// The service cannot be reached, or did not answer HTTP.
    #[error("no answer from {address}: {source}")]
    Transport {
        /// The address asked.
        address: String,
        /// The cause.
        source: reqwest::Error,
    },
    /// The token endpoint refused.
    #[error("{address} refused a token to client `{client_id}`: status {status}")]
    Refused {
        /// The address of the token endpoint.
        address: String,
        /// The client that asked.
        client_id: String,
        /// The status of the answer.
        status: StatusCode,
    },
    /// The request cannot be sent twice because its body is a stream.
    #[error("a request whose body is a stream cannot be sent again after a renewed token")]
    NotRepeatable,
}

impl TokenClient {
    /// A client that sends through `http` and reads the time on `clock`. Nothing is sent yet.
    pub fn new(http: reqwest::Client, config: TokenClientConfig, clock: Arc<dyn Clock>) -> Self {
        Self {
            http,
            config,
            clock,
            token: Mutex::default(),
        }
    }

    /// The HTTP client, to build requests for [`send`](Self::send).
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Sends `request` with a token; on a 401 renews the token and sends once more.
    ///
    /// # Errors
    /// When the service cannot be reached or no token can be had. A status of error is an `Ok`
    /// response.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, TokenClientError> {
        // Copied first: sending consumes a request.
        let again = request.try_clone();
        let token = self.token().await?;
        let response = self.send_with(request, &token).await?;
        // A 401 in the middle of a token's life: the service has changed its key, or revoked it.
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        let again = again.ok_or(TokenClientError::NotRepeatable)?;
        let token = self.replace(&token).await?;
        self.send_with(again, &token).await
    }

    /// A token that is valid for a while.
    ///
    /// # Errors
    /// When none can be had.
    pub async fn token(&self) -> Result<Arc<str>, TokenClientError> {
        self.current(|token, now| token.renew_at > now).await
    }

    /// A token other than `refused`: another task may have renewed it in the meantime.
    async fn replace(&self, refused: &str) -> Result<Arc<str>, TokenClientError> {
        self.current(|token, _| *token.text != *refused).await
    }

    async fn current(
        &self,
        usable: impl Fn(&Token, DateTime<Utc>) -> bool,
    ) -> Result<Arc<str>, TokenClientError> {
        let mut slot = self.token.lock().await;
        let now = self.clock.now();
        if let Some(token) = slot.as_ref().filter(|token| usable(token, now)) {
            return Ok(Arc::clone(&token.text));
        }
        let token = self.ask(now).await?;
        Ok(Arc::clone(&slot.insert(token).text))
    }

    async fn ask(&self, now: DateTime<Utc>) -> Result<Token, TokenClientError> {
        let config = &self.config;
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &config.client_id)
            .append_pair("client_secret", config.client_secret.secret().reveal())
            .append_pair("scope", &config.scope)
            .finish();

        let request = self.http.post(&config.token_url).body(form);
        let response = request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .send()
            .await
            .map_err(|source| self.unreachable(source))?;

        if !response.status().is_success() {
            return Err(self.refused(response.status()));
        }

        // An answer without a token is worth no answer.
        let answer: TokenAnswer = response
            .json()
            .await
            .map_err(|source| self.unreachable(source))?;
        let lifetime = TimeDelta::try_seconds(answer.expires_in).unwrap_or_default();

        // A token shorter than twice the margin is kept for half its life.
        let renew_at = now + (lifetime - MARGIN).max(lifetime / 2);

        Ok(Token {
            text: answer.access_token.into(),
            renew_at,
        })
    }

    async fn send_with(
        &self,
        request: RequestBuilder,
        token: &str,
    ) -> Result<Response, TokenClientError> {
        request.bearer_auth(token).send().await.map_err(|source| {
            let address = source
                .url()
                .map(|url| url.origin().ascii_serialization())
                .unwrap_or_default();
            TokenClientError::Transport {
                address,
                source: source.without_url(),
            }
        })
    }

    fn unreachable(&self, source: reqwest::Error) -> TokenClientError {
        TokenClientError::Transport {
            address: self.config.token_url.clone(),
            source: source.without_url(),
        }
    }

    fn refused(&self, status: StatusCode) -> TokenClientError {
        let TokenClientConfig {
            token_url,
            client_id,
            ..
        } = &self.config;
        TokenClientError::Refused {
            address: token_url.clone(),
            client_id: client_id.clone(),
            status,
        }
    }
}

impl fmt::Debug for TokenClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenClient")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
