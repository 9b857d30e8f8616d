//! The state of the services, as their own probes and metrics tell it: what an operator needs
//! without Prometheus.

use std::time::Duration;

use filrouge_http::HealthCheck;
use reqwest::{StatusCode, Url};
use serde::Deserialize;

use crate::request_counts::RequestCounts;

/// A service that does not answer in this time is told so: the page shows the others.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The largest answer that is read: the metrics of a service are some 100 kB.
const MOST_BYTES: usize = 4 << 20;

/// One service at this moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ServiceState {
    /// Its name, as Prometheus knows it.
    pub(crate) name: &'static str,
    /// Its checks; nothing when it does not answer.
    pub(crate) checks: Option<Vec<Check>>,
    /// Its requests since its start, when its metrics could be read.
    pub(crate) requests: Option<RequestCounts>,
    /// The last hour of the data that it has, in seconds since 1970.
    pub(crate) last_hour: Option<f64>,
}

/// One check of `/health/ready`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) status: CheckResult,
    /// In French: the services write it for their operators.
    #[serde(default)]
    pub(crate) detail: Option<String>,
}

/// From the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CheckResult {
    Ok,
    Degraded,
    Failed,
}

impl ServiceState {
    /// The worst of its checks; nothing when it does not answer.
    pub(crate) fn worst(&self) -> Option<CheckResult> {
        let checks = self.checks.as_ref()?;
        let worst = checks.iter().map(|check| check.status).max();
        Some(worst.unwrap_or(CheckResult::Ok))
    }
}

impl From<HealthCheck> for Check {
    fn from(check: HealthCheck) -> Self {
        use filrouge_http::CheckStatus;

        Self {
            name: check.name.to_owned(),
            status: match check.status {
                CheckStatus::Ok => CheckResult::Ok,
                CheckStatus::Degraded => CheckResult::Degraded,
                CheckStatus::Failed => CheckResult::Failed,
            },
            detail: check.detail.map(Into::into),
        }
    }
}

/// Asks services for their state. Their probes and metrics are open: no token is needed.
#[derive(Debug, Clone)]
pub(crate) struct Probe(reqwest::Client);

impl Probe {
    pub(crate) fn new() -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .no_proxy()
            .build()?;
        Ok(Self(client))
    }

    /// The state of the service `name` at `base`.
    pub(crate) async fn ask(&self, name: &'static str, base: &Url) -> ServiceState {
        let (checks, metrics) = tokio::join!(self.checks(base), self.text(base, "metrics"));

        let text = metrics.map(|(_, text)| text);
        ServiceState {
            name,
            checks,
            last_hour: text.as_deref().and_then(last_hour),
            requests: text.map(|text| RequestCounts::read(&text)),
        }
    }

    async fn checks(&self, base: &Url) -> Option<Vec<Check>> {
        #[derive(Deserialize)]
        struct Ready {
            #[serde(default)]
            checks: Vec<Check>,
        }

        let (status, text) = self.text(base, "health/ready").await?;
        // A service that is not ready gives its checks with the 503.
        if status != StatusCode::OK && status != StatusCode::SERVICE_UNAVAILABLE {
            return None;
        }
        Some(serde_json::from_str::<Ready>(&text).ok()?.checks)
    }

    async fn text(&self, base: &Url, path: &str) -> Option<(StatusCode, String)> {
        let mut response = self.0.get(base.join(path).ok()?).send().await.ok()?;
        let mut bytes = Vec::new();

        while let Some(chunk) = response.chunk().await.ok()? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MOST_BYTES {
                return None;
            }
        }
        Some((response.status(), String::from_utf8(bytes).ok()?))
    }
}

fn last_hour(text: &str) -> Option<f64> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix("data_last_hour_timestamp_seconds "))?;
    // 0 before the first import.
    value.parse().ok().filter(|seconds| *seconds > 0.0)
}
