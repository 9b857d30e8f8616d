//! The one client of what others publish, polite and bounded: time-outs, retries that slow down,
//! limits on size, redirects and requests in flight to a host, conditional requests, and only the
//! hosts that the profile names or allows.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_bounded::DOCUMENT_BYTES;
use filrouge_destinations::{Destinations, GuardedResolver, asked_wait};
use filrouge_storage::AtomicFile;
use filrouge_types::Clock;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use reqwest::header::{
    CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, StatusCode, redirect};
use tokio::sync::Semaphore;
use url::{Host, Url};

mod authentication;
mod cache;
mod error;
mod limits;
mod received;
mod retry;

pub(crate) use authentication::Authentication;
pub use error::FetchError;
pub use limits::Limits;
pub(crate) use received::Received;

use cache::{Cache, Validators};
use retry::Pauses;

/// The product token of the user agent, and the name that robots.txt knows us by.
pub(crate) const PRODUCT: &str = "filrouge";

/// A body is not believed fresh for longer, whatever its publisher or a clock that jumped says.
// GBFS wants a status at most five minutes old.
pub(crate) const LONGEST_FRESH: TimeDelta = TimeDelta::minutes(5);

/// Fetches addresses for all the sources of a run.
pub(crate) struct Fetcher {
    client: Client,
    /// For this machine's own servers: no proxy of the environment stands between.
    local_client: Client,
    destinations: Arc<Destinations>,
    limits: Limits,
    clock: Arc<dyn Clock>,
    cache: Cache,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
    generator: Mutex<ChaCha8Rng>,
}

impl Fetcher {
    /// A client with its cache in `cache_folder`; `seed` draws the jitter of the pauses.
    pub(crate) fn new(
        limits: Limits,
        destinations: Destinations,
        contact: Option<&str>,
        cache_folder: &Path,
        clock: Arc<dyn Clock>,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let destinations = Arc::new(destinations);
        let client = builder(&limits, &destinations, contact).build()?;
        // A company's proxy would refuse the loopback addresses of the simulated city.
        let local_client = builder(&limits, &destinations, contact)
            .no_proxy()
            .build()?;
        let generator = Mutex::new(ChaCha8Rng::seed_from_u64(seed));
        let cache = Cache::new(cache_folder);

        Ok(Self {
            client,
            local_client,
            destinations,
            limits,
            clock,
            cache,
            hosts: Mutex::default(),
            generator,
        })
    }

    /// The body at `url`, tried again while the failure may pass.
    pub(crate) async fn get(&self, url: &Url) -> Result<Received, FetchError> {
        self.get_as(url, None).await
    }

    /// The same, with a secret that never shows in an error.
    pub(crate) async fn get_as(
        &self,
        url: &Url,
        authentication: Option<&Authentication>,
    ) -> Result<Received, FetchError> {
        // Its publisher said how long it stays true: asking again would only cost.
        if let Some(received) = self.cache.fresh(url, self.clock.now()) {
            return Ok(received);
        }

        self.with_retries(url, move || self.get_once(url, authentication))
            .await
    }

    /// Writes the file at `url`, which may be larger than memory, to `path`.
    pub(crate) async fn download(&self, url: &Url, path: &Path) -> Result<(), FetchError> {
        self.with_retries(url, move || self.download_once(url, path))
            .await
    }

    async fn with_retries<T, F>(&self, url: &Url, try_once: impl Fn() -> F) -> Result<T, FetchError>
    where
        F: Future<Output = Result<T, FetchError>>,
    {
        // Held over the retries too: a host in trouble is not asked by the others meanwhile.
        let host = self.host(url);
        let _permit = host.acquire().await.ok();
        let mut pauses = Pauses::new(&self.limits);

        loop {
            let error = match try_once().await {
                Ok(received) => return Ok(received),
                Err(error) => error,
            };

            let pause = {
                let mut generator = self
                    .generator
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                pauses.after(&error, &mut *generator)
            };

            let Some(pause) = pause else {
                return Err(error);
            };

            tracing::warn!(%error, pause_ms = pause.as_millis() as u64, "request failed, trying again");
            tokio::time::sleep(pause).await;
        }
    }

    /// The largest file accepted, decompressed, bytes.
    pub(crate) fn maximum_bytes(&self) -> u64 {
        self.limits.maximum_bytes
    }

    /// Does not ask for `url` again before `until`, nor for longer than [`LONGEST_FRESH`]: its
    /// publisher says that `received` will not change before.
    pub(crate) fn keep_fresh(&self, url: &Url, received: &Received, until: DateTime<Utc>) {
        let now = self.clock.now();
        if until > now {
            self.cache
                .keep_fresh(url, received, until.min(now + LONGEST_FRESH));
        }
    }

    async fn get_once(
        &self,
        url: &Url,
        authentication: Option<&Authentication>,
    ) -> Result<Received, FetchError> {
        let response = self.send(url, authentication).await?;
        if response.status() == StatusCode::NOT_MODIFIED
            && let Some(received) = self.cache.body(url)
        {
            return Ok(received);
        }

        let validators = validators(response.headers());
        let mut body = Vec::new();
        // A document is read whole, into memory.
        let limit = self.limits.maximum_bytes.min(DOCUMENT_BYTES);
        self.receive(url, self.successful(url, response)?, limit, &mut body)
            .await?;

        let received = Received {
            body,
            content_type: validators.content_type.clone(),
        };
        self.cache.store(url, &validators, &received);
        Ok(received)
    }

    async fn download_once(&self, url: &Url, path: &Path) -> Result<(), FetchError> {
        let response = self.send(url, None).await?;
        if response.status() == StatusCode::NOT_MODIFIED && self.cache.copy_body(url, path) {
            return Ok(());
        }

        let response = self.successful(url, response)?;
        let validators = validators(response.headers());
        let limit = self.limits.maximum_bytes;
        let file = AtomicFile::create(path).map_err(|error| FetchError::unwritable(url, &error))?;
        self.receive(url, response, limit, &mut file.as_file())
            .await?;
        file.commit()
            .map_err(|error| FetchError::unwritable(url, &error))?;

        self.cache.store_file(url, &validators, path);
        Ok(())
    }

    async fn send(
        &self,
        url: &Url,
        authentication: Option<&Authentication>,
    ) -> Result<Response, FetchError> {
        self.destinations
            .check(url)
            .map_err(|refusal| FetchError::refused(url, &refusal))?;
        self.request(url, authentication)?
            .send()
            .await
            .map_err(|error| self.transport(url, error))
    }

    fn successful(&self, url: &Url, response: Response) -> Result<Response, FetchError> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        Err(FetchError::Status {
            address: url.to_string(),
            status: status.as_u16(),
            retry_after: asked_wait(response.headers(), self.clock.now()),
        })
    }

    fn request(
        &self,
        url: &Url,
        authentication: Option<&Authentication>,
    ) -> Result<RequestBuilder, FetchError> {
        let client = match is_local(url) {
            true => &self.local_client,
            false => &self.client,
        };
        let cached = self.cache.validators(url);
        let request = client.get(url.clone()).headers(conditions(cached.as_ref()));

        match authentication {
            Some(authentication) => authentication.apply(request),
            None => Ok(request),
        }
    }

    /// Writes the body to `sink`, a piece at a time.
    async fn receive(
        &self,
        url: &Url,
        mut response: Response,
        limit: u64,
        sink: &mut (impl Write + Send),
    ) -> Result<(), FetchError> {
        let mut received = 0_u64;

        // The limit counts decompressed bytes, so that a small bomb is stopped too.
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.transport(url, error))?
        {
            received += chunk.len() as u64;
            if received > limit {
                return Err(FetchError::TooLarge {
                    address: url.to_string(),
                    limit,
                });
            }
            sink.write_all(&chunk)
                .map_err(|error| FetchError::unwritable(url, &error))?;
        }

        Ok(())
    }

    fn transport(&self, url: &Url, error: reqwest::Error) -> FetchError {
        FetchError::from_transport(url, error, &self.limits)
    }

    fn host(&self, url: &Url) -> Arc<Semaphore> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            hosts
                .entry(host)
                .or_insert_with(|| Arc::new(Semaphore::new(self.limits.requests_per_host))),
        )
    }
}

fn builder(
    limits: &Limits,
    destinations: &Arc<Destinations>,
    contact: Option<&str>,
) -> ClientBuilder {
    Client::builder()
        .dns_resolver(GuardedResolver(Arc::clone(destinations)))
        .user_agent(user_agent(contact))
        .connect_timeout(Duration::from_secs_f64(limits.connect_timeout_seconds))
        .timeout(Duration::from_secs_f64(limits.timeout_seconds))
        // The address that redirects may hold a secret, which the next host must not learn.
        .referer(false)
        // reqwest drops the bearer token when a redirect leaves the host.
        .redirect(redirects(limits.redirects, Arc::clone(destinations)))
}

/// Each hop is judged as the first address was.
fn redirects(most: usize, destinations: Arc<Destinations>) -> redirect::Policy {
    redirect::Policy::custom(move |attempt| match destinations.check(attempt.url()) {
        Err(refusal) => attempt.error(refusal),
        Ok(()) => redirect::Policy::limited(most).redirect(attempt),
    })
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn user_agent(contact: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match contact {
        Some(contact) => format!("{PRODUCT}/{version} (+{contact})"),
        None => format!("{PRODUCT}/{version}"),
    }
}

fn validators(headers: &HeaderMap) -> Validators {
    Validators {
        etag: header(headers, &ETAG),
        last_modified: header(headers, &LAST_MODIFIED),
        content_type: header(headers, &CONTENT_TYPE),
        fresh_until: None,
    }
}

fn conditions(validators: Option<&Validators>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut add = |name: HeaderName, value: Option<&String>| {
        if let Some(value) = value.and_then(|value| value.parse().ok()) {
            headers.insert(name, value);
        }
    };

    add(
        IF_NONE_MATCH,
        validators.and_then(|validators| validators.etag.as_ref()),
    );
    add(
        IF_MODIFIED_SINCE,
        validators.and_then(|validators| validators.last_modified.as_ref()),
    );

    headers
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests;
