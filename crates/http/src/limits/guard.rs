use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::problem::{self, Problem};

/// The bounds of one service.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests answered at the same time; one more gets a 503 at once.
    pub concurrent_requests: usize,
    /// The longest time to the first byte of an answer.
    pub time_to_answer: Duration,
    /// The largest body, bytes.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrent_requests: 256,
            time_to_answer: Duration::from_secs(20),
            body_bytes: 1 << 20,
        }
    }
}

/// Lets a bounded number of requests in, each for a bounded time.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    permits: Arc<Semaphore>,
    time_to_answer: Duration,
}

impl Guard {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(limits.concurrent_requests)),
            time_to_answer: limits.time_to_answer,
        }
    }

    pub(crate) async fn admit(State(guard): State<Self>, request: Request, next: Next) -> Response {
        // Refused at once: a queue would make every client wait longer.
        let Ok(_permit) = guard.permits.try_acquire() else {
            return overloaded().into_response();
        };
        match tokio::time::timeout(guard.time_to_answer, next.run(request)).await {
            Ok(response) => response,
            Err(_) => timed_out().into_response(),
        }
    }
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
