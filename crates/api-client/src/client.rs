use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use chrono::TimeDelta;
use filrouge_traces::Span;
use filrouge_types::Clock;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::request_id::{self, REQUEST_ID};
use crate::{
    ApiError, Breaker, CallEnd, Retry, SecretSource, TokenClient, TokenClientConfig,
    TokenClientError,
};

/// Items of a page that a list is read by: the most that both APIs give.
const PAGE_LENGTH: &str = "1000";

/// The API, its caller, and the patience of that caller.
pub struct ApiClientConfig {
    /// Base address, such as `http://127.0.0.1:8081/`.
    pub base: Url,
    /// Name under which tokens are asked for.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Arc<dyn SecretSource>,
    /// Scopes asked for, separated by spaces.
    pub scope: String,
    /// Longest wait for one answer.
    pub timeout: Duration,
    /// Tries of one request.
    pub retry: Retry,
    /// Rest given to the API after a failure; zero for none.
    pub rest: TimeDelta,
    /// Source of the time.
    pub clock: Arc<dyn Clock>,
}

/// An API, read with a token that is renewed when it ends.
pub struct ApiClient {
    base: Url,
    tokens: TokenClient,
    retry: Retry,
    breaker: Breaker,
    clock: Arc<dyn Clock>,
}

/// A page of a list, as both APIs write it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Cursor of the next page; `None` at the end.
    pub next_cursor: Option<String>,
}

impl ApiClient {
    /// A client of the API of `config`; nothing is sent yet.
    ///
    /// # Errors
    /// When the address cannot be the base of others, or TLS cannot be prepared.
    pub fn new(config: ApiClientConfig) -> anyhow::Result<Self> {
        ensure!(
            !config.base.cannot_be_a_base(),
            "`{}` is not a base address",
            config.base
        );
        let http = reqwest::Client::builder()
            .timeout(config.timeout)
            // Our APIs never redirect: following would carry a token where nobody meant it to go.
            .redirect(reqwest::redirect::Policy::none())
            // APIs are named by address: a proxy of the environment would only carry tokens away.
            .no_proxy()
            .build()
            .context("the HTTP client cannot be made")?;

        let tokens = TokenClientConfig {
            token_url: address(&config.base, &["oauth", "token"], &[]).into(),
            client_id: config.client_id,
            client_secret: config.client_secret,
            scope: config.scope,
        };

        Ok(Self {
            base: config.base,
            tokens: TokenClient::new(http, tokens, Arc::clone(&config.clock)),
            retry: config.retry,
            breaker: Breaker::new(config.rest),
            clock: config.clock,
        })
    }

    /// Reads the JSON at `path`, whose segments are encoded one by one.
    ///
    /// # Errors
    /// When the API gives nothing that can be read, or is left alone after a failure.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, ApiError> {
        let url = address(&self.base, path, query);
        self.call("GET", self.tokens.http().get(url)).await
    }

    /// Reads the JSON that answers `body` at `path`: a question too long for an address, which
    /// changes nothing and may be asked again.
    ///
    /// # Errors
    /// Those of [`get`](Self::get).
    pub async fn ask<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<T, ApiError> {
        let url = address(&self.base, path, &[]);
        let request = self.tokens.http().post(url).json(body);
        self.call("POST", request).await
    }

    /// Sends a request, unless the API is left alone, and notes how that ended.
    async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        request: RequestBuilder,
    ) -> Result<T, ApiError> {
        if !self.breaker.lets_through(self.clock.now()) {
            return Err(ApiError::Resting);
        }

        let trace = self.span(method);
        let answer = trace.around(self.read(request)).await;
        trace.end_with_error(answer.as_ref().err().map(ApiError::kind));
        let end = answer.as_ref().err().map_or(CallEnd::Answered, call_end);
        self.breaker.record(end, self.clock.now());

        answer
    }

    /// The call in the trace of the request that it helps to answer.
    fn span(&self, method: &'static str) -> Span {
        let id = request_id::current();
        let id = id.as_ref().and_then(|id| id.to_str().ok());
        Span::of_call(method, self.base.host_str().unwrap_or_default(), id)
    }

    /// Gives `take` the list at `path`, page by page, up to `most` pages.
    ///
    /// # Errors
    /// Those of [`get`](Self::get) and of `take`; [`ApiError::Endless`] past `most` pages.
    pub async fn read_pages<T: DeserializeOwned, E: From<ApiError>>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        most: usize,
        mut take: impl FnMut(Vec<T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut cursor: Option<String> = None;

        for _ in 0..most {
            let paging = [("limit", PAGE_LENGTH)]
                .into_iter()
                .chain(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let query: Vec<_> = query.iter().copied().chain(paging).collect();
            let page: Page<T> = self.get(path, &query).await?;
            take(page.items)?;

            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(());
            }
        }

        let path = path.join("/");
        Err(ApiError::Endless { path, most }.into())
    }

    async fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ApiError> {
        let response = self.send(request).await?;
        let path = response.url().path().to_owned();

        let status = response.status();
        if !status.is_success() {
            return Err(ApiError::Status { path, status });
        }

        let answer = response.json().await;
        answer.map_err(|source| ApiError::Unreadable {
            path,
            // The address holds the query, which no log may tell.
            source: source.without_url(),
        })
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, ApiError> {
        let mut tried = 0;

        loop {
            // Copied first: sending consumes a request.
            let again = request.try_clone();
            let mut again = again.ok_or(TokenClientError::NotRepeatable)?;
            if let Some(id) = request_id::current() {
                again = again.header(REQUEST_ID, id);
            }
            if let Some(span) = filrouge_traces::traceparent() {
                again = again.header("traceparent", span);
            }
            let response = self.tokens.send(again).await?;
            let Some(pause) = self.retry.pause(tried, &response) else {
                return Ok(response);
            };
            tokio::time::sleep(pause).await;
            tried += 1;
        }
    }
}

impl std::fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiClient")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

/// The health of the API, as an error shows it.
fn call_end(error: &ApiError) -> CallEnd {
    match error {
        // Both ask to be left alone.
        ApiError::Status {
            status: StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE,
            ..
        }
        | ApiError::Token(_) => CallEnd::NoAnswer,
        ApiError::Status { status, .. } if status.is_server_error() => CallEnd::BadAnswer,
        ApiError::Unreadable { .. } => CallEnd::BadAnswer,
        // A refusal (404, 400) is an answer: the service is well.
        ApiError::Status { .. } | ApiError::Endless { .. } | ApiError::Resting => CallEnd::Answered,
    }
}

fn address(base: &Url, path: &[&str], query: &[(&str, &str)]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        // A base that ends with `/` has an empty last segment.
        segments.pop_if_empty().extend(path);
    }
    // An empty query would leave a lone `?`.
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

#[cfg(test)]
mod tests;
