use serde::Deserialize;

/// A promise of service, and the share of requests or of time for which it is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Short name: the label `slo` of its series.
    pub name: String,
    /// The promise, in French.
    pub promise: String,
    /// Share of the requests, or of the time, from 0 to 1.
    pub objective: f64,
    /// The reason for this value, in French.
    pub why: String,
    /// The way to measure it.
    pub indicator: Indicator,
}

/// The measure of a promise.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Indicator {
    /// Share of the requests of a service that get no error of the service.
    Availability {
        /// The service, as Prometheus knows it.
        job: String,
    },
    /// Share of the requests of a service whose answer begins in time.
    Latency {
        /// The service, as Prometheus knows it.
        job: String,
        /// A bound of the histogram, seconds.
        seconds: f64,
    },
    /// Share of the time for which an expression is 1.
    State {
        /// In PromQL: 1 when the promise is kept, 0 otherwise.
        good: String,
    },
}

/// The routes that no person asks for: probes are refused while a service starts, and that is right.
const PROBES: &str = r#"route!~"/health/.*|/metrics""#;

impl Objective {
    /// The share that may fail.
    pub fn error_budget(&self) -> f64 {
        1.0 - self.objective
    }

    /// The share that failed over a window such as `5m`, in PromQL.
    pub fn error_ratio(&self, window: &str) -> String {
        match &self.indicator {
            Indicator::Availability { job } => failed_ratio(job, window),
            Indicator::Latency { job, seconds } => late_ratio(job, *seconds, window),
            Indicator::State { good } => broken_time_ratio(good, window),
        }
    }
}

/// Requests answered by an error of the service / all requests.
fn failed_ratio(job: &str, window: &str) -> String {
    let rate = |more: &str| {
        format!(r#"sum(rate(http_requests_total{{job="{job}", {PROBES}{more}}}[{window}]))"#)
    };
    let (failed, all) = (rate(r#", status=~"5..""#), rate(""));

    // A service that never failed has no series of failures.
    format!("({failed} or vector(0)) / {all}")
}

/// 1 - requests answered within `seconds` / all requests.
fn late_ratio(job: &str, seconds: f64, window: &str) -> String {
    let rate = |series: &str, more: &str| {
        format!(
            r#"sum(rate(http_request_duration_seconds_{series}{{job="{job}", {PROBES}{more}}}[{window}]))"#
        )
    };
    let in_time = rate("bucket", &format!(r#", le="{seconds}""#));

    format!("1 - {in_time} / {}", rate("count", ""))
}

/// 1 - the mean of an expression that is 1 while the promise is kept.
fn broken_time_ratio(good: &str, window: &str) -> String {
    // Days by the hour: by the minute, thirty of them are too much for one query.
    let step = if window.ends_with('d') { "1h" } else { "1m" };

    format!("1 - avg_over_time(({good})[{window}:{step}])")
}

pub(crate) fn parse(text: &str) -> Result<Vec<Objective>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Objectives {
        objective: Vec<Objective>,
    }

    Ok(toml::from_str::<Objectives>(text)?.objective)
}
