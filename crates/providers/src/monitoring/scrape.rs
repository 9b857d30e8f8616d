//! `GET /metrics` of a llama.cpp or vLLM server, in the text format of Prometheus.

use std::sync::Arc;
use std::time::Duration;

use filrouge_api_client::SecretSource;
use url::Url;

use crate::ServiceMetrics;

/// Longest page of metrics, in bytes.
const LONGEST_PAGE: usize = 1 << 20;

/// Names of one thing at llama.cpp, then at vLLM.
const PROMPT_TOKENS: [&str; 2] = ["llamacpp:prompt_tokens_total", "vllm:prompt_tokens_total"];
const WRITTEN_TOKENS: [&str; 2] = [
    "llamacpp:tokens_predicted_total",
    "vllm:generation_tokens_total",
];
const PROCESSING: [&str; 2] = ["llamacpp:requests_processing", "vllm:num_requests_running"];
const WAITING: [&str; 2] = ["llamacpp:requests_deferred", "vllm:num_requests_waiting"];

/// The counts of the service itself.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ServiceCounts {
    /// Tokens read since it started.
    pub prompt_tokens: f64,
    /// Tokens written since it started.
    pub written_tokens: f64,
    /// Requests at work now.
    pub processing: f64,
    /// Requests that wait in its queue now.
    pub waiting: f64,
}

/// Our counts of the same service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnCounts {
    /// Answers that could be used.
    pub answered: u64,
    /// Answers that were cut.
    pub cut: u64,
    /// Tokens written that we were told of.
    pub written_tokens: u64,
    /// Millionths of the currency.
    pub spend_micros: u64,
}

/// Reason for which the service's monitoring cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScrapeError {
    /// No answer.
    #[error("the service gives no metrics: it cannot be reached")]
    Unreachable,
    /// A status of error: 401 for a wrong key, 501 where they are not turned on.
    #[error("the service gives no metrics: {0}")]
    Status(reqwest::StatusCode),
    /// More than a page of metrics.
    #[error("the service gives more than {LONGEST_PAGE} bytes of metrics")]
    TooLong,
    /// None of the metrics that are looked for.
    #[error("the service gives none of the metrics of llama.cpp or vLLM")]
    Unknown,
}

/// A reader of the metrics of one service.
#[derive(Debug)]
pub struct Watcher {
    http: reqwest::Client,
    address: Url,
    key: Option<Arc<dyn SecretSource>>,
}

impl Watcher {
    /// A reader of `/metrics` at the root of the service of `base`.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(base: &Url, key: Option<Arc<dyn SecretSource>>) -> anyhow::Result<Self> {
        let mut address = base.clone();
        address.set_path("/metrics");
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();

        Ok(Self {
            http: http.build()?,
            address,
            key,
        })
    }

    /// The counts of now.
    ///
    /// # Errors
    /// When there are none that can be read.
    pub async fn read(&self) -> Result<ServiceCounts, ScrapeError> {
        let request = self.http.get(self.address.clone());
        let request = match &self.key {
            Some(key) => request.bearer_auth(key.secret().reveal()),
            None => request,
        };

        let mut response = request.send().await.map_err(|_| ScrapeError::Unreachable)?;
        if !response.status().is_success() {
            return Err(ScrapeError::Status(response.status()));
        }
        let mut page = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|_| ScrapeError::Unreachable)?
        {
            if page.len() + chunk.len() > LONGEST_PAGE {
                return Err(ScrapeError::TooLong);
            }
            page.extend_from_slice(&chunk);
        }
        counts(&String::from_utf8_lossy(&page)).ok_or(ScrapeError::Unknown)
    }
}

impl OwnCounts {
    /// Our counts of the service of that name.
    pub fn of(metrics: &ServiceMetrics, service: &str) -> Self {
        let requests = |end| metrics.requests.with_label_values(&[service, end]).get();

        Self {
            answered: requests("answered"),
            cut: requests("cut"),
            written_tokens: metrics
                .tokens
                .with_label_values(&[service, "completion"])
                .get(),
            spend_micros: metrics.spend.with_label_values(&[service]).get(),
        }
    }
}

/// The counts of a page; `None` when it holds none of them.
fn counts(page: &str) -> Option<ServiceCounts> {
    let written_tokens = sum(page, WRITTEN_TOKENS)?;

    Some(ServiceCounts {
        prompt_tokens: sum(page, PROMPT_TOKENS).unwrap_or_default(),
        written_tokens,
        processing: sum(page, PROCESSING).unwrap_or_default(),
        waiting: sum(page, WAITING).unwrap_or_default(),
    })
}

/// The sum of the series of either name; `None` when there is none.
fn sum(page: &str, names: [&str; 2]) -> Option<f64> {
    let values = page.lines().filter_map(|line| {
        let (series, value) = line.rsplit_once(' ')?;
        let name = series.split_once('{').map_or(series, |(name, _)| name);
        let value: f64 = value.parse().ok()?;

        (names.contains(&name) && value.is_finite()).then_some(value)
    });

    values.reduce(|sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_llama_cpp_and_of_vllm_are_read() {
        let llama = "# HELP llamacpp:tokens_predicted_total Number of tokens\n\
                     # TYPE llamacpp:tokens_predicted_total counter\n\
                     llamacpp:tokens_predicted_total 30\nllamacpp:prompt_tokens_total 83\n\
                     llamacpp:requests_processing 1\nllamacpp:requests_deferred 2\n";
        let expected = ServiceCounts {
            prompt_tokens: 83.0,
            written_tokens: 30.0,
            processing: 1.0,
            waiting: 2.0,
        };
        assert_eq!(counts(llama), Some(expected));

        let vllm = "vllm:generation_tokens_total{model_name=\"a\"} 10.0\n\
                    vllm:generation_tokens_total{model_name=\"b\"} 5.0\n\
                    vllm:num_requests_waiting{model_name=\"a\"} NaN\n";
        let read = counts(vllm).unwrap();
        assert_eq!((read.written_tokens, read.waiting), (15.0, 0.0));
    }

    #[test]
    fn a_page_of_something_else_gives_nothing() {
        for page in [
            "",
            "<html></html>",
            "up 1\n",
            "llamacpp:tokens_predicted_total\n",
        ] {
            assert_eq!(counts(page), None, "{page}");
        }
    }
}
