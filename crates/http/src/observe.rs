//! Observation of a request: an id, a log line, three metrics, a span of a trace. Never its query,
//! headers or body.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use filrouge_traces::{ServerRequest, Span};
use tracing::{Instrument, Level};

use crate::health::READINESS;
use crate::metrics::Metrics;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const CONTENT_TYPE_OPTIONS: HeaderName = HeaderName::from_static("x-content-type-options");

pub(crate) async fn observe(
    State(metrics): State<Metrics>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let in_flight = metrics.enter();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    // The route as declared, never the address: it may hold an identifier.
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str);
    let request_id = request_id(request.headers());
    // Requests of the handlers to other services bear the same id.
    request.headers_mut().insert(REQUEST_ID, request_id.clone());
    let id = request_id.to_str().unwrap_or_default();
    // Of the highest level: whatever the filter lets through says which request it is about.
    let span = tracing::error_span!("request", request_id = id, %method, route);
    let traceparent = request.headers().get(TRACEPARENT);
    let trace = match is_probe(route) {
        true => Span::none(),
        false => Span::of_request(&ServerRequest {
            service: metrics.service(),
            traceparent: traceparent.and_then(|value| value.to_str().ok()),
            method: known(&method),
            route,
            request_id: id,
        }),
    };

    let answer = next.run(request).instrument(span.clone());
    let mut response = trace.around(answer).await;

    let duration = started.elapsed();
    let status = response.status();
    metrics.record(known(&method), route, status.as_str(), duration);
    span.in_scope(|| log(route, status, duration));
    trace.end_with_status(status.as_u16());
    response.headers_mut().insert(REQUEST_ID, request_id);
    response
        .headers_mut()
        .insert(CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));

    drop(in_flight);
    response
}

/// What supervisors and Prometheus ask every few seconds: a trace each would hide those of people.
fn is_probe(route: &str) -> bool {
    route.starts_with("/health/") || route == "/metrics"
}

/// A method of the standard, or `other`: a label must not grow with the inventions of clients.
fn known(method: &axum::http::Method) -> &str {
    match method.as_str() {
        name @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => name,
        _ => "other",
    }
}

/// The caller's id, so that one id follows a request through the services, when it is made of
/// hexadecimal digits as ours is: neither a name nor a telephone number can pass for one, and the
/// log keeps it.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let is_an_id = |value: &&HeaderValue| {
        let bytes = value.as_bytes();
        (16..=64).contains(&bytes.len())
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
    };
    match headers.get(REQUEST_ID).filter(is_an_id) {
        Some(value) => value.clone(),
        None => HeaderValue::try_from(uuid::Uuid::new_v4().simple().to_string())
            .unwrap_or_else(|_| HeaderValue::from_static("none")),
    }
}

/// Successes are counted by the metrics; a line each would cost more than many of them. A probe
/// that hears "not yet" has its answer, and whoever is told to come back later has one too: neither
/// is an error of the service.
fn log(route: &str, status: StatusCode, duration: std::time::Duration) {
    let (status, duration_ms) = (status.as_u16(), duration.as_secs_f64() * 1000.0);
    match level(route, status) {
        Level::ERROR => tracing::error!(status, duration_ms, "request answered"),
        Level::WARN => tracing::warn!(status, duration_ms, "request not served"),
        Level::INFO => tracing::info!(status, duration_ms, "request answered"),
        _ => tracing::debug!(status, duration_ms, "request answered"),
    }
}

/// The level of the line of an answer: docs/journaux.md.
fn level(route: &str, status: u16) -> Level {
    match status {
        503 if route == READINESS => Level::DEBUG,
        // Put off, or the service behind is gone or late: the alarm is that one's.
        502..=504 => Level::WARN,
        500.. => Level::ERROR,
        400.. => Level::INFO,
        _ => Level::DEBUG,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_an_answer_says_whether_a_person_must_read_it() {
        for (route, status, expected) in [
            ("/v1/stations", 200, Level::DEBUG),
            ("/v1/stations", 404, Level::INFO),
            ("/v1/stations", 500, Level::ERROR),
            ("/v1/stations", 503, Level::WARN),
            (READINESS, 503, Level::DEBUG),
            ("/", 502, Level::WARN),
            ("/", 504, Level::WARN),
        ] {
            assert_eq!(level(route, status), expected, "{status} at {route}");
        }
    }
}
