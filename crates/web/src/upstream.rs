//! One API behind the application: its address, and the tokens that open it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use filrouge_http::token_client::TokenClientError;
use filrouge_http::{Secret, TokenClient, TokenClientConfig};
use filrouge_types::Clock;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use url::Url;

/// A reader does not wait longer than this for an API that does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// An API, read with a token that is renewed when it ends.
#[derive(Debug)]
pub(crate) struct Upstream {
    base: Url,
    tokens: TokenClient,
}

/// Why an API gave nothing that can be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpstreamError {
    /// It cannot be reached, or gives no token.
    #[error(transparent)]
    Token(#[from] TokenClientError),
    /// It answered with a status of error.
    #[error("{path} answered {status}")]
    Status { path: String, status: StatusCode },
    /// It answered something else than what its contract says.
    #[error("{path} answered something unreadable: {source}")]
    Unreadable {
        path: String,
        source: reqwest::Error,
    },
}

impl Upstream {
    /// An API at `base`; nothing is sent yet.
    pub(crate) fn new(
        base: &Url,
        credentials: (&str, &Secret),
        scope: &str,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            // The APIs are named by address: a proxy of the environment would only carry tokens
            // away.
            .no_proxy()
            .build()
            .context("the HTTP client cannot be made")?;

        let config = TokenClientConfig {
            token_url: base
                .join("oauth/token")
                .with_context(|| format!("`{base}` is not a base address"))?
                .into(),
            client_id: credentials.0.to_owned(),
            client_secret: credentials.1.clone(),
            scope: scope.to_owned(),
        };

        Ok(Self {
            base: base.clone(),
            tokens: TokenClient::new(http, config, clock),
        })
    }

    /// Reads the JSON at `path`, whose parts are encoded one by one.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, UpstreamError> {
        let url = self.address(path, query);
        let path = url.path().to_owned();
        let response = self.tokens.send(self.tokens.http().get(url)).await?;
        let status = response.status();
        if !status.is_success() {
            return Err(UpstreamError::Status { path, status });
        }

        response
            .json()
            .await
            .map_err(|source| UpstreamError::Unreadable {
                path,
                source: source.without_url(),
            })
    }

    fn address(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}
