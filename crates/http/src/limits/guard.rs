use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use tokio::sync::Semaphore;

use super::rate::observed;
use crate::problem::{self, Problem};

/// A client past its limit hears so this much later: one that asks again at once, on as many
/// connections as it may have, leaves the processors to the others.
const REFUSAL_PAUSE: Duration = Duration::from_millis(200);

/// Bytes of a body that cost as much as a request itself: reading them takes about as long.
const BYTES_PER_UNIT: usize = 16 << 10;

/// Units that the body of a request costs its client, beside the one of any request.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BodyUnits(pub(crate) u32);

/// The bounds of one service.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests answered at the same time; one more gets a 503 at once.
    pub concurrent_requests: usize,
    /// The longest time in which a body comes whole.
    pub time_to_read: Duration,
    /// The longest time from there to the first byte of the answer.
    pub time_to_answer: Duration,
    /// The largest body, bytes.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrent_requests: 256,
            time_to_read: Duration::from_secs(15),
            time_to_answer: Duration::from_secs(20),
            body_bytes: 1 << 20,
        }
    }
}

/// Lets a bounded number of requests in, each for a bounded time.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    permits: Arc<Semaphore>,
    limits: Limits,
}

impl Guard {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(limits.concurrent_requests)),
            limits,
        }
    }

    pub(crate) async fn admit(State(guard): State<Self>, request: Request, next: Next) -> Response {
        // Before a place is taken: a body that comes by drips keeps nobody out.
        let request = match guard.limits.read_body(request).await {
            Ok(request) => request,
            Err(refusal) => return refusal.into_response(),
        };

        // Refused at once: a queue would make every client wait longer.
        let Ok(permit) = guard.permits.try_acquire() else {
            return overloaded().into_response();
        };
        let answer = tokio::time::timeout(guard.limits.time_to_answer, next.run(request));
        let (answer, spent) = observed(answer).await;
        drop(permit);

        let mut response = answer.unwrap_or_else(|_| timed_out().into_response());
        response.headers_mut().extend(spent);
        // Without a place: those who wait for nothing keep nobody out.
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            tokio::time::sleep(REFUSAL_PAUSE).await;
        }
        response
    }
}

impl Limits {
    /// The request with its body, which is read whole.
    async fn read_body(&self, request: Request) -> Result<Request, Problem> {
        if request.body().is_end_stream() {
            return Ok(request);
        }
        // Judged before it is asked for: reading answers `Expect: 100-continue`.
        if request.body().size_hint().lower() > self.body_bytes as u64 {
            return Err(too_large());
        }

        let (mut parts, body) = request.into_parts();
        let read = tokio::time::timeout(self.time_to_read, to_bytes(body, self.body_bytes));
        match read.await {
            Ok(Ok(bytes)) => {
                let units = u32::try_from(bytes.len() / BYTES_PER_UNIT).unwrap_or(u32::MAX);
                parts.extensions.insert(BodyUnits(units));
                Ok(Request::from_parts(parts, Body::from(bytes)))
            }
            Ok(Err(error)) if is_too_long(&error) => Err(too_large()),
            Ok(Err(_)) => Err(cut()),
            Err(_) => Err(too_slow()),
        }
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    error
        .source()
        .is_some_and(<dyn Error>::is::<LengthLimitError>)
}

/// A body that is larger than the limit.
fn too_large() -> Problem {
    Problem::new(
        &problem::BODY_TOO_LARGE,
        "le corps dépasse la taille permise",
    )
}

fn cut() -> Problem {
    Problem::new(
        &problem::MALFORMED_BODY,
        "le corps de la requête s’est arrêté avant sa fin",
    )
}

fn too_slow() -> Problem {
    Problem::new(
        &problem::TOO_SLOW,
        "le corps de la requête n’est pas arrivé à temps",
    )
}

fn overloaded() -> Problem {
    Problem::new(
        &problem::OVERLOADED,
        "le service traite déjà autant de requêtes qu’il en accepte",
    )
    .with_retry_after(1)
}

fn timed_out() -> Problem {
    Problem::new(
        &problem::TIMED_OUT,
        "la réponse n’a pas pu être préparée à temps",
    )
    // An answer that was slow for that long will not be quick at once.
    .with_retry_after(5)
}
