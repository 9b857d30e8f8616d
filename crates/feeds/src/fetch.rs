//! Asking a publisher for its feed, as it wishes to be asked.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_destinations::{Destinations, GuardedResolver, Requests, asked_wait};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::header::{ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::article::{Article, read_feed};
use crate::sources::Source;
use crate::visits::Visit;

/// The largest feed read, in bytes, once decompressed.
pub const MAX_FEED_BYTES: usize = 8 * 1024 * 1024;

/// The longest time that a feed may take, from the first byte sent to the last received.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Redirects followed, one after the other.
const MAX_REDIRECTS: usize = 5;

/// Visits are spread over a quarter of an hour.
const JITTER_SECONDS: i64 = 15 * 60;

/// The outcome of a visit.
#[derive(Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The feed, changed since the last visit.
    Articles(Vec<Article>),
    /// The publisher has nothing new.
    Unchanged,
    /// It is too soon to ask, or the feed is gone for good: nothing was sent.
    NotAsked,
    /// The reason why nothing could be read, in French. The next visit comes later.
    Failed(String),
}

/// A polite client.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    destinations: Arc<Destinations>,
    jitter: ChaCha8Rng,
}

impl Fetcher {
    /// A client of `sources`, which may lead to any public host. `user_agent` says who asks and where
    /// to complain; `seed` decides the jitter.
    ///
    /// # Errors
    /// When the client cannot be made (no root certificate is found).
    pub fn new<'a>(
        user_agent: &str,
        seed: u64,
        sources: impl IntoIterator<Item = &'a Source>,
    ) -> reqwest::Result<Self> {
        let addresses = sources.into_iter().map(|source| &source.address);
        let destinations = Destinations::new(addresses, Requests::default()).open_to_public_hosts();
        let destinations = Arc::new(destinations);

        // Redirects are followed here, one by one: a permanent one is remembered.
        let client = Client::builder()
            .dns_resolver(GuardedResolver(Arc::clone(&destinations)))
            .user_agent(user_agent)
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .build()?;

        Ok(Self {
            client,
            destinations,
            jitter: ChaCha8Rng::seed_from_u64(seed),
        })
    }

    /// Asks for the feed when it is time, with the validators of the last visit, and notes in `visit`
    /// what the publisher answered.
    pub async fn fetch(
        &mut self,
        source: &Source,
        visit: &mut Visit,
        now: DateTime<Utc>,
    ) -> Fetched {
        if !visit.is_due(now) {
            return Fetched::NotAsked;
        }

        let jitter = TimeDelta::seconds(self.jitter.random_range(0..JITTER_SECONDS));
        let response = match self.ask(source, visit).await {
            Ok(response) => response,
            Err(reason) => {
                visit.fail(now, None, jitter);
                return Fetched::Failed(reason);
            }
        };

        let asked = asked_wait(response.headers(), now)
            // The visit has its own longest wait.
            .map(|wait| TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX));
        match response.status() {
            StatusCode::NOT_MODIFIED => {
                visit.failures = 0;
                visit.wait(now, asked.unwrap_or_default(), jitter);
                Fetched::Unchanged
            }
            StatusCode::GONE => {
                visit.is_gone = true;
                Fetched::Failed("le flux n’existe plus (410) : il n’est plus demandé".to_owned())
            }
            status if status.is_success() => self.read(source, visit, response, now, jitter).await,
            status => {
                visit.fail(now, asked, jitter);
                Fetched::Failed(format!("réponse {status}"))
            }
        }
    }

    /// The answer after at most five redirects.
    async fn ask(&self, source: &Source, visit: &mut Visit) -> Result<Response, String> {
        let mut address = visit
            .moved_to
            .clone()
            .unwrap_or_else(|| source.address.clone());
        let mut is_permanent = true;

        for _ in 0..=MAX_REDIRECTS {
            self.destinations
                .check(&address)
                .map_err(|_| format!("l’adresse « {address} » est refusée"))?;
            let mut request = self.client.get(address.clone());
            if let Some(etag) = &visit.etag {
                request = request.header(IF_NONE_MATCH, etag);
            }
            if let Some(date) = &visit.last_modified {
                request = request.header(IF_MODIFIED_SINCE, date);
            }

            let response = request.send().await.map_err(|error| reason(&error))?;
            let Some(next) = redirect(&response, &address)? else {
                return Ok(response);
            };

            is_permanent &= matches!(
                response.status(),
                StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT
            );
            if is_permanent {
                visit.moved_to = Some(next.clone());
            }
            address = next;
        }
        Err(format!("plus de {MAX_REDIRECTS} redirections"))
    }

    async fn read(
        &self,
        source: &Source,
        visit: &mut Visit,
        response: Response,
        now: DateTime<Utc>,
        jitter: TimeDelta,
    ) -> Fetched {
        let base = response.url().clone();
        let etag = header(response.headers(), ETAG.as_str());
        let last_modified = header(response.headers(), LAST_MODIFIED.as_str());

        let articles = match body(response).await {
            Ok(bytes) => read_feed(&bytes, &source.name, Some(&base)).map_err(|it| it.to_string()),
            Err(reason) => Err(reason),
        };

        match articles {
            // Validators are those of this answer, absent ones included: an old one would hide news.
            Ok(articles) => {
                visit.etag = etag;
                visit.last_modified = last_modified;
                visit.failures = 0;
                visit.wait(now, TimeDelta::zero(), jitter);
                Fetched::Articles(articles)
            }
            Err(reason) => {
                visit.fail(now, None, jitter);
                Fetched::Failed(reason)
            }
        }
    }
}

/// The whole body, refused as soon as it is too large.
async fn body(mut response: Response) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();

    while let Some(part) = response.chunk().await.map_err(|error| reason(&error))? {
        if bytes.len() + part.len() > MAX_FEED_BYTES {
            return Err(format!("plus de {} Mio", MAX_FEED_BYTES >> 20));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// The address of a redirect; nothing when the answer is none.
///
/// A redirect never leaves the web, nor goes back from https to http.
fn redirect(response: &Response, from: &Url) -> Result<Option<Url>, String> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    if !is_redirect {
        return Ok(None);
    }

    let location = header(response.headers(), "location").ok_or("redirection sans adresse")?;
    let next = from
        .join(&location)
        .map_err(|_| format!("redirection vers « {location} »"))?;

    match (from.scheme(), next.scheme()) {
        ("http" | "https", "https") | ("http", "http") => Ok(Some(next)),
        _ => Err(format!("redirection refusée vers « {next} »")),
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The reason of a failure, in French and without the address, which may hold a key.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        format!("pas de réponse entière en {} s", TIMEOUT.as_secs())
    } else if error.is_connect() {
        "connexion impossible".to_owned()
    } else if error.is_body() || error.is_decode() {
        "réponse coupée ou mal compressée".to_owned()
    } else {
        "échange impossible".to_owned()
    }
}
