//! The objectives of service, each beside what is observed now.

use chrono::{DateTime, Utc};
use filrouge_operations::{Indicator, Objective, objectives};

use super::Asked;
use crate::frame::Frame;
use crate::service_state::ServiceState;

/// Seconds of the promise on the freshness of the data, as `slo.toml` has it.
const FRESH_SECONDS: f64 = 5.0 * 3_600.0;

/// Bounds of the promise on the coverage, as `slo.toml` has them.
const COVERAGE: std::ops::RangeInclusive<f64> = 0.7..=0.92;

/// One objective, in words.
pub(super) struct Promise {
    pub(super) promise: String,
    pub(super) objective: String,
    pub(super) observed: String,
    pub(super) verdict: String,
}

/// What is observed of a promise.
enum Observed {
    /// The share of the requests since the service started.
    Share(f64),
    /// A state of this moment: in words, and whether it is as promised.
    Now(String, bool),
    Unknown,
}

pub(super) fn promises(t: &Frame, asked: &Asked, now: DateTime<Utc>) -> Vec<Promise> {
    let objectives = objectives()
        .inspect_err(|error| tracing::error!(%error, "the objectives cannot be read"))
        .unwrap_or_default();
    objectives
        .iter()
        .map(|objective| Promise::new(t, objective, observed(t, objective, asked, now)))
        .collect()
}

impl Promise {
    fn new(t: &Frame, objective: &Objective, observed: Observed) -> Self {
        let (text, is_kept) = match observed {
            Observed::Share(share) => {
                (t.precise_percent(share), Some(share >= objective.objective))
            }
            Observed::Now(text, is_kept) => (text, Some(is_kept)),
            Observed::Unknown => (t.say("unknown"), None),
        };
        let verdict = match is_kept {
            Some(true) => "promise-kept",
            Some(false) => "promise-broken",
            None => "promise-unknown",
        };

        Self {
            promise: t.say(promise_text(&objective.name)),
            objective: t.precise_percent(objective.objective),
            observed: text,
            verdict: t.say(verdict),
        }
    }
}

fn observed(t: &Frame, objective: &Objective, asked: &Asked, now: DateTime<Utc>) -> Observed {
    let requests = |job: &str| {
        let of_job = |service: &&ServiceState| service.name == job;
        asked.services.iter().find(of_job)?.requests.as_ref()
    };
    let share = |share: Option<f64>| share.map_or(Observed::Unknown, Observed::Share);

    match &objective.indicator {
        Indicator::Availability { job } => {
            share(requests(job).and_then(|counts| counts.availability()))
        }
        Indicator::Latency { job, seconds } => {
            share(requests(job).and_then(|counts| counts.within(*seconds)))
        }
        Indicator::State { .. } => state(t, &objective.name, asked, now),
    }
}

fn state(t: &Frame, name: &str, asked: &Asked, now: DateTime<Utc>) -> Observed {
    let window = asked
        .monitoring
        .as_ref()
        .map(|monitoring| &monitoring.window);
    let percent = |share: f64, is_kept| Observed::Now(t.percent(share), is_kept);

    let observed = match name {
        "data-freshness" => last_hour(asked).map(|last_hour| {
            let age = now - last_hour;
            Observed::Now(t.age(age), age.as_seconds_f64() < FRESH_SECONDS)
        }),
        "forecast-skill" => window
            .and_then(|window| window.skill)
            .map(|skill| Observed::Now(t.signed_percent(skill), skill > 0.0)),
        "interval-coverage" => window
            .and_then(|window| window.coverage)
            .map(|coverage| percent(coverage, COVERAGE.contains(&coverage))),
        _ => None,
    };
    observed.unwrap_or(Observed::Unknown)
}

fn last_hour(asked: &Asked) -> Option<DateTime<Utc>> {
    let seconds = asked
        .services
        .iter()
        .find_map(|service| service.last_hour)?;
    DateTime::from_timestamp(seconds as i64, 0)
}

pub(super) fn promise_text(name: &str) -> &'static str {
    match name {
        "web-availability" => "slo-web-availability",
        "data-api-availability" => "slo-data-api-availability",
        "model-api-availability" => "slo-model-api-availability",
        "web-latency" => "slo-web-latency",
        "model-api-latency" => "slo-model-api-latency",
        "data-freshness" => "slo-data-freshness",
        "forecast-skill" => "slo-forecast-skill",
        "interval-coverage" => "slo-interval-coverage",
        _ => "slo-other",
    }
}
