//! What the service reads of the data API: counted hours, and conditions of the hours to come.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use filrouge_http::token_client::TokenClientError;
use filrouge_http::{TokenClient, TokenClientConfig};
use filrouge_types::{Conditions, Hour, StationHour};
use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::Config;

/// One page must come within this time: reading goes on in the background, nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pages of 1,000 rows that one reading may take: more than six weeks of 5,000 stations. More is
/// not a city.
const MOST_PAGES: usize = 6_000;

/// Why the data API gave nothing that can be used.
#[derive(Debug, thiserror::Error)]
pub enum DataApiError {
    /// It cannot be reached, or gives no token.
    #[error(transparent)]
    Token(#[from] TokenClientError),
    /// It answered with a status of error.
    #[error("{path} answered {status}")]
    Status {
        /// The path asked.
        path: &'static str,
        /// The status.
        status: StatusCode,
    },
    /// It answered something else than its contract says.
    #[error("{path} answered something unreadable: {source}")]
    Unreadable {
        /// The path asked.
        path: &'static str,
        /// What is wrong.
        source: reqwest::Error,
    },
    /// It gave hours that cannot be those of one history.
    #[error("the hours of the data API do not fit together: {0}")]
    History(#[from] filrouge_model::HistoryError),
    /// Its lists do not end.
    #[error("{path} has more than {MOST_PAGES} pages")]
    Endless {
        /// The path asked.
        path: &'static str,
    },
}

/// The data API, read with a token that is renewed when it ends.
#[derive(Debug)]
pub(crate) struct DataApi {
    base: Url,
    tokens: TokenClient,
}

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

impl DataApi {
    pub(crate) fn new(config: &Config) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            // The API is named by address: a proxy of the environment would only carry tokens away.
            .no_proxy()
            .build()
            .context("the HTTP client cannot be made")?;

        let base = &config.data_api;
        let tokens = TokenClientConfig {
            token_url: base
                .join("oauth/token")
                .with_context(|| format!("`{base}` is not a base address"))?
                .into(),
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
            scope: "data:read".to_owned(),
        };

        Ok(Self {
            base: base.clone(),
            tokens: TokenClient::new(http, tokens, Arc::clone(&config.clock)),
        })
    }

    /// Gives `take` the counted hours from `from` (included) to `to` (excluded), page by page.
    pub(crate) async fn station_hours(
        &self,
        from: Hour,
        to: Hour,
        take: impl FnMut(Vec<StationHour>) -> Result<(), DataApiError>,
    ) -> Result<(), DataApiError> {
        self.read("v1/station-hours", from, to, take).await
    }

    /// Gives `take` the conditions of the hours from `from` (included) to `to` (excluded), page by
    /// page.
    pub(crate) async fn conditions(
        &self,
        from: Hour,
        to: Hour,
        take: impl FnMut(Vec<Conditions>) -> Result<(), DataApiError>,
    ) -> Result<(), DataApiError> {
        self.read("v1/conditions", from, to, take).await
    }

    async fn read<T: DeserializeOwned>(
        &self,
        path: &'static str,
        from: Hour,
        to: Hour,
        mut take: impl FnMut(Vec<T>) -> Result<(), DataApiError>,
    ) -> Result<(), DataApiError> {
        let mut cursor = None;
        for _ in 0..MOST_PAGES {
            let page: Page<T> = self.page(path, from, to, cursor.as_deref()).await?;
            take(page.items)?;
            match page.next_cursor {
                None => return Ok(()),
                next => cursor = next,
            }
        }
        Err(DataApiError::Endless { path })
    }

    async fn page<T: DeserializeOwned>(
        &self,
        path: &'static str,
        from: Hour,
        to: Hour,
        cursor: Option<&str>,
    ) -> Result<Page<T>, DataApiError> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path()));
        url.query_pairs_mut()
            .append_pair("from", &from.to_string())
            .append_pair("to", &to.to_string())
            .append_pair("limit", "1000")
            .extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
        let response = self.tokens.send(self.tokens.http().get(url)).await?;
        let status = response.status();
        if !status.is_success() {
            return Err(DataApiError::Status { path, status });
        }
        response
            .json()
            .await
            .map_err(|source| DataApiError::Unreadable {
                path,
                source: source.without_url(),
            })
    }
}
